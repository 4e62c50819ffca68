/** The floor of any HTTP answer: Hono on Node returns the JSON it was sent. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { answerTo, cpuMicros } from "../program.ts";

const app = new Hono();
app.post("/echo", async (c) => c.json(await c.req.json()));

const server = createAdaptorServer({ fetch: app.fetch }) as Server;
const answers = {
  async open() {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port };
  },
  cpuMicros,
};
export type EchoAnswers = typeof answers;

answerTo(answers, () => void server.closeAllConnections());
