/** A sweep among purchases that are broken: what cannot be done must not keep the rest from being done. */
import { type AccountId, idOf, type TopUpId } from "@scanmeter/core";
import { anIntent, aTopUp } from "@scanmeter/core/testing";
import { findTopUp, putTopUps } from "@scanmeter/db";
import {
  anAccount,
  NOON,
  openTempDatabase,
  type TempDatabase,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PaymentDeps } from "../deps.ts";
import { aBilling } from "../testing/shop.ts";
import { depsOver } from "../testing/test-deps.ts";
import type { Gateway } from "./gateway.ts";
import { sweepPayments } from "./sweep-payments.ts";

let temp: TempDatabase;
beforeAll(async () => {
  temp = await openTempDatabase();
});
afterAll(() => temp.close());

/** A purchase whose payment is to be read by now. */
async function aDuePurchase(order: number): Promise<TopUpId> {
  const id = idOf("topUp", unique());
  const accountId: AccountId = (await anAccount(temp.database)).id;
  const due = { readAt: NOON, nextStepAt: (NOON + order) as typeof NOON };
  const topUp = aTopUp({ id, accountId, triggerKey: id, state: "processing", ...due });
  const row = { topUp: { ...topUp, paymentIntentId: `pi_${id}` }, billing: aBilling, card: null };
  await temp.database.write(
    putTopUps([{ ...row, receipt: null, settlement: "none", reversed: null, consentId: null }]),
  );
  return id;
}

test("purchases that break whoever pursues them do not keep the others waiting", async () => {
  const broken = [await aDuePurchase(0), await aDuePurchase(1)];
  const sound = await aDuePurchase(2);
  const gateway = {
    livemode: false,
    async readPayment(id: string) {
      if (broken.some((topUpId) => id === `pi_${topUpId}`)) throw new Error("It is broken.");
      const intent = anIntent({ id, status: "canceled" });
      const nothing = { refunds: [], disputes: [] };
      return { is: "value", value: { intent, ...nothing } };
    },
  } as unknown as Gateway;
  const deps = await depsOver(temp.database, { at: NOON });
  deps.clock.advance(2);
  const payments = { gateway } as PaymentDeps["payments"];

  await expect(sweepPayments({ ...deps, payments }, broken.length)).rejects.toThrow("broken");
  await sweepPayments({ ...deps, payments }, broken.length);
  expect((await findTopUp(temp.database, sound))?.topUp.state).toBe("canceled");

  // They are not forgotten.
  deps.clock.advance(10 * 60_000);
  await expect(sweepPayments({ ...deps, payments }, broken.length)).rejects.toThrow("broken");
});
