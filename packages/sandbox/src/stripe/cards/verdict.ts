/** What the bank says to one attempt. Facts in, verdict out: the same card answers the same way each time. */
import { type Decline, declines } from "./declines.ts";
import type { TestCard } from "./test-cards.ts";

export type Verdict =
  | { readonly kind: "approved" }
  | { readonly kind: "needs_authentication" }
  | { readonly kind: "declined"; readonly decline: Decline };

export interface Situation {
  /** The customer is away: nobody can be asked to confirm. */
  readonly isOffSession: boolean;
  /** The card was confirmed when it was saved for use without the customer. */
  readonly isSetUp: boolean;
  /** The customer has just passed the bank's page. */
  readonly isAuthenticated: boolean;
}

/** A verdict decided by a test instead of the card, for "no money today, money tomorrow". */
export type ForcedVerdict = "approve" | Decline;

export function judgeCharge(card: TestCard, situation: Situation, forced?: ForcedVerdict): Verdict {
  if (forced === "approve") return { kind: "approved" };
  if (forced !== undefined) return { kind: "declined", decline: forced };
  if (isAuthenticationMissing(card, situation))
    return situation.isOffSession
      ? { kind: "declined", decline: declines.authentication_required }
      : { kind: "needs_authentication" };
  return card.decline === undefined
    ? { kind: "approved" }
    : { kind: "declined", decline: card.decline };
}

/** Saving a card asks the bank too: some cards say no already here, some want to see the customer. */
export function judgeSetup(card: TestCard, isAuthenticated: boolean): Verdict {
  if (!card.canBeSaved)
    return { kind: "declined", decline: card.decline ?? declines.generic_decline };
  const asks = card.authentication === "unless_set_up" || card.authentication === "always";
  return asks && !isAuthenticated ? { kind: "needs_authentication" } : { kind: "approved" };
}

function isAuthenticationMissing(card: TestCard, situation: Situation): boolean {
  if (card.authentication === undefined || situation.isAuthenticated) return false;
  switch (card.authentication) {
    case "always":
      return true;
    case "on_session_only":
      return !situation.isOffSession;
    case "unless_set_up":
      return !situation.isOffSession || !situation.isSetUp;
  }
}
