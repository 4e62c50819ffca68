/**
 * The floor of a tRPC command: the product's adapter and server, an input with the fields of
 * `runner.startScan`, and nothing behind it.
 */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { initTRPC } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Hono } from "hono";
import { z } from "zod";
import { answerTo, cpuMicros } from "../program.ts";

const t = initTRPC.create();
const router = t.router({
  empty: t.procedure
    .input(
      z.strictObject({
        targetId: z.string().regex(/^tgt_[0-9A-Za-z_-]{1,64}$/),
        idempotencyKey: z.string().regex(/^[\x21-\x7e]{1,200}$/),
      }),
    )
    .mutation(() => ({ ok: true })),
});

const app = new Hono();
app.all("/trpc/*", (c) =>
  fetchRequestHandler({ endpoint: "/trpc", req: c.req.raw, router, createContext: () => ({}) }),
);

const server = createAdaptorServer({ fetch: app.fetch }) as Server;
const answers = {
  async open() {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port };
  },
  cpuMicros,
};
export type EmptyCallAnswers = typeof answers;

answerTo(answers, () => void server.closeAllConnections());
