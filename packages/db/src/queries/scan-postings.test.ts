import {
  decideFinish,
  decidePause,
  decideResume,
  type Fault,
  type Scan,
  type ScanOutcome,
} from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  accepted,
  aMember,
  anAccount,
  databases,
  decideIn,
  grantTo,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "../testing/index.ts";
import { listScanPostings } from "./scan-postings.ts";

describe.each(databases)("what was booked for a scan in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;
  let lotId: string;
  let askedBy: string;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    account = await anAccount(db);
    askedBy = (await aMember(db, account.id)).userId;
    lotId = await grantTo(db, account.id, { credits: 9, source: "welcome", kind: "free" });
  });

  const pauses = (scan: Scan, ms: number) =>
    decideIn(db, account.id, { now: noonPlus(ms), scans: [scan] }, (books) =>
      accepted(decidePause(books, books.scan(scan.id) as Scan, "user", { askedBy })),
    );
  const resumes = (scan: Scan, ms: number) =>
    decideIn(db, account.id, { now: noonPlus(ms), scans: [scan] }, (books) =>
      accepted(decideResume(books, books.scan(scan.id) as Scan, "user", { askedBy })),
    );
  const ends = (scan: Scan, ms: number, outcome: ScanOutcome, fault: Fault | null) =>
    decideIn(db, account.id, { now: noonPlus(ms), scans: [scan] }, (books) =>
      accepted(decideFinish(books, books.scan(scan.id) as Scan, { outcome, fault, by: "runner" })),
    );
  const kindsOf = async ({ id }: Scan) =>
    (await listScanPostings(db, account.id, id)).map(({ kind }) => kind);

  test("is all of it, in order, with the lot that paid, and nothing of a scan beside it", async () => {
    const scan = await startOn(db, account, { at: noonPlus(10) });
    const other = await startOn(db, account, { at: noonPlus(11) });
    await pauses(scan, 20);
    await pauses(other, 21);
    await resumes(scan, 30);
    await ends(other, 35, "completed", null);
    await ends(scan, 40, "failed", "platform");
    await grantTo(db, account.id, { at: noonPlus(50) });

    const paidBy = { lotId, lotSource: "welcome", lotKind: "free", askedBy: null };
    const nobody = {
      lotId: null,
      lotSource: null,
      lotKind: null,
      credits: 0,
      hour: null,
      askedBy: null,
    };
    expect(await listScanPostings(db, account.id, scan.id)).toEqual([
      {
        version: 2,
        kind: "debit",
        bookedAt: noonPlus(10),
        hour: 1,
        reason: null,
        credits: -1,
        balanceAfter: 8,
        ...paidBy,
      },
      {
        version: 4,
        kind: "scan_paused",
        bookedAt: noonPlus(20),
        reason: "user",
        balanceAfter: 7,
        ...nobody,
        askedBy,
      },
      {
        version: 6,
        kind: "scan_resumed",
        bookedAt: noonPlus(30),
        reason: "user",
        balanceAfter: 7,
        ...nobody,
        askedBy,
      },
      {
        version: 8,
        kind: "scan_ended",
        bookedAt: noonPlus(40),
        reason: "failed_platform",
        balanceAfter: 7,
        ...nobody,
      },
      {
        version: 9,
        kind: "return",
        bookedAt: noonPlus(40),
        hour: 1,
        reason: null,
        credits: 1,
        balanceAfter: 8,
        ...paidBy,
      },
    ]);
    expect(await kindsOf(other)).toEqual(["debit", "scan_paused", "scan_ended"]);
  });

  test("goes up to now for one that still runs", async () => {
    const scan = await startOn(db, account, { at: noonPlus(10) });
    await pauses(scan, 20);
    expect(await kindsOf(scan)).toEqual(["debit", "scan_paused"]);
  });

  test("begins with its start where no hour is debited", async () => {
    const scan = await startOn(db, account, { at: noonPlus(10), mode: "unlimited" });
    await ends(scan, 20, "completed", null);
    expect(await kindsOf(scan)).toEqual(["scan_started", "scan_ended"]);
  });

  test("is told to its own account only", async () => {
    const scan = await startOn(db, account);
    expect(await listScanPostings(db, (await anAccount(db)).id, scan.id)).toEqual([]);
    expect(await listScanPostings(db, account.id, "scan_unknown")).toEqual([]);
  });

  test("is found without looking at what the account did before and after", async () => {
    const plans: string[] = [];
    const watched = {
      read: async ({ sql, args }: { sql: string; args: string[] }) => {
        const { rows } = await db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
        plans.push(...rows.map(({ detail }) => String(detail)));
        return { rows: [], columns: [] };
      },
    } as unknown as Database;
    await listScanPostings(watched, account.id, "scan_1");
    expect(plans).toContain(
      "SEARCH p USING INDEX postings_version (account_id=? AND version>? AND version<?)",
    );
    expect(plans.filter((plan) => plan.includes("postings_key"))).toHaveLength(2);
  });
});
