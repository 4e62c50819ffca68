/** What is told of automatic top-ups by how they stand: what comes, what is in the way, what stopped. */
import { spentInMonth } from "../auto-top-up/caps.ts";
import { decideAutoTopUp } from "../auto-top-up/decide.ts";
import { beforeExpiryEpisode, outOfCreditsEpisode } from "../auto-top-up/episode.ts";
import type { AutoTopUpFacts } from "../auto-top-up/facts.ts";
import { monthOf } from "../auto-top-up/wall-clock.ts";
import type { Instant } from "../units.ts";
import type { Due, Limit, Price } from "./notice.ts";
import { plannedRenewal } from "./planned-renewal.ts";
import { type Countdown, daysLeft, nextStepAfter, stepAt } from "./steps.ts";

const countdown = (to: Instant, timeZone: string): Countdown => ({ to, steps: [1, 7], timeZone });

export function automaticNotices(facts: AutoTopUpFacts | null, now: Instant): Due[] {
  if (facts === null || !facts.settings.enabled) return [];
  return [
    ...announcement(facts, now),
    ...nearLimit(facts, now),
    ...notBought(facts, now),
    ...suspended(facts),
  ];
}

export function automaticInstants(facts: AutoTopUpFacts | null, now: Instant): (Instant | null)[] {
  if (facts === null) return [];
  const planned = plannedRenewal(facts, now);
  const decision = decideAutoTopUp(facts, now);
  const until = decision.do === "buy" ? null : decision.until;
  if (planned === null) return [until];
  const { dueAt } = planned.renewal;
  return [until, dueAt, nextStepAfter(countdown(dueAt, facts.timeZone), now)];
}

function priceIn({ quote, settings }: AutoTopUpFacts): Price {
  const { totalMinor, currency } = quote;
  return { quantity: settings.quantity, totalMinor, currency };
}

/** Before it is due, so that nobody finds a charge they did not expect. */
function announcement(facts: AutoTopUpFacts, now: Instant): Due[] {
  const { accountId, timeZone } = facts;
  const planned = plannedRenewal(facts, now);
  if (planned === null) return [];
  const { expiresAt, renewal } = planned;
  const { dueAt, hindrance } = renewal;
  const step = stepAt(countdown(dueAt, timeZone), now);
  if (step === null) return [];
  const days = daysLeft(dueAt, now, timeZone);
  const data = { ...priceIn(facts), dueAt, days, expiresAt, hindrance };
  return [[`upcoming-${accountId}-${expiresAt}-${step}`, { kind: "upcoming_top_up", data }]];
}

const NEAR_PERCENT = 80;

function limitIn(facts: AutoTopUpFacts, now: Instant): Limit | null {
  const { settings, quote, timeZone } = facts;
  const { monthlyLimitMinor: limitMinor } = settings;
  if (limitMinor === null) return null;
  const { until } = monthOf(now, timeZone);
  return { limitMinor, spentMinor: spentInMonth(facts, now), currency: quote.currency, until };
}

/** Another limit in the same month is another episode. */
const limitKey = (kind: string, { accountId }: AutoTopUpFacts, { until, limitMinor }: Limit) =>
  `${kind}-${accountId}-${until}-${limitMinor}`;

function nearLimit(facts: AutoTopUpFacts, now: Instant): Due[] {
  const data = limitIn(facts, now);
  if (data === null || data.spentMinor * 100 < data.limitMinor * NEAR_PERCENT) return [];
  return [[limitKey("limit-at-80", facts, data), { kind: "limit_at_80", data }]];
}

/** What keeps credits from being bought although it is time to, as far as the customer can change it. */
function notBought(facts: AutoTopUpFacts, now: Instant): Due[] {
  const { accountId, epoch, renewal } = facts;
  const decision = decideAutoTopUp(facts, now);
  if (decision.do !== "wait") return [];
  const { trigger, reason } = decision;
  // Who never had credits is at their first order, and sees there that a card is missing.
  if (trigger === "out_of_credits" && epoch === 0) return [];
  const episode =
    trigger === "before_expiry" && renewal !== null
      ? beforeExpiryEpisode(accountId, renewal)
      : outOfCreditsEpisode(accountId, epoch);
  switch (reason) {
    case "no_card":
      return [[`no-card-${episode}`, { kind: "waiting_for_card", data: { trigger } }]];
    case "consent_needed":
      return [[`not-agreed-${episode}`, { kind: "consent_needed", data: priceIn(facts) }]];
    case "limit_reached": {
      const data = limitIn(facts, now);
      if (data === null) return [];
      return [[limitKey("limit-reached", facts, data), { kind: "limit_reached", data }]];
    }
    default:
      return [];
  }
}

/**
 * That they stopped. A card that was refused is told of with the purchase that failed, so that one
 * event is one mail; everything else has no other notice.
 */
function suspended({ accountId, suspension }: AutoTopUpFacts): Due[] {
  if (suspension === null) return [];
  const { reason, since } = suspension;
  switch (reason) {
    case "card_refused":
    case "card_details":
    case "retries_exhausted":
      return [];
    default:
      return [
        [`suspended-${accountId}-${since}`, { kind: "auto_top_up_suspended", data: { reason } }],
      ];
  }
}
