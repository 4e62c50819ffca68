/**
 * What the database refuses about automatic top-ups and notices, whoever asks, and what follows by
 * itself. The statements are written by hand, as in `guards.test.ts`.
 */
import type { InStatement } from "@libsql/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  anAccount,
  aPaidTopUp,
  databases,
  grantTo,
  NOON,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { findSnapshot } from "./snapshot.ts";

type Row = Record<string, string | number | null>;

describe.each(databases)("$name refuses", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;
  let consent: Row;
  let settings: Row;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  // An account that agreed to ten credits when it runs out and before they expire, and switched that on.
  beforeEach(async () => {
    account = await anAccount(db);
    const asked = { quantity: 10, out_of_credits: 1, before_expiry: 1, threshold: 2 };
    consent = {
      id: `con_${unique()}`,
      account_id: account.id,
      user_id: account.ownerId,
      given_at: NOON,
      surface: "overview",
      sentence: "I allow it.",
      text_version: "1",
      net_minor: 95_00,
      total_minor: 95_00,
      currency: "EUR",
      ...asked,
    };
    settings = {
      account_id: account.id,
      enabled: 1,
      ...asked,
      revision: 1,
      consent_id: consent.id ?? null,
      version: 1,
    };
    await db.write([insert("consents", consent), insert("auto_top_ups", settings)]);
  });

  function insert(table: string, row: Row): InStatement {
    const columns = Object.keys(row);
    return {
      sql: `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      args: Object.values(row),
    };
  }

  const setSettings = (assignments: string): InStatement => ({
    sql: `UPDATE auto_top_ups SET ${assignments} WHERE account_id = ?`,
    args: [account.id],
  });

  async function refuses(statement: InStatement, message: RegExp, isConflict: boolean) {
    const error = await db.write([statement]).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ConstraintViolated);
    expect((error as ConstraintViolated).message).toMatch(message);
    expect((error as ConstraintViolated).isConflict).toBe(isConflict);
  }
  const refusesForGood = (statement: InStatement, message: RegExp) =>
    refuses(statement, message, false);
  const refusesAsConflict = (statement: InStatement, message: RegExp) =>
    refuses(statement, message, true);

  describe("settings", () => {
    test("saved for the first time by two at once", async () => {
      await refusesAsConflict(insert("auto_top_ups", settings), /the settings are there already/);
    });

    test("moved by whoever read an older version, or back to an older revision", async () => {
      await refusesAsConflict(setSettings("version = 1"), /the settings have moved on/);
      await refusesAsConflict(setSettings("version = 3"), /the settings have moved on/);
      await refusesAsConflict(setSettings("version = 2, revision = 0"), /have moved on/);
      const other = (await anAccount(db)).id;
      await refusesAsConflict(setSettings(`version = 2, account_id = '${other}'`), /moved on/);
    });

    test("that are on without agreement or without saying when, or contradict themselves", async () => {
      const move = (assignments: string) => setSettings(`version = 2, ${assignments}`);
      await refusesForGood(move("consent_id = NULL"), /auto_top_ups_consent/);
      await refusesForGood(move("out_of_credits = 0, before_expiry = 0"), /auto_top_ups_asked_for/);
      await refusesForGood(move("quantity = 0"), /auto_top_ups_figures/);
      await refusesForGood(move("suspension_reason = 'card_refused'"), /auto_top_ups_suspension/);
      await refusesForGood(move("renewal_due_at = 1"), /auto_top_ups_renewal/);
      await refusesForGood(move("renewal_due_at = 2, renewal_expires_at = 2"), /_renewal/);
      await refusesForGood(move("consent_id = 'con_unknown'"), /FOREIGN KEY/);
    });
  });

  test("agreement that is changed or deleted", async () => {
    await refusesForGood("UPDATE consents SET sentence = 'Anything.'", /is never changed/);
    await refusesForGood("DELETE FROM consents", /is never deleted/);
  });

  describe("a purchase", () => {
    let paid: Row;
    const order = (about: Row = {}) =>
      insert("top_ups", {
        ...paid,
        id: `top_${unique()}`,
        trigger: "out_of_credits",
        trigger_key: `out-of-credits-${unique()}`,
        state: "draft",
        payment_intent_id: null,
        lot_id: null,
        paid_at: null,
        receipt: null,
        next_step_at: NOON,
        consent_id: consent.id ?? null,
        ...about,
      });

    beforeEach(async () => {
      const { topUp } = await aPaidTopUp(db, account.id);
      const { rows, columns } = await db.read({
        sql: "SELECT * FROM top_ups WHERE id = ?",
        args: [topUp.id],
      });
      paid = Object.fromEntries(
        columns.map((column, at) => [column, rows[0]?.[at] ?? null]),
      ) as Row;
    });

    test("without the customer that they did not agree to, or have switched off", async () => {
      const stranger = { ...consent, id: `con_${unique()}`, account_id: (await anAccount(db)).id };
      await db.write([insert("consents", stranger)]);
      await refusesAsConflict(order({ consent_id: stranger.id ?? null }), /not asked for any more/);
      await refusesAsConflict(order({ account_id: stranger.account_id ?? null }), /not asked for/);
      await db.write([setSettings("version = 2, enabled = 0")]);
      await refusesAsConflict(order(), /it is not asked for any more/);
    });

    test("without the customer while another is under way", async () => {
      await db.write([order()]);
      await refusesAsConflict(order({ trigger: "before_expiry" }), /one is under way/);
    });

    test("that somebody ordered although it is automatic, or another than who did", async () => {
      await refusesForGood(order({ ordered_by: "user_1" }), /nobody orders an automatic purchase/);
      await refusesForGood(
        `UPDATE top_ups SET ordered_by = 'user_2', revision = revision + 1 WHERE id = '${paid.id}'`,
        /a purchase stays what was ordered/,
      );
    });

    test("of an episode that was answered", async () => {
      const key = `out-of-credits-${unique()}`;
      await db.write([order({ trigger_key: key, state: "failed", next_step_at: null })]);
      await refusesAsConflict(order({ trigger_key: key }), /this was answered already/);
    });

    test("that names agreement although the customer buys, or none although nobody does", async () => {
      await refusesForGood(order({ trigger: "manual" }), /top_ups_consent/);
      await refusesAsConflict(order({ consent_id: null }), /not asked for any more/);
    });
  });

  describe("a notice", () => {
    const notice = (about: Row = {}) =>
      insert("notices", {
        key: unique(),
        account_id: account.id,
        kind: "low_balance",
        data: "{}",
        at: NOON,
        is_mailed: 0,
        ...about,
      });

    test("of the same thing twice, or whose words are changed, or that is mailed anew", async () => {
      const key = unique();
      await db.write([notice({ key }), { sql: "UPDATE notices SET is_mailed = 1", args: [] }]);
      await refusesForGood(notice({ key }), /notices\.key/);
      for (const change of ["data = '[]'", "kind = 'depleted'", "at = 1", "is_mailed = 0"]) {
        await refusesForGood(
          { sql: `UPDATE notices SET ${change} WHERE key = ?`, args: [key] },
          /a notice keeps its words/,
        );
      }
    });

    test("of a balance by whoever does not know what was told last", async () => {
      const level = { account_id: account.id, level: "low", version: 1 };
      await db.write([insert("notice_levels", level)]);
      await refusesAsConflict(insert("notice_levels", level), /the account was told meanwhile/);
      for (const version of [1, 3]) {
        const sql = "UPDATE notice_levels SET level = 'enough', version = ? WHERE account_id = ?";
        await refusesAsConflict(
          { sql, args: [version, account.id] },
          /the account was told meanwhile/,
        );
      }
    });
  });

  describe("no change of settings, after which", () => {
    const asked = async () => (await findSnapshot(db, account.id))?.account;

    test("the account says what its books have to know of them", async () => {
      expect(await asked()).toMatchObject({ topUpAt: 2, keepsExpired: true });
      await db.write([setSettings("version = 2, out_of_credits = 0")]);
      expect(await asked()).toMatchObject({ topUpAt: null, keepsExpired: true });
      await db.write([setSettings("version = 3, out_of_credits = 1, before_expiry = 0")]);
      expect(await asked()).toMatchObject({ topUpAt: 2, keepsExpired: false });
      await db.write([setSettings("version = 4, before_expiry = 1, enabled = 0")]);
      expect(await asked()).toMatchObject({ topUpAt: null, keepsExpired: false });
    });

    test("each grant begins another time of having credits", async () => {
      await grantTo(db, account.id);
      await grantTo(db, account.id, { kind: "free" });
      expect((await asked())?.creditEpoch).toBe(2);
    });
  });
});
