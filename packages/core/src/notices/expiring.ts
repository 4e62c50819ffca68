/** That credits are about to expire: once 30, 7 and 1 days before each date. */
import type { Lot } from "../ledger/lot.ts";
import { type Instant, total } from "../units.ts";
import type { NoticeFacts } from "./facts.ts";
import type { Due } from "./notice.ts";
import { plannedRenewal } from "./planned-renewal.ts";
import { type Countdown, daysLeft, nextStepAfter, stepAt } from "./steps.ts";

const countdown = (to: Instant, timeZone: string): Countdown => ({
  to,
  steps: [1, 7, 30],
  timeZone,
});

/** Paid and free credits apart, because a purchase extends the paid ones only. */
export function expiryNotices(facts: NoticeFacts, now: Instant): Due[] {
  const { account, timeZone, autoTopUp } = facts;
  const planned = autoTopUp === null ? null : plannedRenewal(autoTopUp, now);
  return [...byDate(facts, now)].flatMap(([date, lots]): Due[] => {
    const [{ kind, expiresAt }] = lots as [Lot];
    const step = stepAt(countdown(expiresAt, timeZone), now);
    if (step === null) return [];
    const isPlanned = kind === "paid" && planned?.expiresAt === expiresAt;
    const data = {
      kind,
      credits: total(lots.map(({ remaining }) => remaining)),
      expiresAt,
      days: daysLeft(expiresAt, now, timeZone),
      renewal: isPlanned ? planned.renewal : null,
    };
    return [[`expiring-${account.id}-${date}-${step}`, { kind: "expiring", data }]];
  });
}

function byDate({ lots }: NoticeFacts, now: Instant): Map<string, Lot[]> {
  const dates = new Map<string, Lot[]>();
  for (const lot of lots) {
    if (lot.remaining === 0 || lot.expiresAt <= now) continue;
    const date = `${lot.kind}-${lot.expiresAt}`;
    dates.set(date, [...(dates.get(date) ?? []), lot]);
  }
  return dates;
}

/** The dates themselves are among them: the balance falls then. */
export function expiryInstants({ lots, timeZone }: NoticeFacts, now: Instant): (Instant | null)[] {
  return [...lots]
    .filter(({ remaining }) => remaining > 0)
    .flatMap(({ effectiveAt, expiresAt }) => [
      effectiveAt,
      nextStepAfter(countdown(expiresAt, timeZone), now),
      expiresAt,
    ]);
}
