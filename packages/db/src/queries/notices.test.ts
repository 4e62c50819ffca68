import { type AccountId, credits, type Instant } from "@scanmeter/core";
import type { Notice } from "@scanmeter/core/notices";
import { aNoticeOf } from "@scanmeter/core/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  aMember,
  anAccount,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  unique,
} from "../testing/index.ts";
import { mailStatement } from "./mails.ts";
import {
  findNotice,
  findNoticeChoices,
  findReading,
  findToldLevel,
  insertNotices,
  listNotices,
  listNoticesToMail,
  markNoticesMailed,
  moveReadUntil,
  putLowBalance,
  putMuted,
  putToldLevel,
} from "./notices.ts";

describe.each(databases)("notices in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: AccountId;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    await db.write(["DELETE FROM notices"]);
    accountId = (await anAccount(db)).id;
  });

  const aNotice = (at: Instant = NOON, key = `recovered-${unique()}`): Notice => ({
    key,
    accountId,
    at,
    kind: "recovered",
    data: aNoticeOf.recovered,
  });
  const allOf = (page: { limit?: number; before?: Notice | null } = {}) =>
    listNotices(db, { accountId, before: null, limit: 10, ...page });

  test("are written once for each key, and the first words stay", async () => {
    const notice = aNotice();
    await db.write([...insertNotices([notice, { ...notice, at: noonPlus(5) }])]);
    const reworded = { ...notice, data: { available: credits(1) } } as Notice;
    await db.write([...insertNotices([reworded])]);
    expect(await allOf()).toEqual([notice]);
  });

  test("of nothing are no statement", () => {
    expect(insertNotices([])).toEqual([]);
  });

  test("keep the words they were told in", async () => {
    const notice = aNotice();
    await db.write(insertNotices([notice]));
    for (const change of ["data = '{}'", "kind = 'depleted'", "at = 0", "account_id = 'x'"]) {
      await expect(
        db.write([{ sql: `UPDATE notices SET ${change} WHERE key = ?`, args: [notice.key] }]),
      ).rejects.toThrow("keeps its words");
    }
  });

  test("are listed the newest first, page by page, also where several are of one instant", async () => {
    const all = ["a", "b", "c", "d", "e"].map((letter, at) =>
      aNotice(noonPlus(at < 3 ? 0 : at), `${letter}-${unique()}`),
    );
    await db.write(insertNotices(all));
    const newestFirst = [...all].reverse();
    expect(await allOf()).toEqual(newestFirst);
    const seen: Notice[] = [];
    for (let before: Notice | null = null; ; ) {
      const page: Notice[] = await allOf({ limit: 2, before });
      seen.push(...page);
      if (page.length < 2) break;
      before = page[1] as Notice;
    }
    expect(seen).toEqual(newestFirst);
  });

  test("of one account are nobody else's", async () => {
    await db.write(insertNotices([aNotice()]));
    const other = (await anAccount(db)).id;
    expect(await listNotices(db, { accountId: other, before: null, limit: 9 })).toEqual([]);
    expect(await findReading(db, { accountId: other, userId: "u" })).toMatchObject({ unread: 0 });
  });

  test("are found by their key with the account's name and time zone", async () => {
    const notice = aNotice();
    await db.write(insertNotices([notice]));
    expect(await findNotice(db, notice.key)).toEqual({
      notice,
      timeZone: "Europe/Vienna",
      accountName: "Acme",
    });
    expect(await findNotice(db, "nothing")).toBeNull();
  });

  describe("to be mailed", () => {
    test("come with everybody of the account and what they switched off, the oldest first", async () => {
      const ada = await aMember(db, accountId, { role: "owner" });
      const bob = await aMember(db, accountId, { role: "member" });
      await db.write([putMuted({ accountId, userId: bob.userId }, ["scans"])]);
      const [second, first] = [aNotice(noonPlus(5)), aNotice()];
      await db.write(insertNotices([second, first]));
      const found = await listNoticesToMail(db, 10);
      expect(found.map(({ notice }) => notice)).toEqual([first, second]);
      // The owner an account begins with never signed up in this test, so there is nowhere to write.
      expect(found[0]?.members.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))).toEqual([
        { ...ada, role: "owner", muted: [] },
        { ...bob, role: "member", muted: ["scans"] },
      ]);
    });

    test("are taken once", async () => {
      const [one, other] = [aNotice(), aNotice()];
      await db.write(insertNotices([one, other]));
      const [marked] = await db.write([markNoticesMailed([one.key])]);
      expect(marked?.rowsAffected).toBe(1);
      expect(await listNoticesToMail(db, 10)).toMatchObject([{ notice: other }]);
      const [again] = await db.write([markNoticesMailed([one.key])]);
      expect(again?.rowsAffected).toBe(0);
      await expect(db.write(["UPDATE notices SET is_mailed = 0"])).rejects.toThrow(
        "keeps its words",
      );
    });

    test("say who got the receipt of the same purchase", async () => {
      const topUpId = `top_${unique()}`;
      const receipt = {
        key: `receipt-${topUpId}`,
        accountId,
        to: "books@acme.example",
        template: "receipt",
        data: { invoiceId: "inv_1" },
        sendAt: NOON,
      } as const;
      const done = { ...aNoticeOf.top_up_done, topUpId } as never;
      const about = { accountId, at: NOON } as const;
      await db.write([
        mailStatement(receipt),
        ...insertNotices([
          { ...about, key: unique(), kind: "top_up_done", data: done },
          { ...about, key: unique(), kind: "top_up_failed", data: done },
        ]),
      ]);
      const found = await listNoticesToMail(db, 10);
      expect(found.map(({ receiptTo }) => receiptTo)).toEqual(["books@acme.example", null]);
    });
  });

  describe("are read", () => {
    test("up to an instant, by each member for themselves", async () => {
      await db.write(insertNotices([aNotice(), aNotice(noonPlus(1)), aNotice(noonPlus(2))]));
      const [ada, bob] = ["ada", "bob"].map((name) => ({ accountId, userId: name + unique() }));
      if (ada === undefined || bob === undefined) throw new Error("There are two.");
      expect(await findReading(db, ada)).toEqual({ readUntil: 0, unread: 3 });
      await db.write([moveReadUntil(ada, noonPlus(1))]);
      expect(await findReading(db, ada)).toEqual({ readUntil: noonPlus(1), unread: 1 });
      expect(await findReading(db, bob)).toMatchObject({ unread: 3 });
    });

    test("and never unread again", async () => {
      const reader = { accountId, userId: unique() };
      await db.write([moveReadUntil(reader, noonPlus(5)), moveReadUntil(reader, NOON)]);
      expect(await findReading(db, reader)).toMatchObject({ readUntil: noonPlus(5) });
    });
  });

  test("are switched off by groups, which leaves what was read as it was", async () => {
    const reader = { accountId, userId: unique() };
    expect(await findNoticeChoices(db, reader)).toEqual({
      muted: [],
      lowBalance: 5,
      others: [],
    });
    await db.write([moveReadUntil(reader, NOON), putMuted(reader, ["expiry", "scans"])]);
    await db.write([putLowBalance(accountId, credits(9))]);
    expect(await findNoticeChoices(db, reader)).toEqual({
      muted: ["expiry", "scans"],
      lowBalance: 9,
      others: [],
    });
    expect(await findReading(db, reader)).toMatchObject({ readUntil: NOON });
    await db.write([putMuted(reader, [])]);
    expect(await findNoticeChoices(db, reader)).toMatchObject({ muted: [] });
    expect(await findNoticeChoices(db, { accountId: "acc_no", userId: "u" })).toBeNull();
  });

  test("are known of the other members, by name, with what they switched off", async () => {
    const [one, other] = [await aMember(db, accountId), await aMember(db, accountId)];
    await db.write([putMuted({ accountId, userId: other.userId }, ["scans"])]);
    const choices = await findNoticeChoices(db, { accountId, userId: unique() });
    const known = [
      { name: one.userId, role: "member", muted: [] },
      { name: other.userId, role: "member", muted: ["scans"] },
    ];
    expect(choices?.others).toEqual(known.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
    const own = await findNoticeChoices(db, { accountId, userId: one.userId });
    expect(own?.others.map(({ name }) => name)).toEqual([other.userId]);
  });

  describe("of the balance", () => {
    test("are remembered with a number that rises, and only by whoever read the last one", async () => {
      expect(await findToldLevel(db, accountId)).toBeNull();
      await db.write([putToldLevel(accountId, { before: null, level: "enough" })]);
      const first = await findToldLevel(db, accountId);
      expect(first).toEqual({ level: "enough", number: 1 });
      await db.write([putToldLevel(accountId, { before: first, level: "low" })]);
      expect(await findToldLevel(db, accountId)).toEqual({ level: "low", number: 2 });

      const stale = [
        putToldLevel(accountId, { before: null, level: "depleted" }),
        putToldLevel(accountId, { before: first, level: "depleted" }),
      ];
      for (const statement of stale) {
        const notice = aNotice();
        await expect(db.write([...insertNotices([notice]), statement])).rejects.toMatchObject({
          isConflict: true,
        });
        expect(await findNotice(db, notice.key)).toBeNull();
      }
      expect(await findToldLevel(db, accountId)).toMatchObject({ level: "low" });
    });
  });
});
