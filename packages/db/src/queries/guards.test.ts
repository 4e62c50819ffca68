/**
 * What the database refuses, whoever asks. The statements here are written by hand, because the ones
 * the product makes never ask for any of it.
 */
import type { InStatement } from "@libsql/client";
import {
  catchUp,
  decideFinish,
  decideGrant,
  decideHeartbeat,
  decidePause,
  type LotId,
  type Scan,
} from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  accepted,
  aGrant,
  anAccount,
  databases,
  decideIn,
  grantTo,
  HOUR,
  moveHold,
  NOON,
  noonPlus,
  openBooks,
  startOn,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { appendStatements, type BookedAccount } from "./books.ts";
import { findSnapshot } from "./snapshot.ts";

/** The table's row with some columns changed, under a new primary key where the table has one. */
type Row = Record<string, string | number | null>;

describe.each(databases)("$name refuses", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;
  let lotId: LotId;
  let scan: Scan;
  let posting: Row;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  // An account at version 2: a grant of five credits and the first hour of a scan.
  beforeEach(async () => {
    account = await anAccount(db);
    lotId = await grantTo(db, account.id, { credits: 5 });
    scan = await startOn(db, account);
    posting = await rowOf(
      "SELECT * FROM postings WHERE account_id = ? AND version = 2",
      account.id,
    );
  });

  async function rowOf(sql: string, ...args: string[]): Promise<Row> {
    const { rows, columns } = await db.read({ sql, args });
    return Object.fromEntries(columns.map((column, at) => [column, rows[0]?.[at] ?? null])) as Row;
  }

  function insert(table: string, row: Row): InStatement {
    const columns = Object.keys(row);
    return {
      sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      args: Object.values(row),
    };
  }

  /** The posting that could come next, changed. */
  const nextPosting = (about: Row = {}) =>
    insert("postings", {
      ...posting,
      id: Number(posting.id) + 1_000,
      version: 3,
      hour: 2,
      key: `hour-${scan.id}-2`,
      ...about,
    });

  const entry = (about: Row = {}) =>
    insert("entries", {
      posting_id: posting.id ?? null,
      position: 7,
      from_account: "customer",
      to_account: "usage",
      amount: 1,
      lot_id: lotId,
      ...about,
    });

  async function refused(statements: InStatement | InStatement[]): Promise<ConstraintViolated> {
    const before = await everything();
    const error = await db.write([statements].flat()).then(
      () => null,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(ConstraintViolated);
    expect(await everything()).toEqual(before);
    return error as ConstraintViolated;
  }

  /** How many rows there are, and what the account of this test holds. */
  async function everything() {
    const tables = ["accounts", "lots", "scans", "postings", "entries", "extensions", "targets"];
    const { rows } = await db.read(
      `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table})`).join(", ")}`,
    );
    return [...Array.from(rows[0] ?? []), await findSnapshot(db, account.id)];
  }

  /** Never worth another try: a bug was stopped, not a race lost. */
  const refusesForGood = async (statements: InStatement | InStatement[], message: RegExp) => {
    const error = await refused(statements);
    expect(error.message).toMatch(message);
    expect(error.isConflict).toBe(false);
  };

  const refusesAsConflict = async (statements: InStatement | InStatement[], message: RegExp) => {
    const error = await refused(statements);
    expect(error.message).toMatch(message);
    expect(error.isConflict).toBe(true);
  };

  test("nothing of what a well-behaved writer does next", async () => {
    await db.write([
      nextPosting({ balance_after: 3 }),
      entry({ posting_id: Number(posting.id) + 1_000 }),
    ]);
    const snapshot = await findSnapshot(db, account.id);
    expect(snapshot?.account).toMatchObject({ version: 3, balance: 3 });
    expect(snapshot?.lots[0]?.remaining).toBe(3);
  });

  test("nothing of what freezes credits, releases them, and takes spent ones as debt", async () => {
    await moveHold(db, account.id, { lotId, amount: 4, as: "freeze" });
    const held = () =>
      rowOf("SELECT remaining, frozen, kept, is_open FROM lots WHERE id = ?", lotId);
    expect(await held()).toEqual({ remaining: 0, frozen: 4, kept: 0, is_open: 1 });
    await moveHold(db, account.id, { lotId, amount: 3, as: "release" });
    expect(await held()).toEqual({ remaining: 3, frozen: 1, kept: 0, is_open: 1 });
    const keep = { lotId, amount: 2, as: "freeze", reason: "frozen_at_expiry" } as const;
    await moveHold(db, account.id, keep);
    expect(await held()).toEqual({ remaining: 1, frozen: 3, kept: 2, is_open: 1 });
    await moveHold(db, account.id, { ...keep, amount: 1, as: "release", reason: "revived" });
    expect(await held()).toEqual({ remaining: 2, frozen: 2, kept: 1, is_open: 1 });
    await db.write([
      nextPosting({ version: 7, kind: "reversal", hour: null, key: unique(), debt_after: 2 }),
      entry({
        posting_id: Number(posting.id) + 1_000,
        to_account: "refunds",
        amount: 2,
        lot_id: null,
      }),
    ]);
    expect((await findSnapshot(db, account.id))?.account.debt).toBe(2);
  });

  describe("amounts that cannot be", () => {
    test("an entry of nothing, of less than nothing, or of a part of a credit", async () => {
      await refusesForGood(entry({ amount: 0 }), /entries_amount/);
      await refusesForGood(entry({ amount: -1 }), /entries_amount/);
      await refusesForGood(entry({ amount: 0.5 }), /REAL value in INTEGER column/);
      await refusesForGood(entry({ amount: "1.5" }), /value in INTEGER column/);
      await refusesForGood(entry({ amount: null }), /NOT NULL/);
    });

    test("a lot drawn below nothing", async () => {
      await refusesForGood(entry({ amount: 5 }), /lots_remaining/);
    });

    test("more frozen than there is, or released than was frozen", async () => {
      await refusesForGood(entry({ to_account: "holds", amount: 5 }), /lots_remaining/);
      await refusesForGood(
        entry({ from_account: "holds", to_account: "customer" }),
        /lots_(remaining|kept)/,
      );
    });

    test("kept credits that are not frozen, or released for a dispute, or more than are kept", async () => {
      await refusesForGood(
        { sql: "UPDATE lots SET kept = 1 WHERE id = ?", args: [lotId] },
        /lots_kept/,
      );
      await moveHold(db, account.id, {
        lotId,
        amount: 3,
        as: "freeze",
        reason: "frozen_at_expiry",
      });
      const back = { from_account: "holds", to_account: "customer" };
      await refusesForGood(entry(back), /lots_kept/);
      await moveHold(db, account.id, { lotId, amount: 1, as: "freeze" });
      const revived = [
        nextPosting({ version: 5, kind: "release", hour: null, key: unique(), reason: "revived" }),
        entry({ ...back, posting_id: Number(posting.id) + 1_000, amount: 4 }),
      ];
      await refusesForGood(revived, /lots_kept/);
    });

    test("a lot filled above its grant", async () => {
      await refusesForGood(
        entry({ from_account: "usage", to_account: "customer", amount: 2 }),
        /lots_remaining/,
      );
    });

    test("a lot whose remainder is moved by hand", async () => {
      for (const [remaining, isOpen] of [
        [-1, 0],
        [6, 1],
        [2.5, 1],
        [0, 1],
        [3, 0],
        // Four are left and one was spent, so five would be one too many with one frozen.
        [5, 1],
      ] as const) {
        await refusesForGood(
          {
            sql: "UPDATE lots SET remaining = ?, is_open = ?, frozen = ? WHERE id = ?",
            args: [remaining, isOpen, remaining === 5 ? 1 : 0, lotId],
          },
          /lots_remaining|lots_is_open|REAL value/,
        );
      }
    });

    test("a balance, a debt or a version below nothing", async () => {
      for (const column of ["balance", "debt", "version"]) {
        await refusesForGood(
          { sql: `UPDATE accounts SET ${column} = -1 WHERE id = ?`, args: [account.id] },
          /accounts_balance/,
        );
      }
      await refusesForGood(nextPosting({ balance_after: -1 }), /postings_figures/);
      await refusesForGood(nextPosting({ debt_after: -1 }), /postings_figures/);
      await refusesForGood(nextPosting({ balance_after: 2.5 }), /REAL value in INTEGER column/);
    });
  });

  describe("an hour", () => {
    test("debited twice, under its own key", async () => {
      await refusesAsConflict(nextPosting({ key: posting.key ?? null, hour: 1 }), /postings\.key/);
    });

    test("debited twice, under another key", async () => {
      await refusesForGood(nextPosting({ hour: 1, key: "hour-again" }), /postings_scan_hour/);
      await refusesForGood(nextPosting({ key: `hour-${scan.id}-3` }), /postings_scan_hour/);
    });

    test("of no scan", async () => {
      await refusesForGood(
        nextPosting({ scan_id: null, key: `anything-${unique()}` }),
        /postings_scan_hour/,
      );
    });

    test("that is the sixth, or the one before the first", async () => {
      for (const hour of [6, 0, -1]) {
        await refusesForGood(
          nextPosting({ hour, key: `hour-${scan.id}-${hour}` }),
          /postings_hour_range/,
        );
      }
      const six = JSON.stringify(Array.from({ length: 6 }, () => [1, NOON, null]));
      await refusesForGood(
        {
          sql: "UPDATE scans SET hours = ?, revision = revision + 1 WHERE id = ?",
          args: [six, scan.id],
        },
        /scans_hours/,
      );
    });

    test("in a debit without one, and in a posting that has none", async () => {
      await refusesForGood(nextPosting({ hour: null }), /postings_(scan_)?hour/);
      await refusesForGood(nextPosting({ kind: "grant", key: `k-${unique()}` }), /postings_hour/);
    });

    test("of a scan that costs nothing", async () => {
      const free = await anAccount(db, { mode: "unlimited" });
      const unlimited = await startOn(db, free, { mode: "unlimited" });
      await refusesForGood(
        {
          sql: "UPDATE scans SET hours = '[[1,0,null]]', revision = revision + 1 WHERE id = ?",
          args: [unlimited.id],
        },
        /scans_unlimited/,
      );
    });
  });

  describe("a posting", () => {
    test("with a key that is taken, by whatever account", async () => {
      const other = await anAccount(db);
      await refusesAsConflict(
        nextPosting({ account_id: other.id, version: 1, key: posting.key ?? null, hour: 1 }),
        /postings\.key/,
      );
    });

    test("at a version that is taken, before it, or beyond the next", async () => {
      await refusesAsConflict(nextPosting({ version: 2 }), /postings\.version/);
      await refusesForGood(nextPosting({ version: 0 }), /postings_figures/);
      await refusesAsConflict(nextPosting({ version: 4 }), /the account has moved on/);
    });

    test("with an id that is taken, which two processes may mint at once", async () => {
      await refusesAsConflict(nextPosting({ id: posting.id ?? null }), /postings\.id/);
    });

    test("of no account", async () => {
      await refusesForGood(
        nextPosting({ account_id: "acc_unknown", version: 1 }),
        /FOREIGN KEY constraint failed/,
      );
    });

    test("changed, in any column", async () => {
      for (const column of ["hash", "booked_at", "kind", "key"]) {
        await refusesForGood(
          {
            sql: `UPDATE postings SET ${column} = ${column} WHERE id = ?`,
            args: [posting.id ?? null],
          },
          /a posting is never changed/,
        );
      }
    });

    test("deleted, or replaced by another", async () => {
      await refusesForGood("DELETE FROM postings", /a posting is never deleted/);
      const { sql, args } = nextPosting({ version: 2 }) as { sql: string; args: [] };
      await refused({ sql: sql.replace("INSERT", "INSERT OR REPLACE"), args });
    });
  });

  describe("an entry", () => {
    test("changed or deleted", async () => {
      await refusesForGood("UPDATE entries SET amount = 2", /an entry is never changed/);
      await refusesForGood("DELETE FROM entries", /an entry is never deleted/);
    });

    test("of no posting, or at a position that is taken", async () => {
      await refused(entry({ posting_id: 1 }));
      await refusesForGood(entry({ position: 0 }), /entries\.posting_id, entries\.position/);
    });

    test("that moves a lot that does not exist, or another account's", async () => {
      const foreign = await grantTo(db, (await anAccount(db)).id);
      await refusesForGood(entry({ lot_id: "lot_unknown" }), /a lot of its own account/);
      await refusesForGood(entry({ lot_id: foreign }), /a lot of its own account/);
    });

    test("of debt that would be frozen", async () => {
      await refusesForGood(entry({ to_account: "holds", lot_id: null }), /entries_lot/);
    });

    test("that does not touch the customer, or grants into no lot", async () => {
      await refusesForGood(entry({ from_account: "grants" }), /entries_customer/);
      await refusesForGood(
        entry({ from_account: "grants", to_account: "customer", lot_id: null }),
        /entries_lot/,
      );
    });
  });

  describe("a lot", () => {
    const set = (assignment: string, value: string | number) => ({
      sql: `UPDATE lots SET ${assignment} = ? WHERE id = ?`,
      args: [value, lotId],
    });

    test("whose grant is changed", async () => {
      const other = await anAccount(db);
      await refusesForGood(set("granted", 6), /a lot keeps what was granted/);
      await refusesForGood(set("kind", "free"), /a lot keeps what was granted/);
      await refusesForGood(set("effective_at", NOON - 1), /a lot keeps what was granted/);
      await refusesForGood(set("account_id", other.id), /a lot keeps what was granted/);
    });

    test("whose expiry moves earlier", async () => {
      await refusesForGood(set("expires_at", NOON + 1), /a lot keeps what was granted/);
    });

    test("of a kind that does not exist, or that ends before it begins", async () => {
      const row = await rowOf("SELECT * FROM lots WHERE id = ?", lotId);
      const newLot = (about: Row) => insert("lots", { ...row, id: `lot_${unique()}`, ...about });
      await refusesForGood(newLot({ kind: "gift" }), /lots_kind/);
      await refusesForGood(newLot({ expires_at: NOON }), /lots_life/);
      await refusesForGood(newLot({ account_id: "acc_unknown" }), /FOREIGN KEY/);
      await refusesForGood(newLot({ id: lotId }), /lots\.id/);
    });
  });

  describe("an extension", () => {
    let from: number;
    const extension = (about: Row = {}) =>
      insert("extensions", {
        posting_id: posting.id ?? null,
        lot_id: lotId,
        old_expires_at: from,
        new_expires_at: from + 1,
        ...about,
      });

    beforeEach(async () => {
      from = (await rowOf("SELECT expires_at FROM lots WHERE id = ?", lotId)).expires_at as number;
    });

    test("to an earlier date or the same", async () => {
      await refusesForGood(extension({ new_expires_at: from }), /extensions_later/);
      await refusesForGood(extension({ new_expires_at: from - 1 }), /extensions_later/);
    });

    test("from a date the lot does not have", async () => {
      await refusesForGood(extension({ old_expires_at: from - 1 }), /the date the lot has/);
    });

    test("of a lot that does not exist, or another account's", async () => {
      const other = await grantTo(db, (await anAccount(db)).id);
      await refusesForGood(extension({ lot_id: "lot_unknown" }), /the date the lot has/);
      await refusesForGood(extension({ lot_id: other }), /the date the lot has/);
    });

    test("changed or deleted", async () => {
      await db.write([extension()]);
      expect((await rowOf("SELECT expires_at FROM lots WHERE id = ?", lotId)).expires_at).toBe(
        from + 1,
      );
      await refusesForGood(
        "UPDATE extensions SET new_expires_at = 1",
        /an extension is never changed/,
      );
      await refusesForGood("DELETE FROM extensions", /an extension is never deleted/);
    });
  });

  describe("a scan", () => {
    const move = (assignments: string) => ({
      sql: `UPDATE scans SET ${assignments}, revision = revision + 1 WHERE id = ?`,
      args: [scan.id],
    });

    test("moved by a writer that read an older revision, or one that does not exist yet", async () => {
      for (const revision of [0, 1, 3]) {
        await refusesAsConflict(
          {
            sql: "UPDATE scans SET last_seen_at = 1, revision = ? WHERE id = ?",
            args: [revision, scan.id],
          },
          /the scan has moved on/,
        );
      }
    });

    test("that ended, moved in any way", async () => {
      await decideIn(db, account.id, { scans: [scan] }, (books) => {
        const read = books.scan(scan.id) as Scan;
        accepted(decideFinish(books, read, { outcome: "completed", fault: null, by: "runner" }));
      });
      await refusesAsConflict(move("last_seen_at = last_seen_at"), /the scan has ended/);
      await refusesAsConflict(
        move("state = 'running', ended_at = NULL, active_since = 1, next_due_at = 1"),
        /the scan has ended/,
      );
    });

    test("whose mode changes while it runs", async () => {
      await refusesForGood(
        move("mode = 'unlimited', hours = '[]'"),
        /keeps the mode it started with/,
      );
    });

    test("started twice with one key", async () => {
      const row = await rowOf("SELECT * FROM scans WHERE id = ?", scan.id);
      await refusesForGood(
        insert("scans", { ...row, id: `scan_${unique()}` }),
        /scans\.account_id, scans\.start_key/,
      );
    });

    test("of a target or an account that does not exist", async () => {
      const row = await rowOf("SELECT * FROM scans WHERE id = ?", scan.id);
      const copy = { ...row, id: `scan_${unique()}`, start_key: unique() };
      await refusesForGood(insert("scans", { ...copy, target_id: "tgt_unknown" }), /FOREIGN KEY/);
      await refusesForGood(insert("scans", { ...copy, account_id: "acc_unknown" }), /FOREIGN KEY/);
    });

    test("in a state that contradicts itself", async () => {
      await refusesForGood(move("state = 'finished', active_since = NULL"), /scans_open/);
      await refusesForGood(move("ended_at = 1, next_due_at = NULL"), /scans_open/);
      await refusesForGood(move("active_since = NULL"), /scans_clock/);
      await refusesForGood(move("state = 'paused', active_since = NULL"), /scans_paused/);
      await refusesForGood(move("paused_for = 'user'"), /scans_paused/);
      await refusesForGood(move("next_due_at = NULL"), /scans_due_or_ended/);
      await refusesForGood(move("active_ms = 0.5"), /REAL value/);
    });
  });

  describe("the slower of two writers that read the same", () => {
    const race = async (
      decide: (booked: BookedAccount) => void,
      at: Parameters<typeof openBooks>[2] = {},
    ) => {
      const [fast, slow] = [
        await openBooks(db, account.id, at),
        await openBooks(db, account.id, at),
      ];
      decide(fast);
      decide(slow);
      await db.write(appendStatements([fast]));
      await refusesAsConflict(
        appendStatements([slow]),
        /conflict:|UNIQUE constraint failed: postings\./,
      );
    };

    test("when both grant, whatever their keys", async () => {
      await race(({ books }) => void accepted(decideGrant(books, aGrant())));
    });

    test("when both grant with one key", async () => {
      const key = `grant-${unique()}`;
      await race(({ books }) => void accepted(decideGrant(books, aGrant({ key }))));
    });

    test("when both debit the same hour", async () => {
      await race(({ books }) => catchUp(books, { listeningSince: NOON }), {
        now: noonPlus(HOUR),
        scans: [await seen(noonPlus(HOUR - 1))],
      });
      expect((await findSnapshot(db, account.id))?.account).toMatchObject({
        version: 3,
        balance: 3,
      });
    });

    test("when one hears a heartbeat and the other pauses, in either order", async () => {
      const at = { now: noonPlus(5_000), scans: [scan] };
      const heartbeat = ({ books }: BookedAccount) =>
        void accepted(decideHeartbeat(books, books.scan(scan.id) as Scan));
      const pause = ({ books }: BookedAccount) =>
        void accepted(decidePause(books, books.scan(scan.id) as Scan, "user"));
      for (const [first, second] of [
        [heartbeat, pause],
        [pause, heartbeat],
      ] as const) {
        const again = { ...at, now: noonPlus(at.now - NOON + 5_000) };
        const [fast, slow] = [
          await openBooks(db, account.id, again),
          await openBooks(db, account.id, again),
        ];
        first(fast);
        second(slow);
        await db.write(appendStatements([fast]));
        const statements = appendStatements([slow]);
        if (statements.length > 0) await refusesAsConflict(statements, /conflict:|postings\./);
      }
    });

    async function seen(at: number): Promise<Scan> {
      await decideIn(db, account.id, { now: at as Scan["lastSeenAt"], scans: [scan] }, (books) =>
        accepted(decideHeartbeat(books, books.scan(scan.id) as Scan)),
      );
      return scan;
    }
  });
});
