/** Refunds and disputes as they are stored, and as the facts of a write bring them. */
import { credits, type Instant, idOf, minor } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  anAccount,
  databases,
  NOON,
  noonPlus,
  nothingWanted,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { readFacts } from "./books.ts";
import { type DisputeRow, listDisputesOfTopUps, listHolds, putDisputes } from "./disputes.ts";
import {
  findRefund,
  findRefundOfCommand,
  listDueRefunds,
  listRefundsOfTopUps,
  putRefunds,
  type RefundRow,
  takeRefundOn,
} from "./refunds.ts";

describe.each(databases)("money that goes back in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;
  let topUpId: RefundRow["topUpId"];

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    account = await anAccount(db);
    topUpId = idOf("topUp", unique());
  });

  function aRefund(about: Partial<RefundRow> = {}): RefundRow {
    const id = idOf("refund", unique());
    return {
      id,
      accountId: account.id,
      topUpId,
      paymentIntentId: `pi_${topUpId}`,
      gatewayRefundId: null,
      amountMinor: minor(950),
      currency: "EUR",
      credits: credits(1),
      status: "starting",
      reason: "asked",
      commandKey: `command-${id}`,
      fingerprint: "[]",
      key: `rf_${id}`,
      params: '{"amount":950}',
      firstSentAt: null,
      nextStepAt: NOON,
      createdAt: NOON,
      updatedAt: NOON,
      ...about,
    };
  }

  /** One that was made elsewhere. */
  const aForeignRefund = (about: Partial<RefundRow> = {}) =>
    aRefund({
      ...{ credits: null, commandKey: null, fingerprint: null, key: null, params: null },
      ...{ reason: null, nextStepAt: null, status: "succeeded", gatewayRefundId: `re_${unique()}` },
      ...about,
    });

  const aDispute = (about: Partial<DisputeRow> = {}): DisputeRow => ({
    id: `dp_${unique()}`,
    accountId: account.id,
    topUpId,
    paymentIntentId: `pi_${topUpId}`,
    amountMinor: minor(9_500),
    currency: "EUR",
    status: "needs_response",
    firstSeenAt: NOON,
    updatedAt: NOON,
    ...about,
  });

  test("a refund comes back as it was stored, by its id and by the command that started it", async () => {
    const [ours, theirs] = [aRefund(), aForeignRefund({ createdAt: noonPlus(1) })];
    await db.write([putRefunds([theirs, ours])]);
    expect(await findRefund(db, ours.id)).toEqual(ours);
    expect(await findRefundOfCommand(db, ours.commandKey ?? "")).toEqual(ours);
    expect(await findRefundOfCommand(db, "unknown")).toBeNull();
    expect(await listRefundsOfTopUps(db, [topUpId])).toEqual([ours, theirs]);
  });

  test("stored again, what became of a refund changes and what it was about does not", async () => {
    const refund = aRefund();
    await db.write([putRefunds([refund])]);
    const news = {
      gatewayRefundId: `re_${unique()}`,
      status: "succeeded",
      nextStepAt: null,
      updatedAt: noonPlus(5),
    };
    const other = { amountMinor: minor(1), credits: credits(9), key: "other", reason: "other" };
    await db.write([putRefunds([{ ...refund, ...news, ...other }])]);
    expect(await findRefund(db, refund.id)).toEqual({ ...refund, ...news });
  });

  test("a refund is stored once per command and once per refund of the gateway", async () => {
    const [ours, theirs] = [aRefund(), aForeignRefund()];
    await db.write([putRefunds([ours, theirs])]);
    const { commandKey } = ours;
    const { gatewayRefundId } = theirs;
    for (const again of [aRefund({ commandKey }), aForeignRefund({ gatewayRefundId })]) {
      await expect(db.write([putRefunds([again])])).rejects.toBeInstanceOf(ConstraintViolated);
    }
  });

  test("a refund of nothing, or one that is half from here, is refused", async () => {
    for (const refund of [
      aRefund({ amountMinor: minor(0) }),
      aRefund({ params: null }),
      aForeignRefund({ credits: credits(1) }),
    ]) {
      await expect(db.write([putRefunds([refund])])).rejects.toThrow(/refunds_/);
    }
  });

  test("what is owed to a refund is due from its instant on, until there is an answer", async () => {
    const refund = aRefund({ nextStepAt: noonPlus(10) });
    await db.write([putRefunds([refund, aForeignRefund()])]);
    const due = async (at: Instant) =>
      (await listDueRefunds(db, at, 100)).filter((id) => id === refund.id);
    expect(await due(noonPlus(9))).toEqual([]);
    expect(await due(noonPlus(10))).toEqual([refund.id]);

    const takesOn = async (at: Instant, nextStepAt: Instant) =>
      (await db.write([takeRefundOn(refund.id, { at, nextStepAt })]))[0]?.rowsAffected;
    expect(await takesOn(noonPlus(9), noonPlus(20))).toBe(0);
    expect(await takesOn(noonPlus(10), noonPlus(40))).toBe(1);
    expect(await takesOn(noonPlus(10), noonPlus(40))).toBe(0);
    expect(await takesOn(noonPlus(40), noonPlus(99))).toBe(1);
    expect(await findRefund(db, refund.id)).toMatchObject({
      firstSentAt: noonPlus(10),
      nextStepAt: noonPlus(99),
    });
    await db.write([putRefunds([{ ...refund, status: "succeeded", nextStepAt: null }])]);
    expect(await takesOn(noonPlus(999), noonPlus(1_000))).toBe(0);
    expect((await findRefund(db, refund.id))?.nextStepAt).toBeNull();
  });

  test("a dispute is stored once, with its newest status and the instant it was first seen", async () => {
    const dispute = aDispute();
    await db.write([putDisputes([dispute])]);
    const news = { status: "won", amountMinor: minor(5_000), updatedAt: noonPlus(9) };
    await db.write([putDisputes([{ ...dispute, ...news, firstSeenAt: noonPlus(9) }])]);
    expect(await listDisputesOfTopUps(db, [topUpId])).toEqual([{ ...dispute, ...news }]);
    expect(await listDisputesOfTopUps(db, ["top_unknown"])).toEqual([]);
  });

  test("the facts of a write bring what became of the wanted purchase's money, and no other's", async () => {
    const other = aForeignRefund({ topUpId: idOf("topUp", unique()) });
    const [late, early] = [aForeignRefund({ createdAt: noonPlus(1) }), aRefund()];
    const dispute = aDispute();
    await db.write([putRefunds([late, other, early]), putDisputes([dispute])]);
    const facts = (accountId: string) =>
      readFacts(db, {
        ...nothingWanted,
        accountIds: [accountId],
        dueUntil: NOON,
        moneyOf: [[accountId, topUpId]],
      });
    const { refunds, disputes, documents } = await facts(account.id);
    expect({ refunds, disputes, documents }).toEqual({
      refunds: [early, late],
      disputes: [dispute],
      documents: [],
    });
    // Nor does the name of somebody else's purchase.
    const { id } = await anAccount(db);
    expect(await facts(id)).toMatchObject({ refunds: [], disputes: [] });
  });

  test("an account without purchases has nothing on hold", async () => {
    expect(await listHolds(db, account.id)).toEqual([]);
  });
});
