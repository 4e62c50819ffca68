/** An answer as it is stored under an idempotency key and sent again. */
import { API_VERSION } from "../world.ts";

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function respond(
  { status, body, headers = {} }: Reply,
  { shouldRetry }: { shouldRetry: boolean | null } = { shouldRetry: null },
): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-cache, no-store",
      "stripe-version": API_VERSION,
      ...(shouldRetry !== null && { "stripe-should-retry": String(shouldRetry) }),
      ...headers,
    },
  });
}
