/** What an account is told of what was booked: credits that are kept or gone, scans that had to wait. */
import type { Journal } from "../ledger/journal.ts";
import { forfeitAtOf } from "../ledger/kept-credits.ts";
import { keptReasons, type Posting } from "../ledger/posting.ts";
import { isWaitingForCredits, type Scan, waitingLimitAt } from "../metering/scan.ts";
import { type Credits, type Instant, total } from "../units.ts";
import type { Due, Notice, Told } from "./notice.ts";

/** The commit that stores what was booked stores these as well. */
export function noticesOfPostings(books: Journal): Notice[] {
  const { id: accountId } = books.account;
  return [...keptNotices(books), ...writtenOffNotices(books), ...scanNotices(books)].map(
    ([key, told]) => ({ key, accountId, at: books.now, ...told }),
  );
}

const amountOf = ({ entries }: Posting): Credits =>
  total(entries.filter(({ from }) => from === "customer").map(({ amount }) => amount));

function groupBy<Key>(postings: readonly Posting[], keyOf: (posting: Posting) => Key) {
  const groups = new Map<Key, Posting[]>();
  for (const posting of postings) {
    const key = keyOf(posting);
    groups.set(key, [...(groups.get(key) ?? []), posting]);
  }
  return groups;
}

/** One for each date. What was bought or given up in the same commit is kept no more. */
function keptNotices(books: Journal): Due[] {
  const frozen = books.postings.filter(({ reason }) => reason === keptReasons.frozen);
  const lotOf = ({ entries }: Posting) => {
    const lotId = entries[0]?.lotId;
    return lotId == null ? null : books.lot(lotId);
  };
  const still = frozen.filter((posting) => (lotOf(posting)?.kept ?? 0) > 0);
  const dates = groupBy(still, (posting) => lotOf(posting)?.expiresAt as Instant);
  return [...dates].map(([expiredAt, postings]) => {
    const until = forfeitAtOf({ expiresAt: expiredAt });
    const data = { credits: total(postings.map(amountOf)), expiredAt, until };
    return [`kept-${books.account.id}-${expiredAt}`, { kind: "kept", data }];
  });
}

function writtenOffNotices({ account, postings }: Journal): Due[] {
  const forfeited = postings.filter(({ reason }) => reason === keptReasons.forfeited);
  const dates = groupBy(forfeited, ({ bookedAt }) => bookedAt);
  return [...dates].map(([writtenOffAt, some]) => {
    const data = { credits: total(some.map(amountOf)), writtenOffAt };
    return [`written-off-${account.id}-${writtenOffAt}`, { kind: "written_off", data }];
  });
}

type ScanKind = "scan_paused" | "scan_resumed" | "scan_stopped";

/**
 * One for each time of running out, however many scans it stops: they share what they wait for. The
 * number of grants until then names it.
 */
function scanNotices(books: Journal): Due[] {
  const { account, postings } = books;
  const found = new Map<string, { readonly kind: ScanKind; readonly scans: Scan[] }>();
  let epoch = account.creditEpoch - postings.filter(({ kind }) => kind === "grant").length;
  for (const posting of postings) {
    epoch += Number(posting.kind === "grant");
    const scan = posting.scanId === null ? undefined : books.scan(posting.scanId);
    const kind = scan === undefined ? null : kindOf(posting, scan);
    if (scan === undefined || kind === null) continue;
    const key = `${kind}-${account.id}-${epoch}`;
    found.set(key, { kind, scans: [...(found.get(key)?.scans ?? []), scan] });
  }
  return [...found].map(([key, { kind, scans }]) => [key, toldOf(kind, scans)]);
}

function kindOf({ kind, reason }: Posting, scan: Scan): ScanKind | null {
  if (kind === "scan_ended" && reason === "waited_for_credits") return "scan_stopped";
  if (reason !== "credits") return null;
  if (kind === "scan_resumed") return "scan_resumed";
  // One that went on or ended in the same commit waits no more.
  return kind === "scan_paused" && isWaitingForCredits(scan) ? "scan_paused" : null;
}

function toldOf(kind: ScanKind, scans: readonly Scan[]): Told {
  const [first] = scans as [Scan];
  const { id: scanId, label } = first;
  const data = { scanId, label, count: new Set(scans.map(({ id }) => id)).size };
  if (kind !== "scan_paused") return { kind, data };
  return { kind, data: { ...data, until: waitingLimitAt(first) as Instant } };
}
