import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  anAccount,
  anAutoTopUp,
  DAY,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
} from "../testing/index.ts";
import { addConsent, putAutoTopUps } from "./auto-top-ups.ts";
import {
  askForLooks,
  findNextLookAt,
  listArmedRenewals,
  listDueLooks,
  listLooksDueBetween,
  putNextLook,
  putOffLook,
} from "./looks.ts";

describe.each(databases)("looks in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: string;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    await db.write(["UPDATE accounts SET next_look_at = NULL"]);
    accountId = (await anAccount(db)).id;
  });

  async function asked(): Promise<number> {
    const { rows } = await db.read({
      sql: "SELECT looks_asked FROM accounts WHERE id = ?",
      args: [accountId],
    });
    return rows[0]?.[0] as number;
  }

  const due = async (until: number) =>
    (await listDueLooks(db, until, 10)).map((one) => one.accountId);

  test("one that is asked for is due from then on, and since the first time", async () => {
    await db.write([askForLooks([accountId], NOON), askForLooks([accountId], noonPlus(5))]);
    expect(await due(noonPlus(-1))).toEqual([]);
    expect(await due(NOON)).toEqual([accountId]);
  });

  test("one that was done is due when the next one is", async () => {
    await db.write([askForLooks([accountId], NOON)]);
    const nextAt = noonPlus(DAY);
    await db.write([putNextLook(accountId, { nextAt, looksAsked: await asked() })]);
    expect(await due(NOON)).toEqual([]);
    expect(await findNextLookAt(db, NOON)).toBe(nextAt);
    const range = { from: NOON, until: nextAt, afterId: "" };
    expect(await listLooksDueBetween(db, range, 10)).toEqual([{ accountId, dueAt: nextAt }]);
  });

  test("one that is asked for while another goes on is not taken for done with it", async () => {
    await db.write([askForLooks([accountId], NOON)]);
    const looksAsked = await asked();
    await db.write([askForLooks([accountId], NOON)]);
    await db.write([putNextLook(accountId, { nextAt: null, looksAsked })]);
    expect(await due(NOON)).toEqual([accountId]);
  });

  test("one that could not be done is put off, but not one that was done meanwhile", async () => {
    await db.write([askForLooks([accountId], NOON)]);
    await db.write([putOffLook(accountId, { at: NOON, until: noonPlus(5) })]);
    expect(await due(noonPlus(4))).toEqual([]);
    expect(await due(noonPlus(5))).toEqual([accountId]);
    await db.write([putNextLook(accountId, { nextAt: null, looksAsked: await asked() })]);
    await db.write([putOffLook(accountId, { at: noonPlus(6), until: noonPlus(9) })]);
    expect(await due(noonPlus(9))).toEqual([]);
  });

  test("armed renewals are listed a year ahead, in pages, unless they are switched off", async () => {
    const renewal = { expiresAt: noonPlus(365 * DAY), dueAt: noonPlus(362 * DAY) };
    const other = (await anAccount(db)).id;
    for (const [id, enabled] of [
      [accountId, true],
      [other, false],
    ] as const) {
      const row = anAutoTopUp(id, { renewal });
      const settings = { ...row.settings, enabled };
      await db.write([addConsent(id, row.consent), ...putAutoTopUps([{ ...row, settings }])]);
    }
    const page = { from: NOON, afterId: "", limit: 10 };
    const ours = (await listArmedRenewals(db, page)).filter((one) =>
      [accountId, other].includes(one.accountId),
    );
    expect(ours).toEqual([{ accountId, dueAt: renewal.dueAt }]);
    expect(await listArmedRenewals(db, { ...page, afterId: accountId })).toEqual([]);
  });
});
