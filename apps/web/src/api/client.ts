/**
 * The one connection to the server. Questions and commands go over HTTP, where an answer is
 * certain or certainly missing; the WebSocket only carries what the server has to say by itself.
 */
import type { AppRouter } from "@scanmeter/edge/router";
import { createTRPCClient, createWSClient, httpBatchLink, splitLink, wsLink } from "@trpc/client";
import { retryDelayMs } from "../live/retry-delay.ts";

/** The account that is on the page; commands say that they are meant for it. */
let shownAccountId: string | null = null;

export function showAccount(id: string): void {
  shownAccountId = id;
}

/** Asked of the browser once, because it takes longer than the question it goes with. */
let timeZone: string | undefined;

function ownTimeZone(): string {
  timeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return timeZone;
}

const REQUEST_LIMIT_MS = 30_000;
const BATCH_MAX = 10;

const socket = createWSClient({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/trpc`,
  // Opened by the first subscription and closed after the last, so a sign-in page holds no socket.
  lazy: { enabled: true, closeMs: 0 },
  // A line that dies without a word, as on a laptop that slept, would otherwise look live for ever.
  keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 1_000 },
  retryDelayMs: (attempt) => retryDelayMs(attempt),
});

export const api = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === "subscription",
      true: wsLink({ client: socket }),
      false: httpBatchLink({
        url: "/trpc",
        maxItems: BATCH_MAX,
        headers: ({ opList }) => ({
          // Where a new customer's account lives; dates and expiry follow its wall clock.
          "x-time-zone": ownTimeZone(),
          ...(opList[0].type === "mutation" && shownAccountId && { "x-account": shownAccountId }),
        }),
        fetch: (url, options) =>
          fetch(url, {
            ...(options as RequestInit),
            signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
          }),
      }),
    }),
  ],
});

export type Me = Awaited<ReturnType<typeof api.me.query>>;
