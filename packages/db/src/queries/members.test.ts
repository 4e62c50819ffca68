import { instant } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  aMember,
  anAccount,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { insertAccount, type NewAccount } from "./accounts.ts";
import {
  chooseAccount,
  findMembership,
  listActing,
  listOwnAccounts,
  listOwnerNames,
} from "./members.ts";

describe.each(databases)("who acts for which account in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let first: TestAccount;
  let second: TestAccount;
  let userId: string;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  // Somebody who joined two accounts and opened none.
  beforeEach(async () => {
    [first, second] = [await anAccount(db), await anAccount(db)];
    userId = (await aMember(db, second.id, { role: "billing" })).userId;
    await join(first);
  });

  const join = (account: TestAccount) =>
    db.write([
      {
        sql: "INSERT INTO members (account_id, user_id, role) VALUES (?, ?, 'member')",
        args: [account.id, userId],
      },
    ]);
  const leave = (account: TestAccount) =>
    db.write([
      {
        sql: "DELETE FROM members WHERE account_id = ? AND user_id = ?",
        args: [account.id, userId],
      },
    ]);

  async function aSession(expiresAt = noonPlus(1)): Promise<string> {
    const token = unique();
    await db.write([
      {
        sql: `INSERT INTO auth_session (id, token, user_id, expires_at, created_at, updated_at)
          VALUES (?1, ?1, ?2, ?3, ?4, ?4)`,
        args: [token, userId, expiresAt, NOON],
      },
    ]);
    return token;
  }

  async function openOwn(): Promise<string> {
    const id = `acc_${unique()}` as NewAccount["id"];
    const details = { name: "Own", timeZone: "UTC", currency: "EUR", createdAt: noonPlus(9) };
    await db.write(insertAccount({ id, ownerId: userId, ...details }));
    return id;
  }

  /** By both ways of asking, which have to agree. */
  async function acting(sessionToken: string): Promise<string | undefined> {
    const found = (await findMembership(db, userId, { sessionToken }))?.account.id;
    expect((await listActing(db, [sessionToken], NOON)).get(sessionToken)).toBe(found);
    const own = await listOwnAccounts(db, { userId, sessionToken });
    expect(own[0]?.id).toBe(found);
    return found;
  }

  test("where nothing was chosen, the account they opened, and else the oldest", async () => {
    const session = await aSession();
    expect(await acting(session)).toBe(first.id);
    const own = await openOwn();
    expect(await acting(session)).toBe(own);
    expect((await findMembership(db, userId))?.account.id).toBe(own);
  });

  test("whom to ask of an account are its owners, as many as are asked for", async () => {
    const account = await anAccount(db);
    await aMember(db, account.id, { role: "billing" });
    const owners = [await aMember(db, account.id, { role: "owner" })];
    owners.push(await aMember(db, account.id, { role: "owner" }));
    const names = owners.map(({ userId: id }) => id).sort();
    expect(await listOwnerNames(db, account.id, 3)).toEqual(names);
    expect(await listOwnerNames(db, account.id, 1)).toEqual(names.slice(0, 1));
    expect(await listOwnerNames(db, "acc_unknown", 3)).toEqual([]);
  });

  test("what was chosen counts for that session alone", async () => {
    const [session, other] = [await aSession(), await aSession()];
    await db.write(chooseAccount({ userId, sessionToken: session }, second.id));
    expect(await acting(session)).toBe(second.id);
    expect(await acting(other)).toBe(first.id);
    expect(await findMembership(db, userId, { sessionToken: session })).toMatchObject({
      role: "billing",
    });
    // Nor for somebody else who acts for both.
    const mate = await aMember(db, first.id);
    await db.write([
      {
        sql: "INSERT INTO members (account_id, user_id, role) VALUES (?, ?, 'member')",
        args: [second.id, mate.userId],
      },
    ]);
    expect((await findMembership(db, mate.userId, { sessionToken: session }))?.account.id).toBe(
      first.id,
    );
    expect(await listOwnAccounts(db, { userId, sessionToken: session })).toEqual([
      { id: second.id, name: "Acme", role: "billing" },
      { id: first.id, name: "Acme", role: "member" },
    ]);
  });

  test("a session begins with what was chosen last, if they still act for it", async () => {
    const sessionToken = await aSession();
    for (const { id } of [second, first, second])
      await db.write(chooseAccount({ userId, sessionToken }, id));
    expect(await acting(await aSession())).toBe(second.id);
    await leave(second);
    expect(await acting(await aSession())).toBe(first.id);
  });

  test("an account nobody made them a member of cannot be chosen, nor in somebody else's session", async () => {
    const stranger = await anAccount(db);
    const sessionToken = await aSession();
    const chosen = await db.write([
      ...chooseAccount({ userId, sessionToken }, stranger.id),
      ...chooseAccount({ userId: stranger.ownerId, sessionToken }, stranger.id),
    ]);
    expect(chosen.map(({ rowsAffected }) => rowsAffected)).toEqual([0, 0, 0, 0]);
    expect(await acting(sessionToken)).toBe(first.id);
    expect(await acting(await aSession())).toBe(first.id);
  });

  test("leaving what was chosen leads to another, and back only when it is chosen again", async () => {
    const sessionToken = await aSession();
    await db.write(chooseAccount({ userId, sessionToken }, second.id));
    await leave(second);
    expect(await acting(sessionToken)).toBe(first.id);
    await join(second);
    expect(await acting(sessionToken)).toBe(first.id);
    await leave(first);
    await leave(second);
    expect(await acting(sessionToken)).toBeUndefined();
  });

  test("whoever leaves the account they opened may open one again, and not before", async () => {
    const own = await openOwn();
    await expect(openOwn()).rejects.toThrow(/accounts.opened_by/);
    await db.write([
      {
        sql: "INSERT INTO members (account_id, user_id, role) VALUES (?, ?, 'owner')",
        args: [own, first.ownerId],
      },
    ]);
    await leave({ ...first, id: own as TestAccount["id"] });
    expect(await openOwn()).not.toBe(own);
  });

  test("a session that is over acts for nothing", async () => {
    const token = await aSession(instant(NOON - 1));
    expect((await listActing(db, [token, "nobody's"], NOON)).size).toBe(0);
  });
});
