/** That the card expires: once, when the last month it is good for begins. */
import { monthOf } from "../auto-top-up/wall-clock.ts";
import { type Instant, instant } from "../units.ts";
import type { CardDates, NoticeFacts } from "./facts.ts";
import type { Due } from "./notice.ts";

export function cardNotices({ card, timeZone, autoTopUp }: NoticeFacts, now: Instant): Due[] {
  if (card === null) return [];
  const { from, until } = lastMonthOf(card, timeZone);
  if (now < from || until <= now) return [];
  const { id, brand, last4 } = card;
  const isCharged = autoTopUp?.settings.enabled ?? false;
  const data = { brand, last4, validUntil: until, isCharged };
  return [[`card-expiring-${id}-${until}`, { kind: "card_expiring", data }]];
}

export function cardInstants({ card, timeZone }: NoticeFacts): Instant[] {
  return card === null ? [] : [lastMonthOf(card, timeZone).from];
}

const MID_MONTH = 15;

function lastMonthOf({ expMonth, expYear }: CardDates, timeZone: string) {
  return monthOf(instant(Date.UTC(expYear, expMonth - 1, MID_MONTH)), timeZone);
}
