/**
 * Idempotency as Stripe keeps it: the first answer under a key is the answer, a decline and a 500
 * included, for a day of our own clock. What never began to execute is not kept.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Store } from "../store.ts";
import { ApiError } from "./errors.ts";
import type { Reply } from "./reply.ts";

const KEPT_MS = 24 * 3_600_000;

export interface Keyed {
  readonly key: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

export function fingerprintOf(method: string, path: string, body: string): string {
  const entries = [...new URLSearchParams(body)].map(([name, value]) => `${name}=${value}`).sort();
  return createHash("sha256")
    .update(`${method} ${path}\n${entries.join("\n")}`)
    .digest("hex");
}

/** The stored answer of the key, marked as a replay; null if the key is new or forgotten. */
export function findReply(store: Store, clock: Clock, { key, fingerprint }: Keyed): Reply | null {
  store.run("delete from replies where stored_at <= ?", clock.now() - KEPT_MS);
  const found = store.row<{
    fingerprint: string;
    request_id: string;
    status: number;
    body: string;
  }>("select fingerprint, request_id, status, body from replies where key = ?", key);
  if (found === undefined) return null;
  if (found.fingerprint !== fingerprint)
    throw new ApiError(400, {
      type: "idempotency_error",
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  const headers = { "idempotent-replayed": "true", "original-request": found.request_id };
  return { status: found.status, body: found.body, headers };
}

export function keepReply(store: Store, clock: Clock, keyed: Keyed, { status, body }: Reply): void {
  store.run(
    "insert or replace into replies (key, fingerprint, request_id, status, body, stored_at) values (?, ?, ?, ?, ?, ?)",
    ...[keyed.key, keyed.fingerprint, keyed.requestId, status, body, clock.now()],
  );
}
