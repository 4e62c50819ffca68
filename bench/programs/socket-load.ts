/**
 * Many sockets in a process of their own. They speak the little of the wire protocol that a feed
 * needs and read of a frame only its version, so that what they cost is small beside the server.
 */
import { WebSocket } from "ws";
import { answerTo, machineNow } from "../program.ts";

export interface SocketToOpen {
  /** What it watches: frames are told with this number. */
  readonly key: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Said once it is open. */
  readonly greeting: string | null;
}

/** One column for each fact, one row for each frame that arrived. */
export interface Frames {
  readonly sockets: Uint32Array;
  readonly versions: Uint32Array;
  readonly receivedAt: Float64Array;
}

interface Opened {
  readonly socket: WebSocket;
  readonly key: number;
  newest: number;
}

const OPENING_AT_ONCE = 50;
/** Where a frame says its version: in the message around it, before its own text. */
const VERSION = /"data","id":"(\d+)"/;
const HEAD_BYTES = 120;

let opened: Opened[] = [];
let sockets: number[] = [];
let versions: number[] = [];
let receivedAt: number[] = [];
/** A feed that told an older version after a newer one. */
let wentBack = 0;
let closed = 0;

function receive(one: Opened, at: number, data: Buffer): void {
  const now = machineNow();
  const version = VERSION.exec(data.toString("latin1", 0, HEAD_BYTES))?.[1];
  if (version === undefined) {
    if (data.toString() === "PING") one.socket.send("PONG");
    return;
  }
  sockets.push(at);
  versions.push(Number(version));
  receivedAt.push(now);
  if (Number(version) < one.newest) wentBack += 1;
  one.newest = Number(version);
}

function open(port: number, { key, path, headers, greeting }: SocketToOpen): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    headers,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const one: Opened = { socket, key, newest: -1 };
  const at = opened.push(one) - 1;
  return new Promise((resolve, reject) => {
    socket.on("open", () => (greeting === null ? resolve() : socket.send(greeting)));
    socket.on("message", (data: Buffer) => {
      receive(one, at, data);
      if (one.newest >= 0) resolve();
    });
    socket.on("unexpected-response", (_request, response) => {
      reject(new Error(`A socket was refused with ${response.statusCode}.`));
    });
    socket.on("error", reject);
    socket.on("close", (code) => {
      closed += 1;
      reject(new Error(`A socket was closed with ${code}.`));
    });
  });
}

const answers = {
  /** Answers once all are open and each has had its first frame, if it asks for any. */
  async open({ port, wanted }: { port: number; wanted: readonly SocketToOpen[] }) {
    let next = 0;
    const openSome = async () => {
      for (let one = wanted[next++]; one !== undefined; one = wanted[next++]) await open(port, one);
    };
    const startedAt = machineNow();
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, openSome));
    return { perSecond: wanted.length / ((machineNow() - startedAt) / 1_000) };
  },

  /** What arrived since this was last asked. */
  frames(): Frames {
    const taken = {
      sockets: Uint32Array.from(sockets),
      versions: Uint32Array.from(versions),
      receivedAt: Float64Array.from(receivedAt),
    };
    sockets = [];
    versions = [];
    receivedAt = [];
    return taken;
  },

  /** How the feeds stand: for each socket what it watches and the newest version it was told. */
  stand: () => ({
    sockets: opened.map(({ key, newest }) => ({ key, newest })),
    wentBack,
    closed,
  }),

  async close() {
    const leaving = opened;
    opened = [];
    await Promise.all(
      leaving.map(
        ({ socket }) =>
          new Promise((resolve) => {
            if (socket.readyState === WebSocket.CLOSED) return resolve(null);
            socket.once("close", resolve);
            socket.close();
          }),
      ),
    );
    closed = 0;
    wentBack = 0;
  },
};
export type SocketLoadAnswers = typeof answers;

answerTo(answers);
