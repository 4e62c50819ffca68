/** What automatic top-ups are set to do about the next date of paid credits, and whether they can. */
import { hindranceOf, type WaitReason } from "../auto-top-up/decide.ts";
import type { AutoTopUpFacts } from "../auto-top-up/facts.ts";
import { renewalDueAt } from "../auto-top-up/renewal.ts";
import type { Instant } from "../units.ts";
import type { PlannedRenewal } from "./notice.ts";

export interface RenewalOfDate {
  readonly expiresAt: Instant;
  readonly renewal: PlannedRenewal;
}

/** Null when it is not asked for, or nothing is left that could expire. */
export function plannedRenewal(facts: AutoTopUpFacts, now: Instant): RenewalOfDate | null {
  const { settings, renewal, timeZone } = facts;
  if (!settings.enabled || !settings.triggers.beforeExpiry || renewal === null) return null;
  const dueAt = renewalDueAt(renewal, timeZone);
  const hindrance = lastingHindrance(facts, dueAt, now);
  return { expiresAt: renewal.expiresAt, renewal: { dueAt, isLate: dueAt <= now, hindrance } };
}

const passing: readonly WaitReason[] = ["purchase_in_flight", "too_often"];

/** What is in the way and will not go by itself until the purchase is due. */
function lastingHindrance(facts: AutoTopUpFacts, dueAt: Instant, now: Instant): WaitReason | null {
  const hindrance = hindranceOf(facts, now);
  if (hindrance === null || passing.includes(hindrance.reason)) return null;
  const { reason, until } = hindrance;
  return reason === "limit_reached" && until !== null && until <= dueAt ? null : reason;
}
