import { idOf, type TopUpId } from "@scanmeter/core";
import type { TopUp } from "@scanmeter/core/purchase";
import { invoiceFacts } from "@scanmeter/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  anAccount,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { findNextPaymentAt, listTopUpsDueBetween, putTopUps } from "./top-ups.ts";

const LIMIT = 100;

describe.each(databases)("purchases that fall due in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;
  let ids: TopUpId[];

  const dueAt = async (nextStepAt: TopUp["nextStepAt"]): Promise<TopUpId> => {
    const id = idOf("topUp", unique());
    const { billing, topUp: paid } = invoiceFacts();
    const topUp: TopUp = {
      ...(paid as TopUp),
      id,
      accountId: account.id,
      triggerKey: id,
      // An account has one under way, but any number that are over.
      state: "expired",
      paymentIntentId: null,
      paidAt: null,
      lotId: null,
      nextStepAt,
    };
    const settlement = "none";
    await db.write(
      putTopUps([
        { topUp, billing, card: null, receipt: null, settlement, reversed: null, consentId: null },
      ]),
    );
    return id;
  };

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
    account = await anAccount(db);
    ids = [
      await dueAt(noonPlus(2_000)),
      await dueAt(NOON),
      await dueAt(noonPlus(1_000)),
      await dueAt(null),
      await dueAt(noonPlus(2_001)),
    ];
  });
  afterAll(() => temp.close());

  test("are those after the first instant, up to the last one and at it", async () => {
    const range = { from: NOON, until: noonPlus(2_000), afterId: "" };
    expect(await listTopUpsDueBetween(db, range, LIMIT)).toEqual([
      { accountId: account.id, topUpId: ids[0], dueAt: noonPlus(2_000) },
      { accountId: account.id, topUpId: ids[2], dueAt: noonPlus(1_000) },
    ]);
  });

  test("come in pages, none twice and none left out", async () => {
    const range = { from: NOON, until: noonPlus(9_000) };
    const first = await listTopUpsDueBetween(db, { ...range, afterId: "" }, 2);
    const afterId = first.at(-1)?.topUpId ?? "";
    const second = await listTopUpsDueBetween(db, { ...range, afterId }, 2);
    expect([...first, ...second].map(({ topUpId }) => topUpId)).toEqual([ids[0], ids[2], ids[4]]);
  });

  test("have a next instant, which is never now", async () => {
    expect(await findNextPaymentAt(db, NOON)).toBe(noonPlus(1_000));
    expect(await findNextPaymentAt(db, noonPlus(1_000))).toBe(noonPlus(2_000));
    expect(await findNextPaymentAt(db, noonPlus(2_001))).toBeNull();
  });
});
