import { credits } from "@scanmeter/core";
import {
  anAccount,
  DAY,
  decideIn,
  grantTo,
  NOON,
  noonPlus,
  openTempDatabase,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ActivityFilter, readActivity, walkActivity } from "./read-activity.ts";

let temp: TempDatabase;
let account: TestAccount;

/** Far more than one window: a grant, a day on which nothing much happens, and a grant. */
const QUIET = 4_500;

beforeAll(async () => {
  temp = await openTempDatabase();
  const { database: db } = temp;
  account = await anAccount(db);
  await grantTo(db, account.id, { at: NOON });
  await decideIn(db, account.id, { now: noonPlus(DAY) }, (books) => {
    for (let n = 0; n < QUIET; n += 1) {
      books.book({ kind: "extension", key: unique(), bookedAt: books.now });
    }
  });
  await grantTo(db, account.id, { at: noonPlus(3 * DAY), credits: credits(2) });
  await grantTo(db, (await anAccount(db)).id);
});
afterAll(() => temp.close());

const page = async (limit: number, cursor?: number, filter: Partial<ActivityFilter> = {}) => {
  const query = { accountId: account.id, limit, cursor, ...filter };
  const { items, nextCursor } = await readActivity({ db: temp.database }, query);
  return [items.map(({ version }) => version), nextCursor];
};
const newest = QUIET + 2;

describe("activity", () => {
  test("comes in pages that say where the next one begins", async () => {
    expect(await page(2)).toEqual([[newest, newest - 1], newest - 1]);
    expect(await page(2, 4)).toEqual([[3, 2], 2]);
    expect(await page(2, 3)).toEqual([[2, 1], null]);
    expect(await page(2, 1)).toEqual([[], null]);
  });

  test("of a rare kind is found however much lies between", async () => {
    const kinds = ["grant"] as const;
    expect(await page(5, undefined, { kinds })).toEqual([[newest, 1], null]);
    expect(await page(1, undefined, { kinds })).toEqual([[newest], newest]);
    expect(await page(1, newest, { kinds })).toEqual([[1], null]);
    expect(await page(5, undefined, { kinds: ["debit"] })).toEqual([[], null]);
  });

  test("of some days is what counts from then, from inclusive and to exclusive", async () => {
    expect(await page(5, undefined, { from: noonPlus(DAY + 1) })).toEqual([[newest], null]);
    expect(await page(5, undefined, { to: noonPlus(DAY) })).toEqual([[1], null]);
    const [, next] = await page(5, undefined, { from: noonPlus(DAY), to: noonPlus(3 * DAY) });
    expect(next).toBe(newest - 5);
  });

  test("is walked to its first posting, each once, while others have their turns", async () => {
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 0);
    const versions: number[] = [];
    const walk = walkActivity({ db: temp.database }, { accountId: account.id });
    for await (const rows of walk) versions.push(...rows.map(({ version }) => version));
    clearInterval(others);
    expect(versions).toEqual(Array.from({ length: newest }, (_, index) => newest - index));
    expect(turns).toBeGreaterThan(10);
  });
});
