/** What was booked, as its customer reads it: a line each, and on request why and what it moved. */
import {
  type Entry,
  type Extension,
  faults,
  type Instant,
  instant,
  isoOf,
  keptReasons,
  type LedgerAccount,
  type LotKind,
  type PostingKind,
  settings,
} from "@scanmeter/core";
import type { TopUpTrigger } from "@scanmeter/core/purchase";
import type { LedgerCheckView, LotName, PostingView } from "./activity.ts";
import type { DocumentView } from "./checkout.ts";
import type { ActivityItem } from "./live.ts";
import { endReasons, pauseReasons, resumeReasons, told } from "./views.ts";

export interface PostingFacts {
  readonly accountId: string;
  readonly version: number;
  readonly kind: PostingKind;
  readonly bookedAt: number;
  readonly scanId: string | null;
  readonly hour: number | null;
  readonly topUpId: string | null;
  readonly reason: string | null;
  readonly balanceAfter: number;
  readonly credits: number;
  readonly lotId: string | null;
  readonly lotCount: number;
  readonly lotKind: LotKind | null;
  readonly lotSource: string | null;
  readonly scanLabel: string | null;
  readonly targetName: string | null;
  readonly askedBy: string | null;
  readonly runnerKeyName: string | null;
  readonly trigger: TopUpTrigger | null;
}

export function activityItemOf(
  posting: PostingFacts,
  invoice: Pick<DocumentView, "number" | "url"> | null = null,
): ActivityItem {
  const { lotId, lotKind, lotSource, lotCount, scanId, targetName, topUpId } = posting;
  const who = whoOf(posting);
  return {
    id: `${posting.accountId}-${posting.version}`,
    version: posting.version,
    kind: posting.kind,
    credits: posting.credits,
    balanceAfter: posting.balanceAfter,
    bookedAt: isoOf(instant(posting.bookedAt)),
    ...(lotId === null ? {} : { lotId }),
    ...(lotKind === null || lotSource === null
      ? {}
      : { lot: { kind: lotKind, source: lotSource, others: lotCount - 1 } }),
    ...(scanId === null ? {} : { scanId }),
    ...(targetName === null ? {} : { targetName }),
    ...(who === null ? {} : { who }),
    ...(topUpId === null ? {} : { topUpId }),
    ...(invoice === null ? {} : { invoice: { number: invoice.number, url: invoice.url } }),
    text: textOf(posting),
  };
}

/** What a runner reports; the rest of what happens to a scan is a person's doing or the clock's. */
const reported: Partial<Record<PostingKind, ReadonlySet<string | null>>> = {
  scan_started: new Set([null]),
  debit: new Set([null]),
  scan_paused: new Set(["runner"]),
  scan_resumed: new Set(["runner"]),
  scan_ended: new Set(["completed", "stopped", "failed", ...faults.map((one) => `failed_${one}`)]),
};

/** What a purchase does by itself; refunds and disputes of it are somebody else's doing. */
const isOfPurchase = ({ kind, reason }: Pick<PostingFacts, "kind" | "reason">) =>
  kind === "grant" || kind === "extension" || reason === keptReasons.revived;

function whoOf(posting: PostingFacts): string | null {
  const { kind, reason, askedBy, runnerKeyName, trigger } = posting;
  if (askedBy !== null) return askedBy;
  const isAutomatic = trigger !== null && trigger !== "manual";
  if (isAutomatic && isOfPurchase(posting)) return "Automatic top-up";
  return reported[kind]?.has(reason) ? runnerKeyName : null;
}

const keptForDays = settings.keptForMs / 86_400_000;

type Words = Record<PostingKind, (posting: PostingFacts) => string>;

const scanOf = ({ scanLabel, targetName }: PostingFacts) => scanLabel ?? targetName ?? "a scan";

const texts: Words = {
  grant: ({ reason }) => `Credits added: ${reason ?? "grant"}`,
  debit: (posting) => `Hour ${posting.hour} of ${scanOf(posting)}`,
  return: (posting) => `Hour ${posting.hour} of ${scanOf(posting)} returned`,
  breakage: ({ reason }) =>
    reason === keptReasons.forfeited
      ? "Expired credits were not renewed in time and are gone"
      : "Credits expired",
  extension: ({ reason }) =>
    reason === NOTHING_TO_RENEW
      ? "Nothing to renew: no paid credits were left, so nothing was bought"
      : "Expiry moved",
  reversal: ({ credits }) =>
    credits > 0
      ? "Credits given back after a refund or dispute"
      : "Credits taken back after a refund or dispute",
  freeze: ({ reason }) =>
    reason === keptReasons.frozen
      ? `Credits expired and are kept for up to ${keptForDays} days: the next purchase revives them`
      : "Credits frozen while a payment is disputed",
  release: ({ reason }) =>
    reason === keptReasons.revived
      ? "Expired credits revived by a purchase"
      : "Frozen credits released",
  adjustment: ({ reason }) => `Adjusted: ${reason ?? "by an operator"}`,
  scan_started: (posting) => `Scan of ${scanOf(posting)} started, covered by a subscription`,
  scan_paused: (posting) => `Scan of ${scanOf(posting)} ${told("paused", pauseReasons, posting)}`,
  scan_resumed: (posting) =>
    `Scan of ${scanOf(posting)} ${told("resumed", resumeReasons, posting)}`,
  scan_ended: (posting) => `Scan of ${scanOf(posting)} ${told("ended", endReasons, posting)}`,
};

const NOTHING_TO_RENEW = "nothing_to_renew";

function textOf(posting: PostingFacts): string {
  return texts[posting.kind](posting);
}

type KnownLot = {
  readonly lotKind: LotKind;
  readonly lotSource: string;
  readonly lotExpiresAt: number;
};

export interface PostingInFull extends PostingFacts {
  readonly debtAfter: number;
  readonly recordedAt: number;
  readonly hash: string;
  readonly endReason: string | null;
  readonly entries: readonly (Entry & (KnownLot | { readonly lotKind: null }))[];
  readonly extensions: readonly (Extension & KnownLot)[];
}

export function postingViewOf(
  posting: PostingInFull,
  documents: readonly DocumentView[],
): PostingView {
  const invoice = documents.find(({ kind }) => kind === "invoice");
  return {
    ...activityItemOf(posting, invoice),
    why: [whys[posting.kind](posting), ...asides(posting)],
    recordedAt: isoOf(instant(posting.recordedAt)),
    owedAfter: posting.debtAfter,
    moves: posting.entries.map((entry) => ({
      // Both sides are the customer's when credits repay what is owed: they leave their lot for it.
      credits: entry.to === "customer" && entry.from !== "customer" ? entry.amount : -entry.amount,
      text: placeOf(entry),
      lot: entry.lotKind === null ? null : lotNameOf(entry.lotId ?? "", entry),
    })),
    dates: posting.extensions.map((moved) => ({
      lot: lotNameOf(moved.lotId, moved),
      oldExpiresAt: isoOf(moved.oldExpiresAt),
      newExpiresAt: isoOf(moved.newExpiresAt),
    })),
    documents: [...documents],
    hash: posting.hash,
  };
}

function lotNameOf(id: string, { lotKind, lotSource, lotExpiresAt }: KnownLot): LotName {
  const expiresAt = isoOf(instant(lotExpiresAt));
  return { id, kind: lotKind, source: lotSource, expiresAt };
}

const going: Record<LedgerAccount, string> = {
  customer: "repaid what was owed",
  purchases: "back to the purchase",
  grants: "back to who granted them",
  usage: "spent on scanning",
  breakage: "expired",
  refunds: "taken back with the money",
  adjustments: "taken by a correction",
  holds: "set aside",
};

const coming: Record<LedgerAccount, string> = {
  customer: "repaid what was owed",
  purchases: "came in as paid credits",
  grants: "came in as free credits",
  usage: "returned from scanning",
  breakage: "back from expiry",
  refunds: "given back with the money",
  adjustments: "added by a correction",
  holds: "no longer set aside",
};

function placeOf({ from, to }: Pick<Entry, "from" | "to">): string {
  return from === "customer" ? going[to] : coming[from];
}

const dispute = "while the bank decides about a dispute of their payment";

const endings: Record<string, string> = {
  failed_platform:
    "The scan failed through our fault, so it costs nothing and this hour comes back.",
  lost: "The runner fell silent before this hour began, so the hour is not charged.",
};

const somebody = (posting: PostingFacts) => whoOf(posting) ?? "Somebody";

const whys: Record<PostingKind, (posting: PostingInFull) => string> = {
  grant({ topUpId, entries, lotKind }) {
    if (entries[0]?.from === "adjustments") {
      return "The operator corrected the balance. What a correction adds are free credits, which are spent before paid ones.";
    }
    if (topUpId !== null) return "A purchase was paid, and these are its credits.";
    return lotKind === "free"
      ? "The operator gave these credits away. Free credits are spent before paid ones."
      : "The operator added these credits. They count as paid ones, like those of a purchase.";
  },
  debit: ({ entries }) =>
    entries[0]?.lotId === null
      ? "This hour began when no credit was left. The account lets running scans finish, so the hour is owed, and the next purchase repays it first."
      : `This hour of scanning began. A started hour costs 1 credit, at most ${settings.scanCreditsMax} for a scan. Free credits pay first, then those that expire soonest.`,
  return: ({ endReason }) =>
    endings[endReason ?? ""] ??
    "The scan ended before this hour began, so the hour is not charged.",
  breakage: ({ reason }) =>
    reason === keptReasons.forfeited
      ? `They were to be renewed and were kept for ${keptForDays} days after their date, and no purchase came in that time.`
      : "They were not used before their date. The balance fell at that instant; this says where they went.",
  extension: ({ reason }) =>
    reason === NOTHING_TO_RENEW
      ? "Automatic top-up was to renew credits before they expire, but none were left by then."
      : `A successful purchase gives every paid credit that has not expired the date of the new ones, ${settings.creditMonths} months after the payment.`,
  reversal: ({ credits }) =>
    credits > 0
      ? "Money that had gone back for a purchase was paid after all, so its credits are here again."
      : "Money of a purchase went back, and as many credits with it: unspent ones of that purchase first, then other paid ones. What was spent already is owed.",
  freeze: ({ reason }) =>
    reason === keptReasons.frozen
      ? `Renewal was asked for and has not worked yet. For ${keptForDays} days they cannot be spent, and the next purchase brings them back.`
      : `As many credits as a payment brought are set aside ${dispute}. Nothing is lost yet.`,
  release: ({ reason }) =>
    reason === keptReasons.revived
      ? "A purchase was paid in time, so credits that had expired are back, with its date."
      : "What had set them aside is over, so they can be spent again.",
  adjustment: () =>
    "The operator corrected the balance. Whoever does not know why can ask about this posting by its number.",
  scan_started: () =>
    "Its target is covered by a subscription: scanning it costs nothing and is listed so that the history is complete.",
  scan_paused: (posting) =>
    posting.reason === "credits"
      ? "Its next hour began and no credit was there to pay it. It goes on by itself when credits arrive, and paused time costs nothing."
      : `${somebody(posting)} asked for it. Paused time costs nothing.`,
  scan_resumed: (posting) =>
    posting.reason === "credits"
      ? "Credits arrived, so the scan that had waited for them goes on."
      : `${somebody(posting)} asked for it. From here on time counts again.`,
  scan_ended: () =>
    "Nothing is charged from here on. A scan keeps the hours that had begun, unless it failed through our fault.",
};

/** Longer than any commit takes. */
const LATE_MS = 60_000;

function* asides({ entries, bookedAt, recordedAt }: PostingInFull): Generator<string> {
  const repaid = entries.some(({ from, to }) => from === "customer" && to === "customer");
  if (repaid) yield "Some of them repaid hours that were owed.";
  if (recordedAt - bookedAt > LATE_MS) {
    yield "It counts from the instant it was due, although it was written down later.";
  }
}

export interface LedgerCheckFacts {
  readonly begunAt: Instant;
  readonly checkedAt: Instant;
  readonly checked: number;
  readonly postings: number;
  readonly hash: string;
  readonly broken: string | null;
}

export function ledgerCheckViewOf({
  begunAt,
  checkedAt,
  ...rest
}: LedgerCheckFacts): LedgerCheckView {
  return { begunAt: isoOf(begunAt), checkedAt: isoOf(checkedAt), ...rest };
}
