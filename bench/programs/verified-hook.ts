/** The floor of any webhook: Hono on Node checks who signed the body and how long ago, and answers. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { answerTo, cpuMicros } from "../program.ts";

const OLDEST_S = 300;

let secret = "";
const app = new Hono();
app.post("/webhooks/stripe", async (c) => {
  const isGenuine = isSigned(await c.req.text(), c.req.header("stripe-signature") ?? "");
  return c.json({}, isGenuine ? 200 : 400);
});

function isSigned(body: string, header: string): boolean {
  const [, seconds = "", given = ""] = /^t=(\d+),v1=(\w+)$/.exec(header) ?? [];
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  const isOurs =
    given.length === mac.length && timingSafeEqual(Buffer.from(given), Buffer.from(mac));
  return isOurs && Date.now() / 1_000 - Number(seconds) <= OLDEST_S;
}

const server = createAdaptorServer({ fetch: app.fetch }) as Server;
const answers = {
  async open(options: { readonly webhookSecret: string }) {
    secret = options.webhookSecret;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port };
  },
  cpuMicros,
};
export type VerifiedHookAnswers = typeof answers;

answerTo(answers, () => void server.closeAllConnections());
