/**
 * The demo customer at a sandbox: signed in as anybody would be. As on the pages, questions and commands
 * go over HTTP, and the socket only carries what the server has to say by itself.
 */
import type { AppRouter } from "@scanmeter/edge/router";
import { demoSignIn } from "@scanmeter/sandbox/seed";
import { createTRPCClient, createWSClient, httpLink, splitLink, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import { TourStop } from "./tour-stop.ts";

const RETRY_MS = 500;

export type Calls = ReturnType<typeof createTRPCClient<AppRouter>>;

export interface Client {
  readonly calls: Calls;
  close(): Promise<void>;
}

export async function openClient(sandboxUrl: string): Promise<Client> {
  const { origin } = new URL(sandboxUrl);
  const headers = { cookie: await signIn(origin), origin };
  const url = `${origin}/trpc`;
  const socket = createWSClient({
    url: url.replace(/^http/, "ws"),
    retryDelayMs: () => RETRY_MS,
    WebSocket: class extends WebSocket {
      constructor(address: string | URL) {
        super(address, { headers });
      }
    } as unknown as typeof globalThis.WebSocket,
  });
  const calls = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === "subscription",
        true: wsLink({ client: socket }),
        false: httpLink({ url, headers }),
      }),
    ],
  });
  return { calls, close: () => socket.close() };
}

async function signIn(origin: string): Promise<string> {
  const { email, password } = demoSignIn;
  const response = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) {
    throw new TourStop(
      `Nobody can sign in to ${origin} as ${email} (status ${response.status}); the tour needs the demo customer.`,
    );
  }
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}
