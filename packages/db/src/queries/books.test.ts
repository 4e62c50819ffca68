import {
  catchUp,
  credits,
  decideFinish,
  decideGrant,
  decidePause,
  type Instant,
  idOf,
  instant,
  invariant,
  type Posting,
  planExtensions,
  type Scan,
} from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHAIN_START, chainHash } from "../chain.ts";
import type { Database } from "../client.ts";
import {
  accepted,
  aGrant,
  anAccount,
  DAY,
  databases,
  decideIn,
  grantTo,
  HOUR,
  NOON,
  noonPlus,
  nothingWanted,
  openBooks,
  startOn,
  type TempDatabase,
  unique,
} from "../testing/index.ts";
import { appendStatements, type FactsWanted, readFacts } from "./books.ts";
import { walkPostings } from "./chain-walk.ts";
import { putService } from "./clock.ts";
import { findScan } from "./scans.ts";
import { archiveTarget } from "./targets.ts";

describe.each(databases)("the books in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
    await db.write([putService({ aliveAt: NOON, listeningSince: NOON })]);
  });
  afterAll(() => temp.close());

  const factsOf = (accountId: string, wanted: Partial<FactsWanted> = {}) =>
    readFacts(db, { ...nothingWanted, accountIds: [accountId], dueUntil: NOON, ...wanted });

  const storedPostings = async (accountId: string) => {
    const links = [];
    for await (const link of walkPostings(db, { accountId })) links.push(link);
    return links;
  };

  const storedScan = async (scan: Scan) => {
    const found = await findScan(db, scan.accountId, scan.id);
    invariant(found !== null, "the scan is stored");
    return found.scan;
  };

  describe("what a decision reads", () => {
    test("an account as it stands, with the hash its next posting is chained to", async () => {
      const account = await anAccount(db);
      expect((await factsOf(account.id)).accounts).toEqual([
        {
          account: {
            id: account.id,
            version: 0,
            balance: 0,
            debt: 0,
            whenOutOfCredits: "pause",
            creditEpoch: 0,
            lowBalance: 5,
            topUpAt: null,
            keepsExpired: false,
          },
          chainHash: CHAIN_START,
          looksAsked: 0,
        },
      ]);
      await grantTo(db, account.id, { credits: 5 });
      const [granted] = (await factsOf(account.id)).accounts;
      expect(granted?.account).toMatchObject({ version: 1, balance: 5 });
      expect(granted?.chainHash).toBe((await storedPostings(account.id)).at(-1)?.hash);
    });

    test("nothing of an account that is unknown or was not asked for", async () => {
      const account = await anAccount(db);
      await grantTo(db, account.id);
      expect((await factsOf("acc_unknown")).accounts).toEqual([]);
      const other = await factsOf((await anAccount(db)).id);
      expect(other.lots).toEqual([]);
      expect((await factsOf(account.id)).listeningSince).toBe(NOON);
    });

    test("open lots always, spent ones when they are asked for", async () => {
      const account = await anAccount(db);
      const spent = await grantTo(db, account.id, { credits: 1, kind: "free" });
      const open = await grantTo(db, account.id, { credits: 2 });
      await startOn(db, account);
      const lotIds = ({ lots }: { lots: readonly (readonly [string, { id: string }])[] }) =>
        lots.map(([, lot]) => lot.id).sort();
      expect(lotIds(await factsOf(account.id))).toEqual([open]);
      expect(lotIds(await factsOf(account.id, { spentLotsOf: [account.id] }))).toEqual(
        [spent, open].sort(),
      );
    });

    test("a scan from the instant it is due, not before", async () => {
      const account = await anAccount(db);
      await grantTo(db, account.id);
      const scan = await startOn(db, account);
      const dueIds = async (dueUntil: Instant) =>
        (await factsOf(account.id, { dueUntil })).scans.map(({ id }) => id);
      expect(await dueIds(noonPlus(HOUR - 1))).toEqual([]);
      expect(await dueIds(noonPlus(HOUR))).toEqual([scan.id]);
    });

    test("at most as many due scans as the limit, the longest due first, and that there are more", async () => {
      const account = await anAccount(db);
      await grantTo(db, account.id);
      const scans = [];
      for (const ms of [2, 0, 1]) scans.push(await startOn(db, account, { at: noonPlus(ms) }));
      const due = { dueUntil: noonPlus(2 * HOUR) };
      const [third, first, second] = scans.map(({ id }) => id);
      const some = await factsOf(account.id, { ...due, dueLimit: 2 });
      expect(some.scans.map(({ id }) => id)).toEqual([first, second]);
      expect(some.hasMoreDue).toBe(true);
      const all = await factsOf(account.id, { ...due, dueLimit: 4 });
      expect(all.scans.map(({ id }) => id)).toEqual([first, second, third]);
      expect(all.hasMoreDue).toBe(false);
    });

    test("a scan by its id or its start key, and never another account's", async () => {
      const [account, other] = [await anAccount(db), await anAccount(db)];
      await grantTo(db, account.id);
      const { id, startKey } = await startOn(db, account);
      const ids = async (wanted: Partial<FactsWanted>) =>
        (await factsOf(account.id, wanted)).scans.map((scan) => scan.id);
      expect(await ids({ scans: [[account.id, id]] })).toEqual([id]);
      expect(await ids({ startKeys: [[account.id, startKey]] })).toEqual([id]);
      expect(await ids({ scans: [[other.id, id]] })).toEqual([]);
      expect(await ids({ startKeys: [[other.id, startKey]] })).toEqual([]);
      // Found three ways, it is in the books once.
      const thrice = { scans: [[account.id, id]], startKeys: [[account.id, startKey]] } as const;
      expect(await ids({ ...thrice, dueUntil: noonPlus(HOUR) })).toEqual([id]);
    });

    test("a posting by its key, with what the command asked for", async () => {
      const [account, other] = [await anAccount(db), await anAccount(db)];
      const key = `grant-${unique()}`;
      await grantTo(db, account.id, { key, fingerprint: '["x"]' });
      const found = await factsOf(account.id, { postingKeys: [[account.id, key]] });
      expect(found.postings).toEqual([
        { accountId: account.id, key, version: 1, fingerprint: '["x"]' },
      ]);
      const foreign = await factsOf(other.id, { postingKeys: [[other.id, key]] });
      expect(foreign.postings).toEqual([]);
    });

    test("a target with its mode, archived or not, and never another account's", async () => {
      const [account, other] = [await anAccount(db), await anAccount(db, { mode: "unlimited" })];
      const targetsOf = async (accountId: string, targetId: string) =>
        (await factsOf(accountId, { targets: [[accountId, targetId]] })).targets;
      expect(await targetsOf(account.id, account.targetId)).toEqual([
        { id: account.targetId, accountId: account.id, mode: "credits", isArchived: false },
      ]);
      expect((await targetsOf(other.id, other.targetId))[0]?.mode).toBe("unlimited");
      expect(await targetsOf(account.id, other.targetId)).toEqual([]);
      await db.write([archiveTarget(account.id, account.targetId, NOON)]);
      expect((await targetsOf(account.id, account.targetId))[0]?.isArchived).toBe(true);
    });

    test("scans that wait for credits, the longest waiting first", async () => {
      const account = await anAccount(db);
      await grantTo(db, account.id, { credits: 2 });
      const late = await startOn(db, account, { at: noonPlus(1) });
      const early = await startOn(db, account);
      const beat = { lastSeenAt: noonPlus(HOUR) };
      await decideIn(db, account.id, { now: noonPlus(HOUR + 1), scans: [late, early] }, (books) => {
        for (const scan of [...books.scans]) books.putScan({ ...scan, ...beat });
        catchUp(books, { listeningSince: NOON });
      });
      const { scans } = await factsOf(account.id, { waitingOf: [account.id] });
      expect(scans.map(({ id, state, pausedFor }) => [id, state, pausedFor])).toEqual([
        [early.id, "paused", "credits"],
        [late.id, "paused", "credits"],
      ]);
      expect((await factsOf(account.id)).scans).toEqual([]);
    });

    test("everything of several accounts in one statement", async () => {
      const [one, other] = [await anAccount(db), await anAccount(db)];
      const lots = [await grantTo(db, one.id), await grantTo(db, other.id)];
      const facts = await factsOf(one.id, { accountIds: [one.id, other.id, one.id] });
      expect(facts.accounts).toHaveLength(2);
      expect(new Map(facts.lots.map(([accountId, lot]) => [accountId, lot.id]))).toEqual(
        new Map([
          [one.id, lots[0]],
          [other.id, lots[1]],
        ]),
      );
    });
  });

  describe("what an append stores", () => {
    test("nothing, when nothing was decided", async () => {
      const account = await anAccount(db);
      expect(appendStatements([await openBooks(db, account.id)])).toEqual([]);
    });

    test("a lot comes back as it was granted, filled by its grant", async () => {
      const account = await anAccount(db);
      const grant = aGrant({ credits: 7, kind: "free", source: "trial “π”" });
      await decideIn(db, account.id, {}, (books) => accepted(decideGrant(books, grant)));
      expect((await factsOf(account.id)).lots).toEqual([
        [
          account.id,
          {
            id: grant.lotId,
            kind: "free",
            source: "trial “π”",
            granted: 7,
            remaining: 7,
            frozen: 0,
            kept: 0,
            effectiveAt: NOON,
            expiresAt: grant.expiresAt,
          },
        ],
      ]);
    });

    test("the largest grant there is stays exact", async () => {
      const account = await anAccount(db);
      await grantTo(db, account.id, { credits: 1_000_000_000 });
      await startOn(db, account);
      const facts = await factsOf(account.id);
      expect(facts.accounts[0]?.account.balance).toBe(999_999_999);
      expect(facts.lots[0]?.[1].remaining).toBe(999_999_999);
    });

    test("every posting comes back as it was booked, chained in the order of versions", async () => {
      const account = await anAccount(db);
      const booked: Posting[] = [];
      const decide = (now: Instant, work: Parameters<typeof decideIn<void>>[3], scans?: Scan[]) =>
        decideIn(db, account.id, { now, ...(scans && { scans }) }, (books) => {
          work(books);
          booked.push(...books.postings);
        });
      await decide(
        NOON,
        (books) => void accepted(decideGrant(books, aGrant({ fingerprint: "[1]" }))),
      );
      const scan = await startOn(db, account);
      booked.push(...(await storedPostings(account.id)).slice(1).map(({ posting }) => posting));
      await decide(
        noonPlus(5),
        (books) => void accepted(decidePause(books, books.scan(scan.id) as Scan, "user")),
        [scan],
      );
      await decide(
        noonPlus(9),
        (books) =>
          void accepted(
            decideFinish(books, books.scan(scan.id) as Scan, {
              outcome: "failed",
              fault: "platform",
              by: "runner",
            }),
          ),
        [scan],
      );
      const links = await storedPostings(account.id);
      expect(links.map(({ posting }) => posting)).toEqual(booked);
      expect(booked.map(({ kind }) => kind)).toEqual([
        "grant",
        "debit",
        "scan_paused",
        "scan_ended",
        "return",
      ]);
      expect(booked.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
      let hash = CHAIN_START;
      for (const link of links) {
        hash = chainHash(hash, link.posting);
        expect(link.hash).toBe(hash);
      }
      // The credit is back in its lot.
      expect((await factsOf(account.id)).lots[0]?.[1].remaining).toBe(5);
    });

    test("extensions move the lots they name, and the chain does not depend on their order", async () => {
      const account = await anAccount(db);
      const later = noonPlus(400 * DAY);
      const ids = [await grantTo(db, account.id), await grantTo(db, account.id)];
      await decideIn(db, account.id, {}, (books) =>
        books.book({
          kind: "extension",
          key: `extension-${unique()}`,
          bookedAt: NOON,
          extensions: [...planExtensions(books.lots, later, NOON)].sort((a, b) =>
            a.lotId < b.lotId ? 1 : -1,
          ),
        }),
      );
      const { lots } = await factsOf(account.id);
      expect(lots.map(([, lot]) => [lot.id, lot.expiresAt]).sort()).toEqual(
        ids.map((id) => [id, later]),
      );
      const [before, last] = (await storedPostings(account.id)).slice(-2);
      expect(last?.posting.extensions).toHaveLength(2);
      expect(last?.hash).toBe(chainHash(before?.hash as string, last?.posting as Posting));
    });

    test("a new scan comes back as it was started, one revision on", async () => {
      const account = await anAccount(db);
      await grantTo(db, account.id);
      const scan = await startOn(db, account, { label: "nightly “π”" });
      expect(await storedScan(scan)).toEqual({ ...scan, revision: 1 });
    });

    test("a scan moved in every way comes back as it was left, one revision on each time", async () => {
      const account = await anAccount(db);
      await grantTo(db, account.id);
      const scan = await startOn(db, account);
      const left: Scan[] = [];
      const move = (now: Instant, work: (scan: Scan) => Partial<Scan>) =>
        decideIn(db, account.id, { now, scans: [scan] }, (books) => {
          const read = books.scan(scan.id) as Scan;
          books.putScan({ ...read, ...work(read) });
          left.push(books.scan(scan.id) as Scan);
        });
      const lotId = scan.hours[0]?.lotId ?? null;
      const moves: Partial<Scan>[] = [
        {
          lastSeenAt: noonPlus(1),
          hours: [...scan.hours, { version: 3, boundary: NOON, lotId: null }],
        },
        {
          state: "paused",
          pausedFor: "credits",
          activeMs: 7,
          activeSince: null,
          waitingSince: noonPlus(2),
          nextDueAt: noonPlus(DAY),
        },
        { state: "running", pausedFor: null, activeSince: noonPlus(3), waitingSince: null },
        {
          state: "lost",
          activeSince: null,
          endedAt: noonPlus(4),
          endedBy: "platform",
          endReason: "lost",
          nextDueAt: null,
          hours: [{ version: 2, boundary: NOON, lotId }],
        },
      ];
      for (const [index, change] of moves.entries()) {
        await move(noonPlus(index), () => change);
        expect(await storedScan(scan)).toEqual({ ...left.at(-1), revision: index + 2 });
      }
    });

    test("an unlimited scan is stored without hours, by a posting without entries", async () => {
      const account = await anAccount(db, { mode: "unlimited" });
      const scan = await startOn(db, account, { mode: "unlimited" });
      expect(await storedScan(scan)).toMatchObject({ mode: "unlimited", hours: [] });
      expect((await storedPostings(account.id))[0]?.posting).toMatchObject({
        kind: "scan_started",
        entries: [],
      });
    });

    test("debt and what repays it", async () => {
      const account = await anAccount(db);
      await decideIn(db, account.id, {}, (books) =>
        books.book({
          kind: "debit",
          key: "hour-scan_x-1",
          bookedAt: NOON,
          entries: [{ from: "customer", to: "usage", amount: credits(1), lotId: null }],
          scanId: idOf("scan", "x"),
          hour: 1,
        }),
      );
      expect((await factsOf(account.id)).accounts[0]?.account).toMatchObject({
        debt: 1,
        balance: 0,
      });
      await grantTo(db, account.id, { credits: 3, kind: "paid" });
      const facts = await factsOf(account.id);
      expect(facts.accounts[0]?.account).toMatchObject({ debt: 0, balance: 2, version: 2 });
      expect(facts.lots[0]?.[1].remaining).toBe(2);
    });

    test("a group of accounts in one batch, all or none", async () => {
      const [one, other] = [await anAccount(db), await anAccount(db)];
      const opened = [await openBooks(db, one.id), await openBooks(db, other.id)];
      for (const { books } of opened) accepted(decideGrant(books, aGrant()));
      const stale = await openBooks(db, one.id);
      accepted(decideGrant(stale.books, aGrant()));
      await db.write(appendStatements(opened));
      expect((await factsOf(other.id)).accounts[0]?.account.version).toBe(1);

      const fresh = await openBooks(db, other.id);
      accepted(decideGrant(fresh.books, aGrant()));
      await expect(db.write(appendStatements([fresh, stale]))).rejects.toThrow();
      expect((await factsOf(other.id)).accounts[0]?.account.version).toBe(1);
      expect((await factsOf(other.id)).lots).toHaveLength(1);
    });
  });

  test("instants before 1970 and far ahead stay what they are", async () => {
    const account = await anAccount(db);
    const [long, ago] = [instant(8_000_000_000_000_000), instant(-1)];
    const lotId = await grantTo(db, account.id, { at: ago, expiresAt: long });
    const { lots } = await factsOf(account.id);
    expect(lots[0]?.[1]).toMatchObject({ id: lotId, effectiveAt: ago, expiresAt: long });
  });
});
