/** The product's own clients, as web and runner use them, and a bare one for what they never do. */
import { createTRPCClient, createWSClient, httpLink, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import type { AppRouter } from "../trpc/router.ts";

export type HttpClient = ReturnType<typeof httpClient>;

export function httpClient(url: string, headers: Record<string, string>) {
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc`, headers })] });
}

export interface SocketCredentials {
  readonly cookie?: string;
  readonly origin?: string;
  readonly runnerKey?: string;
}

export function socketClient(url: string, credentials: SocketCredentials) {
  const { cookie, origin, runnerKey } = credentials;
  class SocketWithHeaders extends WebSocket {
    constructor(address: string | URL) {
      super(address, { headers: { ...(cookie && { cookie }), ...(origin && { origin }) } });
    }
  }
  const closes: number[] = [];
  const socket = createWSClient({
    url: `${url.replace("http", "ws")}/trpc`,
    WebSocket: SocketWithHeaders as unknown as typeof globalThis.WebSocket,
    ...(runnerKey && { connectionParams: { authorization: `Bearer ${runnerKey}` } }),
    retryDelayMs: () => 50,
    onClose: (cause) => {
      if (cause?.code !== undefined) closes.push(cause.code);
    },
  });
  const api = createTRPCClient<AppRouter>({ links: [wsLink<AppRouter>({ client: socket })] });
  return { api, closes, close: () => socket.close() };
}

/** A socket that says exactly what it is told to. */
export interface BareSocket {
  readonly socket: WebSocket;
  readonly messages: unknown[];
  /** The HTTP status of a refused upgrade, or null when it was opened. */
  readonly refused: number | null;
  readonly closed: Promise<number>;
  send(message: unknown): void;
  /** Settles with the first message, old or new, that the test is looking for. */
  until<Message = unknown>(isIt: (message: Message) => boolean): Promise<Message>;
}

export async function openBareSocket(
  url: string,
  options: { readonly path?: string; readonly headers?: Record<string, string> } = {},
): Promise<BareSocket> {
  const { path = "/trpc", headers = {} } = options;
  const socket = new WebSocket(`${url.replace("http", "ws")}${path}`, { headers });
  const messages: unknown[] = [];
  let looking: (() => void)[] = [];
  socket.on("message", (data) => {
    const text = String(data);
    messages.push(text === "PING" || text === "PONG" ? text : JSON.parse(text));
    for (const look of looking.splice(0)) look();
  });
  socket.on("error", () => {});
  const closed = new Promise<number>((resolve) => {
    socket.once("close", (code) => {
      resolve(code);
      looking = [];
    });
  });
  const refused = await new Promise<number | null>((resolve) => {
    socket.once("open", () => resolve(null));
    socket.once("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
  return {
    socket,
    messages,
    refused,
    closed,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    async until<Message>(isIt: (message: Message) => boolean) {
      for (;;) {
        const found = (messages as Message[]).find(isIt);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          looking.push(resolve);
        });
      }
    },
  };
}
