import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { GuardedSocket } from "./guarded-socket.ts";

let server: Server;
let reader: Socket;
let socket: GuardedSocket;
let cutOffs = 0;

/** A real connection to a reader that reads only when it is told to. */
beforeEach(async () => {
  cutOffs = 0;
  const wss = new WebSocketServer({ noServer: true, WebSocket: GuardedSocket });
  server = createServer();
  server.on("upgrade", (request, raw, head) => {
    wss.handleUpgrade(request, raw, head, (client) => wss.emit("connection", client));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const opened = new Promise<GuardedSocket>((resolve) => {
    wss.once("connection", resolve);
  });
  reader = connect((server.address() as AddressInfo).port, "127.0.0.1");
  reader.on("error", () => {});
  reader.pause();
  reader.write(
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  socket = await opened;
  socket.guard({
    bufferedBytesMax: 1_024 * 1_024,
    congestedBytes: 64 * 1_024,
    onCutOff: () => {
      cutOffs += 1;
    },
  });
});
afterEach(() => {
  reader.destroy();
  socket.terminate();
  server.close();
});

const piece = "x".repeat(64 * 1_024);

test("a reader who never reads is cut off at a megabyte, however much is sent", async () => {
  let most = 0;
  for (let i = 0; i < 4_000; i++) {
    socket.send(piece);
    most = Math.max(most, socket.bufferedAmount);
    if (i % 50 === 0) await new Promise(setImmediate);
  }
  expect(socket.readyState).not.toBe(socket.OPEN);
  expect(cutOffs).toBe(1);
  expect(most).toBeLessThan(1_200 * 1_024);
});

test("whoever waits for a reader goes on when it has caught up", async () => {
  while (socket.bufferedAmount < 256 * 1_024) {
    socket.send(piece);
    await new Promise(setImmediate);
  }
  let hasCaughtUp = false;
  const waiting = socket.caughtUp().then(() => {
    hasCaughtUp = true;
  });
  await new Promise(setImmediate);
  expect(hasCaughtUp).toBe(false);
  reader.resume();
  await waiting;
  expect(socket.bufferedAmount).toBeLessThanOrEqual(64 * 1_024);
});

test("whoever waits for a reader goes on when it has gone", async () => {
  while (socket.bufferedAmount < 256 * 1_024) {
    socket.send(piece);
    await new Promise(setImmediate);
  }
  const waiting = socket.caughtUp();
  reader.destroy();
  await waiting;
});
