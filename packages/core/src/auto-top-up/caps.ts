/**
 * How much is bought without the customer at most (rule 24): one purchase an hour, three in 24 hours,
 * and the customer's own limit of money in a calendar month. What is under way counts as if it were
 * paid, because it may be.
 */
import { type Minor, minor } from "../pricing/money.ts";
import { isAutomatic } from "../purchase/retries.ts";
import { after, type Instant, later } from "../units.ts";
import type { AutoTopUpFacts, SeenPurchase } from "./facts.ts";
import { autoTopUpPolicy } from "./policy.ts";
import { monthOf } from "./wall-clock.ts";

type CapFacts = Pick<AutoTopUpFacts, "purchases" | "timeZone" | "card">;

const isOver = ({ state }: SeenPurchase) =>
  state === "failed" || state === "canceled" || state === "expired";

/** What automatic purchases took, or may still take, in the calendar month of an instant. */
export function spentInMonth(
  { purchases, timeZone }: Pick<CapFacts, "purchases" | "timeZone">,
  now: Instant,
): Minor {
  const month = monthOf(now, timeZone);
  const counts = (one: SeenPurchase) =>
    isAutomatic(one) &&
    !isOver(one) &&
    (one.paidAt === null || (month.from <= one.paidAt && one.paidAt < month.until));
  return minor(purchases.filter(counts).reduce((sum, { quote }) => sum + quote.totalMinor, 0));
}

/** When the customer's limit lets one more purchase through; null when it does so now. */
export function monthlyLimitUntil(
  facts: CapFacts & Pick<AutoTopUpFacts, "settings" | "quote">,
  now: Instant,
): Instant | null {
  const { monthlyLimitMinor } = facts.settings;
  if (monthlyLimitMinor === null) return null;
  const isReached = spentInMonth(facts, now) + facts.quote.totalMinor > monthlyLimitMinor;
  return isReached ? monthOf(now, facts.timeZone).until : null;
}

/**
 * The instant a purchase counts at: when it was paid, or begun. One that failed counts as well, so
 * that what keeps failing is not tried all the time, unless another card was chosen since; one that
 * was called off does not.
 */
function countedAt(purchase: SeenPurchase, card: CapFacts["card"]): Instant | null {
  if (!isAutomatic(purchase)) return null;
  if (!isOver(purchase)) return purchase.paidAt ?? purchase.createdAt;
  if (purchase.state !== "failed") return null;
  const isOfThisCard = card !== null && purchase.createdAt >= card.since;
  return isOfThisCard ? purchase.createdAt : null;
}

/** When the caps on how often let one more purchase through; null when they do so now. */
export function tooOftenUntil({ purchases, card }: CapFacts, now: Instant): Instant | null {
  const newestFirst = purchases
    .flatMap((purchase) => countedAt(purchase, card) ?? [])
    .sort((a, b) => b - a);
  const { perHourMax, hourMs, perDayMax, dayMs } = autoTopUpPolicy;
  // The last one that still fits has to be as old as the window.
  const free = (max: number, windowMs: number) => {
    const oldest = newestFirst[max - 1];
    return oldest === undefined ? now : after(oldest, windowMs);
  };
  const until = later(free(perHourMax, hourMs), free(perDayMax, dayMs));
  return until > now ? until : null;
}
