/** A checkout before any money is asked for: the gateway here is one that nobody reaches. */
import { defaultPriceListData, instant, parsePriceList } from "@scanmeter/core";
import { demoSeller } from "@scanmeter/core/documents";
import { type Database, findAccount, findCheckout } from "@scanmeter/db";
import { anAccount, NOON, openTempDatabase, type TempDatabase } from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { got } from "../testing/customer.ts";
import { aBilling, PUBLIC_URL } from "../testing/shop.ts";
import { depsOver } from "../testing/test-deps.ts";
import { type Buying, buyingOver } from "./buying.ts";
import { createGateway } from "./gateway.ts";
import type { AccountPlace } from "./quotes.ts";

let temp: TempDatabase;
let account: AccountPlace;
beforeAll(async () => {
  temp = await openTempDatabase();
});
afterAll(() => temp.close());
beforeEach(async () => {
  const { id } = await anAccount(temp.database);
  const found = await findAccount(temp.database, id);
  if (found === null) throw new Error("The account was just opened.");
  account = found;
});

async function buyingOn(db: Database, at = NOON): Promise<Buying> {
  const priceList = parsePriceList(defaultPriceListData);
  if (!priceList.ok) throw new Error(priceList.refusal);
  const deps = await depsOver(db, { at });
  const gateway = createGateway({
    secretKey: "sk_test_standin_of_a_test",
    apiBase: "http://127.0.0.1:1",
    webhookSecrets: [],
    now: () => deps.clock.now(),
  });
  const publicUrl = () => PUBLIC_URL;
  return buyingOver({
    ...deps,
    payments: { gateway, seller: demoSeller, priceList: priceList.value, publicUrl },
  });
}

const open = (buying: Buying, quantity: number, idempotencyKey = "one") =>
  buying.openCheckout({ account, quantity, idempotencyKey });

describe("opening", () => {
  test("twenty times at once with one key is one checkout", async () => {
    const buying = await buyingOn(temp.database);
    const opened = await Promise.all(Array.from({ length: 20 }, () => open(buying, 3)));
    expect(new Set(opened.map((one) => got(one).checkout.id)).size).toBe(1);
  });

  test("with the key of another order is refused, whatever became of that one", async () => {
    const buying = await buyingOn(temp.database);
    const { checkout } = got(await open(buying, 3));
    await buying.setCheckoutQuantity({ account, checkoutId: checkout.id, quantity: 4 });
    expect(got(await open(buying, 3)).checkout.quantity).toBe(4);
    const refused = { ok: false, refusal: { code: "idempotency_key_reused", key: "one" } };
    expect(await open(buying, 4)).toEqual(refused);
    await buying.cancelCheckout({ account, checkoutId: checkout.id });
    expect(await open(buying, 4)).toEqual(refused);
    expect(got(await open(buying, 3)).checkout.status).toBe("canceled");
  });

  test.each([-1, 0.5, 10_001, Number.NaN, Number.POSITIVE_INFINITY])(
    "for a quantity that is not sold is refused: %d",
    async (quantity) => {
      const buying = await buyingOn(temp.database);
      const refusal = { code: "invalid_quantity", min: 1, max: 10_000 };
      expect(await open(buying, quantity)).toEqual({ ok: false, refusal });
      const { checkout } = got(await open(buying, 1));
      const command = { account, checkoutId: checkout.id, quantity };
      expect(await buying.setCheckoutQuantity(command)).toEqual({ ok: false, refusal });
      expect(got(await buying.getCheckout(command)).checkout.quantity).toBe(1);
    },
  );
});

describe("the quote", () => {
  test("is taxed for a buyer at home until the billing details say otherwise", async () => {
    const buying = await buyingOn(temp.database);
    const taxes = async () => {
      const { quote, tax } = got(await buying.quote(account, 100));
      return [tax.treatment, quote.taxMinor, quote.totalMinor];
    };
    expect(await taxes()).toEqual(["domestic", 15_200, 95_200]);
    const bill = (country: string, taxId: string | null) => {
      const billing = { ...aBilling, taxId, address: { ...aBilling.address, country } };
      return buying.saveBilling({ accountId: account.id, billing });
    };
    await bill("PT", null);
    expect(await taxes()).toEqual(["eu_consumer", 15_200, 95_200]);
    await bill("PT", "PT501964843");
    expect(await taxes()).toEqual(["reverse_charge", 0, 80_000]);
    // An id of another country, and one of the seller's own, change nothing.
    await bill("PT", "ATU12345678");
    expect(await taxes()).toEqual(["eu_consumer", 15_200, 95_200]);
    await bill("DE", "DE123456789");
    expect(await taxes()).toEqual(["domestic", 15_200, 95_200]);
    await bill("US", null);
    expect(await taxes()).toEqual(["outside_eu", 0, 80_000]);
  });

  test("says the date that paid credits would have, in the account's own time", async () => {
    // 29 February 2028, half past midnight in Vienna.
    const buying = await buyingOn(temp.database, instant(Date.UTC(2028, 1, 28, 23, 30)));
    const { newExpiresAt } = got(await buying.quote(account, 1));
    expect(new Date(newExpiresAt).toISOString()).toBe("2029-02-27T23:30:00.000Z");
  });

  test("of no credits is nothing, also for somebody who is taxed", async () => {
    const buying = await buyingOn(temp.database);
    expect(got(await buying.quote(account, 0)).quote).toMatchObject({
      ...{ quantity: 0, subtotalMinor: 0, discountMinor: 0, taxMinor: 0, totalMinor: 0 },
    });
  });
});

describe("a checkout that several tabs change at once", () => {
  test("takes every change and ends as one of them", async () => {
    const buying = await buyingOn(temp.database);
    const { checkout } = got(await open(buying, 1));
    const wanted = Array.from({ length: 20 }, (_, at) => at + 1);
    const changed = await Promise.all(
      wanted.map((quantity) =>
        buying.setCheckoutQuantity({ account, checkoutId: checkout.id, quantity }),
      ),
    );
    expect(changed.map((one) => got(one).checkout.quantity)).toEqual(wanted);
    const after = got(await buying.getCheckout({ account, checkoutId: checkout.id }));
    expect(wanted).toContain(after.checkout.quantity);
  });

  /** A database in which another tab presses "Pay" right before the checkout is read for the second time. */
  function withAPress(checkoutId: string): Database {
    let reads = 0;
    const { database } = temp;
    return {
      ...database,
      async read(statement) {
        const sql = typeof statement === "string" ? statement : statement.sql;
        if (sql.includes("FROM checkouts") && ++reads === 2) {
          await database.write([
            {
              sql: "UPDATE checkouts SET top_up_id = ?, revision = revision + 1 WHERE id = ?",
              args: [`top_of_${checkoutId}`, checkoutId],
            },
          ]);
        }
        return database.read(statement);
      },
    };
  }

  test.each([
    [
      "its quantity",
      (buying: Buying, checkoutId: string) =>
        buying.setCheckoutQuantity({ account, checkoutId, quantity: 9 }),
    ],
    [
      "the whole order",
      (buying: Buying, checkoutId: string) => buying.cancelCheckout({ account, checkoutId }),
    ],
  ])("does not lose %s to a payment that was begun meanwhile", async (_, change) => {
    const { checkout } = got(await open(await buyingOn(temp.database), 3));
    const buying = await buyingOn(withAPress(checkout.id));
    expect(await change(buying, checkout.id)).toEqual({
      ok: false,
      refusal: { code: "payment_in_progress" },
    });
    expect(await findCheckout(temp.database, account.id, checkout.id)).toMatchObject({
      ...{ status: "open", quantity: 3, topUpId: `top_of_${checkout.id}` },
    });
  });
});

describe("while the gateway is out of reach", () => {
  test("an order can be opened, changed, billed and canceled, and nothing is stored as begun", async () => {
    const buying = await buyingOn(temp.database);
    const { checkout } = got(await open(buying, 3));
    const checkoutId = checkout.id;
    got(await buying.setCheckoutQuantity({ account, checkoutId, quantity: 5 }));
    got(await buying.setCheckoutBilling({ account, checkoutId, billing: aBilling }));
    const canceled = got(await buying.cancelCheckout({ account, checkoutId }));
    expect(canceled.checkout).toMatchObject({ status: "canceled", topUpId: null, endedAt: NOON });
    const again = await buying.cancelCheckout({ account, checkoutId });
    expect(got(again).checkout).toEqual(canceled.checkout);
    expect(await buying.setCheckoutQuantity({ account, checkoutId, quantity: 6 })).toEqual({
      ok: false,
      refusal: { code: "checkout_closed", status: "canceled" },
    });
  });
});
