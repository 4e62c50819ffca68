import { type AccountId, idOf } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import { anAccount, databases, NOON, type TempDatabase, unique } from "../testing/index.ts";
import {
  type Checkout,
  completeCheckoutOf,
  findCheckout,
  findCheckoutByKey,
  findCheckoutOfCardPage,
  findCheckoutOfTopUp,
  insertCheckout,
  updateCheckout,
} from "./checkouts.ts";

describe.each(databases)("checkouts in $name", ({ open }) => {
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

  const aCheckout = (change: Partial<Checkout> = {}): Checkout => ({
    id: idOf("checkout", unique()),
    accountId,
    idempotencyKey: `key-${unique()}`,
    openedQuantity: 10,
    quantity: 12,
    paymentMethodId: "pm_1",
    keepsCard: false,
    cardPageId: `cs_${unique()}`,
    topUpId: idOf("topUp", unique()),
    status: "open",
    createdAt: NOON,
    endedAt: null,
    revision: 0,
    ...change,
  });

  test("a checkout comes back as it went in, by its id, key, card page and purchase", async () => {
    const checkout = aCheckout();
    await db.write([insertCheckout(checkout)]);
    const stored = { ...checkout, revision: 1 };
    expect(await findCheckout(db, accountId, checkout.id)).toEqual(stored);
    expect(await findCheckoutByKey(db, accountId, checkout.idempotencyKey)).toEqual(stored);
    expect(await findCheckoutOfCardPage(db, checkout.cardPageId ?? "")).toEqual(stored);
    expect(await findCheckoutOfTopUp(db, checkout.topUpId ?? "")).toEqual(stored);
    expect(await findCheckout(db, (await anAccount(db)).id, checkout.id)).toBeNull();
  });

  test("a key opens one checkout of an account", async () => {
    const { idempotencyKey } = aCheckout();
    await db.write([insertCheckout(aCheckout({ idempotencyKey }))]);
    const again = db.write([insertCheckout(aCheckout({ idempotencyKey }))]);
    await expect(again).rejects.toBeInstanceOf(ConstraintViolated);
  });

  test("a write that read an older revision is a conflict", async () => {
    const checkout = aCheckout();
    await db.write([insertCheckout(checkout)]);
    await db.write([updateCheckout({ ...checkout, revision: 1, quantity: 20 })]);
    const late = db.write([updateCheckout({ ...checkout, revision: 1, quantity: 30 })]);
    await expect(late).rejects.toMatchObject({ isConflict: true });
    expect((await findCheckout(db, accountId, checkout.id))?.quantity).toBe(20);
  });

  test("a purchase completes its open checkout, and no other", async () => {
    const [mine, other] = [aCheckout(), aCheckout()];
    await db.write([insertCheckout(mine), insertCheckout(other)]);
    await db.write([completeCheckoutOf(mine.topUpId ?? "", NOON + 1)]);
    expect(await findCheckout(db, accountId, mine.id)).toMatchObject({
      status: "complete",
      endedAt: NOON + 1,
    });
    expect((await findCheckout(db, accountId, other.id))?.status).toBe("open");
  });
});
