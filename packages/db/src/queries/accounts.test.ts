import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHAIN_START } from "../chain.ts";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  aMember,
  anAccount,
  aPaidTopUp,
  databases,
  grantTo,
  NOON,
  type TempDatabase,
  unique,
} from "../testing/index.ts";
import {
  findAccount,
  findSettingsFacts,
  insertAccount,
  listVersions,
  type NewAccount,
  updateSettings,
  updateWhenOutOfCredits,
} from "./accounts.ts";
import { findMembership } from "./members.ts";

describe.each(databases)("accounts in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  const aNewAccount = (about: Partial<NewAccount> = {}): NewAccount => ({
    id: `acc_${unique()}` as NewAccount["id"],
    ownerId: `user_${unique()}`,
    name: "Äcme “Ltd”",
    timeZone: "America/New_York",
    currency: "USD",
    createdAt: NOON,
    ...about,
  });

  test("an account is found by its owner as it was opened, at version 0", async () => {
    const account = aNewAccount();
    await db.write(insertAccount(account));
    const { id, name, timeZone, currency } = account;
    expect(await findMembership(db, account.ownerId)).toEqual({
      account: { id, name, timeZone, currency, version: 0, whenOutOfCredits: "pause" },
      role: "owner",
    });
  });

  test("it starts with nothing: no balance, no debt, the first link of its chain", async () => {
    const account = aNewAccount();
    await db.write(insertAccount(account));
    const { rows } = await db.read({
      sql: "SELECT version, balance, debt, chain_hash, created_at FROM accounts WHERE id = ?",
      args: [account.id],
    });
    expect(Array.from(rows[0] ?? [])).toEqual([0, 0, 0, CHAIN_START, NOON]);
  });

  test("a user opens one account; a second one leaves nothing behind", async () => {
    const first = aNewAccount();
    const second = aNewAccount({ ownerId: first.ownerId });
    await db.write(insertAccount(first));
    await expect(db.write(insertAccount(second))).rejects.toSatisfy(
      (error) => error instanceof ConstraintViolated && !error.isConflict,
    );
    expect(await findAccount(db, second.id)).toBeNull();
    expect((await findMembership(db, first.ownerId))?.account.id).toBe(first.id);
  });

  test("an operator finds an account by its id or by a member's address in any case", async () => {
    const account = await anAccount(db);
    const email = `person-${unique()}@example.com`;
    await db.write([
      {
        sql: "INSERT INTO auth_user (id, name, email, created_at, updated_at) VALUES (?, 'P', ?, ?, ?)",
        args: [account.ownerId, email, NOON, NOON],
      },
    ]);
    expect((await findAccount(db, account.id))?.id).toBe(account.id);
    expect((await findAccount(db, email.toUpperCase()))?.id).toBe(account.id);
    expect(await findAccount(db, "nobody@example.com")).toBeNull();
  });

  test("of several accounts an address finds the one its person owns", async () => {
    const email = `person-${unique()}@example.com`;
    const [older, own] = [await anAccount(db), await anAccount(db)];
    const { userId } = await aMember(db, older.id, { email });
    await db.write([
      {
        sql: "INSERT INTO members (account_id, user_id, role) VALUES (?, ?, 'owner')",
        args: [own.id, userId],
      },
    ]);
    expect((await findAccount(db, email))?.id).toBe(own.id);
    expect((await findAccount(db, older.id))?.id).toBe(older.id);
  });

  test("its settings change, and what was bought is known of it", async () => {
    const account = await anAccount(db);
    const settings = { name: "Other", timeZone: "Asia/Tokyo", currency: "EUR" };
    await db.write([updateSettings(account.id, settings)]);
    expect(await findAccount(db, account.id)).toMatchObject(settings);
    expect(await findSettingsFacts(db, account.id)).toEqual({ currency: "EUR", hasBought: false });
    await aPaidTopUp(db, account.id);
    expect(await findSettingsFacts(db, account.id)).toEqual({ currency: "EUR", hasBought: true });
    expect(await findSettingsFacts(db, "acc_unknown")).toBeNull();
  });

  test("nobody's membership is null", async () => {
    expect(await findMembership(db, "user_unknown")).toBeNull();
  });

  test("what becomes of a scan without credits is kept, and nothing else may be", async () => {
    const account = await anAccount(db);
    await db.write([updateWhenOutOfCredits(account.id, "finish")]);
    expect((await findAccount(db, account.id))?.whenOutOfCredits).toBe("finish");
    await expect(
      db.write([updateWhenOutOfCredits(account.id, "explode" as "finish")]),
    ).rejects.toBeInstanceOf(ConstraintViolated);
  });

  test("versions are listed for the accounts that exist", async () => {
    const [one, other] = [await anAccount(db), await anAccount(db)];
    await grantTo(db, one.id);
    expect(await listVersions(db, [one.id, other.id, "acc_unknown"])).toEqual(
      new Map([
        [one.id, 1],
        [other.id, 0],
      ]),
    );
    expect(await listVersions(db, [])).toEqual(new Map());
  });
});
