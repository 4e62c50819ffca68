/** Small situations for tests, made the way the product makes them: decided by core, then appended. */
import {
  type AccountId,
  type Credits,
  credits,
  decideGrant,
  decideStartScan,
  type Grant,
  type Instant,
  idOf,
  instant,
  invariant,
  Journal,
  type LotId,
  type Outcome,
  type Refusal,
  type Scan,
  type ScanMode,
  settings,
  type TargetId,
} from "@scanmeter/core";
import type { Database } from "../client.ts";
import { insertAccount } from "../queries/accounts.ts";
import { appendStatements, type FactsWanted, readFacts } from "../queries/books.ts";
import { insertTarget } from "../queries/targets.ts";

export const NOON = instant(Date.UTC(2026, 0, 15, 12));
export const HOUR = settings.meteredHourMs;
export const DAY = 24 * HOUR;

/** So much later than noon. */
export const noonPlus = (ms: number): Instant => instant(NOON + ms);

let made = 0;

/** Unlike any other of this process, and sorting by when it was made. */
export function unique(): string {
  made += 1;
  return String(made).padStart(26, "0");
}

export interface TestAccount {
  readonly id: AccountId;
  readonly ownerId: string;
  /** Uses credits. */
  readonly targetId: TargetId;
  readonly targetUrl: string;
}

export async function anAccount(
  db: Database,
  { mode = "credits" }: { readonly mode?: ScanMode } = {},
): Promise<TestAccount> {
  const id = idOf("account", unique());
  const targetId = idOf("target", unique());
  const ownerId = `user_${unique()}`;
  const targetUrl = `https://${targetId}.example/`;
  await db.write([
    ...insertAccount({
      id,
      ownerId,
      name: "Acme",
      timeZone: "Europe/Vienna",
      currency: "EUR",
      createdAt: NOON,
    }),
    insertTarget({
      id: targetId,
      accountId: id,
      url: targetUrl,
      name: "Shop",
      mode,
      createdAt: NOON,
      archivedAt: null,
    }),
  ]);
  return { id, ownerId, targetId, targetUrl };
}

export const nothingWanted: Omit<FactsWanted, "accountIds" | "dueUntil"> = {
  dueLimit: 500,
  scans: [],
  startKeys: [],
  postingKeys: [],
  targets: [],
  waitingOf: [],
  topUps: [],
  moneyOf: [],
  spentLotsOf: [],
  autoTopUpsOf: [],
};

export interface OpenedBooks {
  readonly books: Journal;
  readonly chainHash: string;
}

/** An account's books as they are stored, with its due scans and those that are named. */
export async function openBooks(
  db: Database,
  accountId: string,
  { now = NOON, scans = [] }: { readonly now?: Instant; readonly scans?: readonly Scan[] } = {},
): Promise<OpenedBooks> {
  const facts = await readFacts(db, {
    ...nothingWanted,
    accountIds: [accountId],
    dueUntil: now,
    scans: scans.map(({ id }) => [accountId, id]),
    spentLotsOf: [accountId],
  });
  const [row] = facts.accounts;
  invariant(row !== undefined, "the account of a test exists");
  const lots = facts.lots.map(([, lot]) => lot);
  return { books: new Journal(row.account, lots, facts.scans, now), chainHash: row.chainHash };
}

/** Decides over the stored books and stores what was decided. */
export async function decideIn<T>(
  db: Database,
  accountId: string,
  options: Parameters<typeof openBooks>[2],
  decide: (books: Journal) => T,
): Promise<T> {
  const opened = await openBooks(db, accountId, options);
  const decided = decide(opened.books);
  const statements = appendStatements([opened]);
  if (statements.length > 0) await db.write(statements);
  return decided;
}

export function aGrant(about: Partial<Omit<Grant, "credits">> & { credits?: number } = {}): Grant {
  const lotId: LotId = about.lotId ?? idOf("lot", unique());
  return {
    kind: "paid",
    source: "purchase",
    expiresAt: noonPlus(365 * DAY),
    key: `grant-${lotId}`,
    fingerprint: "[]",
    ...about,
    lotId,
    credits: credits(about.credits ?? 5) as Credits,
  };
}

/** Grants credits and says which lot holds them. */
export async function grantTo(
  db: Database,
  accountId: string,
  about: Parameters<typeof aGrant>[0] & { readonly at?: Instant } = {},
): Promise<LotId> {
  const { at = NOON, ...rest } = about;
  const grant = aGrant(rest);
  await decideIn(db, accountId, { now: at }, (books) => accepted(decideGrant(books, grant)));
  return grant.lotId;
}

/** From now on, as if the account had asked for renewal. */
export async function keepExpired(db: Database, accountId: string): Promise<void> {
  await db.write([
    { sql: "UPDATE accounts SET keeps_expired = 1 WHERE id = ?", args: [accountId] },
  ]);
}

/** Puts credits of a lot on hold, or takes them off it again. */
export async function moveHold(
  db: Database,
  accountId: string,
  hold: {
    readonly lotId: LotId;
    readonly amount: number;
    readonly as: "freeze" | "release";
    /** None for a dispute. */
    readonly reason?: string;
    readonly at?: Instant;
  },
): Promise<void> {
  const { lotId, as, at = NOON, reason } = hold;
  const [from, to] =
    as === "freeze" ? (["customer", "holds"] as const) : (["holds", "customer"] as const);
  const entry = { from, to, amount: credits(hold.amount), lotId };
  await decideIn(db, accountId, { now: at }, (books) =>
    books.book({
      kind: as,
      key: `${as}-${unique()}`,
      bookedAt: at,
      entries: [entry],
      ...(reason === undefined ? {} : { reason }),
    }),
  );
}

interface Start {
  readonly label?: string;
  readonly mode?: ScanMode;
}

/** Decides to start a scan of the account's target. */
export function startIn(
  books: Journal,
  account: TestAccount,
  { label, mode = "credits" }: Start = {},
): Outcome<Scan, Refusal> {
  const scanId = idOf("scan", unique());
  return decideStartScan(books, {
    scanId,
    targetId: account.targetId,
    target: { id: account.targetId, mode, isArchived: false },
    runnerKeyId: null,
    label: label ?? null,
    startKey: scanId,
    fingerprint: "[]",
    earlier: null,
  });
}

/** Starts a scan of the account's target and stores it. */
export function startOn(
  db: Database,
  account: TestAccount,
  { at = NOON, ...about }: Start & { readonly at?: Instant } = {},
): Promise<Scan> {
  return decideIn(db, account.id, { now: at }, (books) => accepted(startIn(books, account, about)));
}

export function accepted<T>(outcome: Outcome<T, Refusal>): T {
  if (!outcome.ok) throw new Error(`Refused: ${outcome.refusal.code}`);
  return outcome.value;
}
