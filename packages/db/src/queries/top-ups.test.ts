import { type AccountId, idOf, instant, type LotId } from "@scanmeter/core";
import { openTopUp, type TopUp } from "@scanmeter/core/purchase";
import { tenCredits } from "@scanmeter/core/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  agree,
  anAccount,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  unique,
} from "../testing/index.ts";
import {
  findNextPaymentAt,
  findTopUp,
  findTopUpOfPayment,
  listDueTopUps,
  listOpenTopUps,
  listTopUps,
  putTopUps,
  type TopUpRow,
} from "./top-ups.ts";

describe.each(databases)("top-ups in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: AccountId;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    accountId = (await anAccount(db)).id;
  });

  function aRow(change: Partial<TopUp> = {}): TopUpRow {
    const id = idOf("topUp", unique());
    const order = {
      id,
      accountId,
      trigger: "manual",
      triggerKey: `manual-${id}`,
      terms: tenCredits,
      customerId: "cus_1",
      livemode: false,
      orderedBy: "user_1",
    } as const;
    const address = {
      line1: "1 Street",
      line2: null,
      city: "Lisbon",
      postalCode: "1",
      state: null,
    };
    return {
      topUp: { ...openTopUp(order, NOON), ...change },
      billing: {
        name: "Ada",
        company: null,
        email: "ada@example.test",
        address: { ...address, country: "PT" },
        taxId: null,
      },
      card: { brand: "visa", last4: "4242" },
      receipt: null,
      settlement: "none",
      reversed: null,
      consentId: null,
    };
  }

  /** As the next write has to see it: one revision on. */
  const read = ({ topUp, ...row }: TopUpRow, change: Partial<TopUp> = {}): TopUpRow => ({
    ...row,
    topUp: { ...topUp, revision: topUp.revision + 1, ...change },
  });

  const receiptOf = ({ topUp }: TopUpRow) => ({
    topUpId: topUp.id,
    trigger: topUp.trigger,
    bought: topUp.quote.quantity,
    quote: topUp.quote,
    paidAt: NOON,
    newExpiresAt: noonPlus(1),
    debtRepaid: 0 as never,
    lots: [],
  });

  function paid(row: TopUpRow, lot = idOf("lot", unique())): TopUpRow {
    const change = { state: "paid", paidAt: NOON, lotId: lot, nextStepAt: null } as const;
    return {
      ...read(row, { ...change, paymentIntentId: `pi_${unique()}` }),
      receipt: receiptOf(row),
    };
  }

  test("a purchase comes back as it went in, by its id, its payment and its account", async () => {
    const row = aRow({ paymentIntentId: "pi_there", redirectUrl: "https://bank.example" });
    await db.write(putTopUps([row]));
    expect(await findTopUp(db, row.topUp.id)).toEqual(read(row));
    expect(await findTopUpOfPayment(db, "pi_there")).toEqual(read(row));
    expect(await listOpenTopUps(db, accountId)).toEqual([read(row)]);
    expect(await listTopUps(db, { accountId, beforeId: null, limit: 10 })).toEqual([read(row)]);
  });

  test("another account's purchase is not found", async () => {
    const row = aRow();
    await db.write(putTopUps([row]));
    const stranger = (await anAccount(db)).id;
    expect(await findTopUp(db, row.topUp.id, stranger)).toBeNull();
  });

  test("a write that read an older revision is a conflict and changes nothing", async () => {
    const row = aRow();
    await db.write(putTopUps([row]));
    await db.write(putTopUps([read(row, { state: "awaiting_payment" })]));
    const late = db.write(putTopUps([read(row, { state: "expired" })]));
    await expect(late).rejects.toMatchObject({ isConflict: true });
    expect((await findTopUp(db, row.topUp.id))?.topUp.state).toBe("awaiting_payment");
  });

  test("an account has one purchase by hand under way, and another one once that is over", async () => {
    const first = aRow();
    await db.write(putTopUps([first]));
    await expect(db.write(putTopUps([aRow()]))).rejects.toBeInstanceOf(ConstraintViolated);
    await db.write(putTopUps([read(first, { state: "canceled", nextStepAt: null })]));
    await db.write(putTopUps([aRow()]));
  });

  test("an automatic purchase may be under way beside one by hand, but not beside another", async () => {
    const consentId = await agree(db, accountId);
    const automatic = (trigger: TopUp["trigger"]) => ({
      ...aRow({ trigger, orderedBy: null }),
      consentId,
    });
    await db.write(putTopUps([aRow(), automatic("out_of_credits")]));
    const second = db.write(putTopUps([automatic("before_expiry")]));
    await expect(second).rejects.toBeInstanceOf(ConstraintViolated);
  });

  test("nothing is bought automatically without an agreement of the account's own", async () => {
    const consentId = await agree(db, (await anAccount(db)).id);
    for (const of of [null, consentId]) {
      const row = { ...aRow({ trigger: "out_of_credits", orderedBy: null }), consentId: of };
      await expect(db.write(putTopUps([row]))).rejects.toBeInstanceOf(ConstraintViolated);
    }
  });

  test("one intention makes one purchase, one payment pays one, one lot comes of one", async () => {
    const over = { state: "canceled", nextStepAt: null } as const;
    const row = aRow({ ...over, paymentIntentId: "pi_unique" });
    await db.write(putTopUps([row]));
    const { triggerKey } = row.topUp;
    for (const change of [{ triggerKey }, { paymentIntentId: "pi_unique" }]) {
      const twice = db.write(putTopUps([aRow({ ...over, ...change })]));
      await expect(twice).rejects.toBeInstanceOf(ConstraintViolated);
    }
    const [one, other] = [aRow(over), aRow(over)];
    await db.write(putTopUps([one, other]));
    const lot = "lot_same" as LotId;
    await db.write(putTopUps([paid(one, lot)]));
    await expect(db.write(putTopUps([paid(other, lot)]))).rejects.toBeInstanceOf(
      ConstraintViolated,
    );
  });

  test("what is paid stays paid, with its payment and its lot", async () => {
    const row = aRow();
    await db.write(putTopUps([row]));
    const settled = paid(row);
    await db.write(putTopUps([settled]));
    for (const change of [
      { state: "canceled", lotId: null, paidAt: null },
      { lotId: "lot_other" },
      { paymentIntentId: "pi_other" },
    ]) {
      const undone = db.write(putTopUps([read(settled, change as Partial<TopUp>)]));
      await expect(undone).rejects.toBeInstanceOf(ConstraintViolated);
    }
  });

  test("no purchase is paid without its receipt, its lot, its payment and its instant", async () => {
    const row = aRow();
    await db.write(putTopUps([row]));
    const settled = paid(row);
    for (const unfinished of [
      { ...settled, receipt: null },
      { ...settled, topUp: { ...settled.topUp, lotId: null } },
      { ...settled, topUp: { ...settled.topUp, paymentIntentId: null } },
      { ...settled, topUp: { ...settled.topUp, paidAt: null } },
    ]) {
      await expect(db.write(putTopUps([unfinished]))).rejects.toBeInstanceOf(ConstraintViolated);
    }
  });

  test("what is owed to a purchase is found when it is due, the longest overdue first", async () => {
    const [soon, sooner] = [aRow({ nextStepAt: noonPlus(20) }), aRow({ nextStepAt: noonPlus(10) })];
    const stranger = (await anAccount(db)).id;
    await db.write(
      putTopUps([soon, { ...sooner, topUp: { ...sooner.topUp, accountId: stranger } }]),
    );
    const ids = async (until: number) =>
      (await listDueTopUps(db, instant(NOON + until), 10)).map(({ topUpId }) => topUpId);
    expect(await ids(9)).toEqual([]);
    expect(await ids(20)).toEqual([sooner.topUp.id, soon.topUp.id]);
    expect(await findNextPaymentAt(db, NOON)).toBe(noonPlus(10));
  });
});
