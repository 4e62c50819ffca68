/**
 * How long an automatic purchase goes on trying, worked out from what is stored of it and nothing else.
 * Networks punish whoever tries too often, so there are at most four tries, a day apart; a purchase
 * that is to keep credits from expiring is of no use after their date.
 */
import { after, type Instant, later } from "../units.ts";
import { isUnresolved, type PaymentAttempt } from "./attempt.ts";
import { declineVerdict } from "./decline-class.ts";
import { purchaseSettings } from "./settings.ts";
import type { TopUp } from "./top-up.ts";

export function isAutomatic({ trigger }: Pick<TopUp, "trigger">): boolean {
  return trigger !== "manual";
}

function confirmations(topUp: TopUp): readonly PaymentAttempt[] {
  return topUp.attempts.filter(({ action }) => action === "confirm");
}

/**
 * When the bank first wanted to ask the customer; null while it has not. From then on the purchase is
 * the customer's to finish, and no worker charges a card for it.
 */
export function askedCustomerAt(topUp: TopUp): Instant | null {
  if (!isAutomatic(topUp)) return null;
  const asked = confirmations(topUp).find(
    ({ state, failure }) =>
      state === "action_required" ||
      (failure !== null && failureClass(failure) === "needs_authentication"),
  );
  return asked?.resolvedAt ?? null;
}

function failureClass({ code, declineCode }: NonNullable<PaymentAttempt["failure"]>) {
  return declineVerdict({ code, declineCode, adviceCode: null }).class;
}

/**
 * When a declined automatic purchase is tried again: 24, 72 and 120 h after its first try, or, when it
 * is about an expiry, 48 and 24 h before that. Never sooner than a while after the last try, however
 * late that came. Null when it is not to be tried again.
 */
export function retryAt(topUp: TopUp): Instant | null {
  const tries = confirmations(topUp);
  const [first, last] = [tries[0], tries.at(-1)];
  if (first === undefined || last === undefined || isUnresolved(last)) return null;
  if (last.state === "rejected" || askedCustomerAt(topUp) !== null) return null;
  const verdict = declineVerdict(topUp.failure).class;
  if (verdict !== "retry_later" && verdict !== "wait_24h") return null;

  const planned = plannedRetry(topUp, first, last, tries.length);
  if (planned === null) return null;
  const restMs = verdict === "wait_24h" ? purchaseSettings.declineLimitRestMs : 0;
  const at = later(planned, after(last.resolvedAt ?? last.firstSentAt, restMs));
  return at < topUp.openUntil ? at : null;
}

function plannedRetry(
  { trigger, openUntil }: TopUp,
  first: PaymentAttempt,
  last: PaymentAttempt,
  tries: number,
): Instant | null {
  const { retryAfterMs, retryGapMs, retryBeforeExpiryMs, retryGapBeforeExpiryMs } =
    purchaseSettings;
  if (trigger === "before_expiry") {
    const next = retryBeforeExpiryMs
      .map((before) => after(openUntil, -before))
      .find((at) => at > last.firstSentAt);
    return next === undefined ? null : later(next, after(last.firstSentAt, retryGapBeforeExpiryMs));
  }
  const afterFirst = retryAfterMs[tries - 1];
  if (afterFirst === undefined) return null;
  return later(after(first.firstSentAt, afterFirst), after(last.firstSentAt, retryGapMs));
}

/**
 * From when on a purchase may not be paid any more. A customer who was asked has 72 h, whatever the
 * purchase was for, and a little longer if they began at the last moment.
 */
export function payableUntil(topUp: TopUp): Instant {
  const asked = askedCustomerAt(topUp);
  if (asked === null) return topUp.openUntil;
  const { authenticateWithinMs, openForMs } = purchaseSettings;
  const last = confirmations(topUp).at(-1);
  const begun = last === undefined ? asked : after(last.firstSentAt, openForMs);
  return later(after(asked, authenticateWithinMs), begun);
}
