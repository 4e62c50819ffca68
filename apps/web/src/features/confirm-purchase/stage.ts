/** What a purchase's own page shows, by how the purchase stands. */
import type { TopUpView } from "@scanmeter/contracts/checkout";

export type Stage =
  /** The bank wants the customer to confirm it. */
  | "asking"
  /** It is being decided; nobody has anything to do. */
  | "confirming"
  /** It was declined and is tried again later. */
  | "waiting"
  | "done"
  /** It ended, and nothing was charged. */
  | "over"
  /** A person looks at it. */
  | "reviewed";

const stages: Record<string, Stage> = {
  action_required: "asking",
  retry_wait: "waiting",
  paid: "done",
  expired: "over",
  canceled: "over",
  failed: "over",
  needs_review: "reviewed",
};

/** What the server may add one day is nothing to act on here. */
export function stageOf({ state }: Pick<TopUpView, "state">): Stage {
  return stages[state] ?? "confirming";
}

export const stageTitles = {
  asking: "Confirm a purchase",
  confirming: "Confirming payment",
  waiting: "The payment is tried again",
  done: "The purchase is paid",
  over: "This purchase is over",
  reviewed: "This purchase is being looked at",
} as const satisfies Record<Stage, string>;
