import type { Instant } from "../units.ts";

export const attemptActions = ["create", "confirm", "cancel"] as const;
export type AttemptAction = (typeof attemptActions)[number];

/**
 * `sending` from the moment it is stored, because nobody who finds the row after a crash can tell
 * whether the call went out. `sending` and `unknown` are unresolved; the others are known.
 */
export type AttemptState =
  | "sending"
  | "unknown"
  | "ok"
  | "declined"
  | "action_required"
  | "rejected"
  /** A cancellation nobody answered. It moves no money, so the next one is a new call. */
  | "unanswered"
  /** The payment was cancelled or read as decided, so the missing answer no longer matters. */
  | "superseded";

/**
 * One call to the payment gateway that may move money or stop it. Its key and its exact parameters
 * are stored before it is first sent and never worked out again: sent twice, it is the same call.
 */
export interface PaymentAttempt {
  readonly number: number;
  readonly action: AttemptAction;
  readonly key: string;
  /** As they are sent, in JSON. */
  readonly params: string;
  readonly state: AttemptState;
  readonly sends: number;
  readonly firstSentAt: Instant;
  readonly lastSentAt: Instant;
  readonly resolvedAt: Instant | null;
  readonly failure: { readonly code: string; readonly declineCode: string | null } | null;
}

export function isUnresolved(attempt: PaymentAttempt): boolean {
  return attempt.state === "sending" || attempt.state === "unknown";
}

const prefixOf = { create: "pi", confirm: "cf", cancel: "cx" } as const;

/** The idempotency key of the n-th call for a top-up. From what is stored, never from a clock. */
export function attemptKey(topUpId: string, action: AttemptAction, number: number): string {
  return `${prefixOf[action]}-${topUpId}-${number}`;
}
