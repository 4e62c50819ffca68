/** Facts about what to tell, and one notice of each kind, for tests. */
import type { ScanId, TopUpId } from "../ids.ts";
import type { NoticeFacts } from "../notices/facts.ts";
import type { NoticeData, NoticeKind, Told } from "../notices/notice.ts";
import { minor } from "../pricing/money.ts";
import { type Credits, credits } from "../units.ts";
import { accountId, at, noon } from "./builders.ts";

const DAY = 24 * 60;

/** An account that has bought before, with nothing left that could be told of. */
export function someNoticeFacts(
  change: Partial<Omit<NoticeFacts, "account">> & { readonly lowBalance?: number } = {},
): NoticeFacts {
  const { lowBalance = 5, ...rest } = change;
  return {
    account: { id: accountId, creditEpoch: 1, lowBalance: credits(lowBalance) },
    timeZone: "Europe/Lisbon",
    lots: [],
    told: { level: "depleted", number: 1 },
    card: null,
    autoTopUp: null,
    ...rest,
  };
}

const price = { quantity: credits(10), totalMinor: minor(95_00), currency: "EUR" } as const;
const purchase = { ...price, topUpId: "top_1" as TopUpId, trigger: "out_of_credits" } as const;
const scans = { scanId: "scan_1" as ScanId, label: "nightly", count: 1 };
const limit = {
  limitMinor: minor(100_00),
  spentMinor: minor(95_00),
  currency: "EUR",
  until: at(21 * DAY),
} as const;
const some = (count: number): Credits => credits(count);

export const aNoticeOf: { readonly [Kind in NoticeKind]: NoticeData[Kind] } = {
  low_balance: { available: some(3), isBuying: false },
  depleted: { isBuying: false },
  recovered: { available: some(10) },
  expiring: { kind: "paid", credits: some(4), expiresAt: at(7 * DAY), days: 7, renewal: null },
  kept: { credits: some(4), expiredAt: noon, until: at(14 * DAY) },
  written_off: { credits: some(4), writtenOffAt: noon },
  upcoming_top_up: {
    ...price,
    dueAt: at(7 * DAY),
    days: 7,
    expiresAt: at(10 * DAY),
    hindrance: null,
  },
  top_up_done: {
    ...purchase,
    trigger: "before_expiry",
    paidAt: noon,
    newExpiresAt: at(365 * DAY),
    debtRepaid: some(0),
    lots: [
      { credits: some(10), oldExpiresAt: null, newExpiresAt: at(365 * DAY) },
      { credits: some(4), oldExpiresAt: at(3 * DAY), newExpiresAt: at(365 * DAY) },
    ],
  },
  top_up_declined: {
    ...purchase,
    failure: { code: "card_declined", declineCode: "insufficient_funds" },
    nextTryAt: at(DAY),
  },
  top_up_failed: {
    ...purchase,
    failure: { code: "card_declined", declineCode: "stolen_card" },
    expiresAt: null,
    suspended: "card_refused",
  },
  top_up_needs_authentication: { ...purchase, until: at(3 * DAY) },
  auto_top_up_suspended: { reason: "fraud_warning" },
  limit_reached: limit,
  limit_at_80: limit,
  waiting_for_card: { trigger: "out_of_credits" },
  consent_needed: price,
  settings_changed: { by: "Ada", enabled: true, sentence: "I allow it." },
  card_expiring: { brand: "visa", last4: "4242", validUntil: at(21 * DAY), isCharged: true },
  scan_paused: { ...scans, until: at(DAY) },
  scan_resumed: scans,
  scan_stopped: scans,
};

export const oneOfEach: readonly Told[] = Object.entries(aNoticeOf).map(
  ([kind, data]) => ({ kind, data }) as Told,
);
