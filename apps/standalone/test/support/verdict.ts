/**
 * Holds what clients were told against what the database says after everything. It reads rows and
 * shares no code with what wrote them; it judges hours by the postings alone.
 */
import type { ScanView } from "@scanmeter/contracts/scans";
import type { Database } from "@scanmeter/db";
import type { Acknowledged } from "./ack-log.ts";

interface ScanRow {
  readonly id: string;
  readonly account_id: string;
  readonly start_key: string;
  readonly state: string;
  readonly paused_for: string | null;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly end_reason: string | null;
  readonly active_ms: number;
}

interface PostingRow {
  readonly account_id: string;
  readonly version: number;
  readonly kind: string;
  readonly key: string;
  readonly scan_id: string | null;
  readonly hour: number | null;
  readonly booked_at: number;
  readonly credits: number;
}

export interface Books {
  readonly scans: ReadonlyMap<string, ScanRow>;
  readonly postings: readonly PostingRow[];
  readonly postingsOf: ReadonlyMap<string, readonly PostingRow[]>;
}

const HOUR_MS = 3_600_000;
const SCAN_HOURS_MAX = 5;

export async function readBooks(database: Database): Promise<Books> {
  const scans = (await database.read("SELECT * FROM scans")).rows as unknown as ScanRow[];
  const postings = (
    await database.read(`SELECT p.*, coalesce(sum(iif(e.to_account = 'customer', e.amount, 0)
        - iif(e.from_account = 'customer', e.amount, 0)), 0) AS credits
      FROM postings p LEFT JOIN entries e ON e.posting_id = p.id
      GROUP BY p.id ORDER BY p.account_id, p.version`)
  ).rows as unknown as PostingRow[];
  const postingsOf = new Map<string, PostingRow[]>();
  for (const posting of postings) {
    if (posting.scan_id === null) continue;
    const list = postingsOf.get(posting.scan_id) ?? [];
    postingsOf.set(posting.scan_id, [...list, posting]);
  }
  return { scans: new Map(scans.map((scan) => [scan.id, scan])), postings, postingsOf };
}

/** Every promise that was broken, in words; none is what a test wants. */
export function brokenPromises(books: Books, acks: readonly Acknowledged[]): string[] {
  return [
    ...brokenHours(books),
    ...lostScans(books, acks),
    ...lostGrants(books, acks),
    ...startedTwice(books),
  ];
}

/** Each hour once, in order, at its instant, and as many as the metered time says. */
function brokenHours({ scans, postingsOf }: Books): string[] {
  return [...scans.values()].flatMap((scan) => {
    const postings = postingsOf.get(scan.id) ?? [];
    const { activeMs, hoursAt } = meterOf(postings);
    const wrong = hoursAt.findIndex(
      ({ hour, activeMs }, index) => hour !== index + 1 || activeMs !== index * HOUR_MS,
    );
    if (hoursAt.length === 0 || hoursAt.length > SCAN_HOURS_MAX || wrong >= 0)
      return [`scan ${scan.id} was debited wrongly: ${JSON.stringify(hoursAt)}`];
    if (scan.ended_at === null || scan.state === "lost") return [];
    if (activeMs !== scan.active_ms)
      return [`scan ${scan.id} was active for ${activeMs} ms and says ${scan.active_ms}`];
    const owed = scan.end_reason === "failed_platform" ? 0 : startedHours(activeMs);
    const kept = hoursAt.length - postings.filter(({ kind }) => kind === "return").length;
    return kept === owed
      ? []
      : [`scan ${scan.id} was active for ${activeMs} ms, owes ${owed} hours and paid ${kept}`];
  });
}

function startedHours(activeMs: number): number {
  return Math.max(1, Math.min(SCAN_HOURS_MAX, Math.ceil(activeMs / HOUR_MS)));
}

/** From what was booked: the first hour starts the meter, pauses stop it, the end ends it. */
function meterOf(postings: readonly PostingRow[]) {
  let activeMs = 0;
  let since: number | null = null;
  const hoursAt: { readonly hour: number | null; readonly activeMs: number }[] = [];
  for (const { kind, hour, booked_at: at } of postings) {
    if (kind === "debit" && hour === 1) since = at;
    if (kind === "debit")
      hoursAt.push({ hour, activeMs: activeMs + (since === null ? 0 : at - since) });
    if (kind === "scan_resumed") since ??= at;
    if (kind !== "scan_paused" && kind !== "scan_ended") continue;
    if (since !== null) activeMs += at - since;
    since = null;
  }
  return { activeMs, hoursAt };
}

function lostScans(books: Books, acks: readonly Acknowledged[]): string[] {
  const newest = new Map<string, ScanView>();
  const problems: string[] = [];
  for (const ack of acks) {
    if (ack.what === "started") {
      const scan = books.scans.get(ack.scan.scanId);
      if (scan?.start_key !== ack.key || scan.account_id !== ack.accountId)
        problems.push(`scan ${ack.scan.scanId} was started with ${ack.key} and is not there`);
    }
    if (
      ack.what === "not started" &&
      [...books.scans.values()].some((s) => s.start_key === ack.key)
    )
      problems.push(`a scan that was refused is there, started with ${ack.key}`);
    if (ack.what === "started" || ack.what === "heard") newest.set(ack.scan.scanId, ack.scan);
  }
  for (const told of newest.values()) {
    const scan = books.scans.get(told.scanId);
    const problem = scan === undefined ? "is not there" : problemOf(told, scan, books);
    if (problem !== null) problems.push(`scan ${told.scanId} ${problem}: ${JSON.stringify(told)}`);
  }
  return problems;
}

/** How a scan may stand after its runner heard this last. */
function problemOf(told: ScanView, scan: ScanRow, { postingsOf }: Books): string | null {
  const debits = (postingsOf.get(scan.id) ?? []).filter(({ kind }) => kind === "debit").length;
  if (debits < told.creditsDebited) return `was debited ${debits} hours`;
  if (scan.started_at !== Date.parse(told.startedAt)) return `started at ${scan.started_at}`;
  if (told.endedAt !== null) {
    const isSame = scan.state === told.state && scan.ended_at === Date.parse(told.endedAt);
    return isSame ? null : `is ${scan.state} since ${scan.ended_at}`;
  }
  // Nobody but its runner pauses, resumes or ends it, and that one is done.
  const mayBe =
    told.pausedFor === "runner"
      ? ["paused runner", "lost", "stopped"]
      : ["running", "paused credits", "lost", "stopped"];
  const is = scan.state === "paused" ? `paused ${scan.paused_for}` : scan.state;
  return mayBe.includes(is) ? null : `is ${is}`;
}

function lostGrants({ postings }: Books, acks: readonly Acknowledged[]): string[] {
  const grants = new Map(
    postings.filter(({ kind }) => kind === "grant").map((posting) => [posting.key, posting]),
  );
  const problems: string[] = [];
  for (const ack of acks) {
    if (ack.what !== "granted" && ack.what !== "not granted") continue;
    const key = `grant-${ack.accountId}-ops-${ack.key}`;
    const posting = grants.get(key);
    grants.delete(key);
    const isThere =
      posting !== undefined &&
      ack.what === "granted" &&
      posting.credits === ack.credits &&
      posting.version === ack.version;
    const isRightlyAbsent = posting === undefined && ack.what === "not granted";
    if (!isThere && !isRightlyAbsent)
      problems.push(`${JSON.stringify(ack)} but the books say ${JSON.stringify(posting)}`);
  }
  for (const key of grants.keys()) problems.push(`${key} was granted and nobody was told`);
  return problems;
}

function startedTwice({ scans }: Books): string[] {
  const keys = [...scans.values()].map((scan) => `${scan.account_id} ${scan.start_key}`);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  return twice.map((key) => `two scans were started with ${key}`);
}
