/** Sorts what a call to the server may throw into the few cases a page acts on differently. */
import type { Refusal } from "@scanmeter/core";

export type CallFailure =
  | { is: "refused"; refusal: Refusal }
  | { is: "signed-out" }
  /** The procedure does not exist here, such as the sandbox's on a real server. */
  | { is: "absent" }
  /** The server did not take what was entered, and changed nothing. */
  | { is: "invalid" }
  /** No answer: no network, no server, or none in time. Whether a command took effect is unknown. */
  | { is: "unreachable" }
  /** An answer that should not be: the server's fault or this page's. */
  | { is: "broken" };

/** The part of an error of the tRPC client that is read here. */
interface ErrorData {
  code?: unknown;
  refusal?: Refusal | null;
}

export function callFailureOf(error: unknown): CallFailure {
  const data = (error as { data?: ErrorData | null } | null)?.data;
  if (!data) return { is: "unreachable" };
  if (data.refusal) return { is: "refused", refusal: data.refusal };
  if (data.code === "UNAUTHORIZED") return { is: "signed-out" };
  if (data.code === "NOT_FOUND") return { is: "absent" };
  if (data.code === "BAD_REQUEST") return { is: "invalid" };
  return { is: "broken" };
}
