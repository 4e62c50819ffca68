/**
 * The floor of a live feed: a socket server that knows by a key who wants what, hears of changes
 * through Redis like every edge does, and sends the same text to each. It reads no database, checks
 * nobody and speaks no protocol.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { type WebSocket, WebSocketServer } from "ws";
import { answerTo, machineNow, restingMemory } from "../program.ts";

const CHANNEL = "bare";
/** As long as the frame of an account with one running scan. */
const FILLING = "x".repeat(700);

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
const watching = new Map<number, Set<WebSocket>>();
sockets.on("connection", (socket, request) => {
  const key = Number(request.url?.slice(1));
  const others = watching.get(key) ?? new Set();
  watching.set(key, others.add(socket));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => others.delete(socket));
});

let versions: number[] = [];
let redis: { readonly publisher: Redis; readonly subscriber: Redis } | null = null;

function send(message: string): void {
  const [key = "", version = ""] = message.split(" ");
  const text = `{"id":1,"result":{"type":"data","id":"${version}","data":{"id":"${version}","data":"${FILLING}"}}}`;
  const bytes = Buffer.from(text);
  for (const socket of watching.get(Number(key)) ?? []) socket.send(bytes, { binary: false });
}

const answers = {
  async open({ redisUrl }: { redisUrl: string }) {
    redis = { publisher: new Redis(redisUrl), subscriber: new Redis(redisUrl) };
    redis.subscriber.on("message", (_channel, message: string) => send(message));
    await redis.subscriber.subscribe(CHANNEL);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { port: (server.address() as AddressInfo).port };
  },

  /** Tells of changes at a steady pace, of one key after the other and round again. */
  async change(options: { keys: readonly number[]; perSecond: number; changes: number }) {
    const { keys, perSecond, changes } = options;
    const told: { key: number; version: number; at: number }[] = [];
    const startedAt = machineNow();
    while (told.length < changes) {
      const dueAt = startedAt + (told.length * 1_000) / perSecond;
      if (machineNow() < dueAt) {
        await wait(1);
        continue;
      }
      const key = keys[told.length % keys.length] ?? 0;
      const version = (versions[key] ?? 0) + 1;
      versions[key] = version;
      told.push({ key, version, at: machineNow() });
      void redis?.publisher.publish(CHANNEL, `${key} ${version}`);
    }
    return told;
  },

  forget() {
    versions = [];
  },
  restingMemory,
};
export type BareSocketsAnswers = typeof answers;

answerTo(answers, () => {
  redis?.publisher.disconnect();
  redis?.subscriber.disconnect();
});
