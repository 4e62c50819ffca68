/** The demo customer's line to a sandbox: signed in as anybody would be, then everything over one socket. */
import type { AppRouter } from "@scanmeter/edge/router";
import { demoSignIn } from "@scanmeter/sandbox/seed";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import { TourStop } from "./tour-stop.ts";

export type Calls = ReturnType<typeof createTRPCClient<AppRouter>>;

export interface Client {
  readonly calls: Calls;
  close(): Promise<void>;
}

export async function openClient(url: string): Promise<Client> {
  const { origin } = new URL(url);
  const headers = { cookie: await signIn(origin), origin };
  const socket = createWSClient({
    url: `${origin.replace(/^http/, "ws")}/trpc`,
    WebSocket: class extends WebSocket {
      constructor(address: string | URL) {
        super(address, { headers });
      }
    } as unknown as typeof globalThis.WebSocket,
  });
  const calls = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });
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
