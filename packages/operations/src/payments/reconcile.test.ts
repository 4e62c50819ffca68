/** Comparing at the size of a busy hour: what is asked of the disk must not grow with each event. */
import { after } from "@scanmeter/core";
import { anIntent } from "@scanmeter/core/testing";
import { listAlerts } from "@scanmeter/db";
import {
  anAccount,
  aPaidTopUp,
  NOON,
  openTempDatabase,
  type TempDatabase,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PaymentDeps } from "../deps.ts";
import { depsOver } from "../testing/test-deps.ts";
import { buyingOver } from "./buying.ts";
import type { Gateway, GatewayEvent, Since } from "./gateway.ts";
import { reconcile } from "./reconcile.ts";

const HOUR = 60 * 60_000;

let temp: TempDatabase;
beforeAll(async () => {
  temp = await openTempDatabase();
});
afterAll(() => temp.close());

const anEvent = (position: number): GatewayEvent => ({
  id: `evt_${position}`,
  type: "payment_intent.succeeded",
  objectId: `pi_${position}`,
  paymentIntentId: `pi_${position}`,
  topUpId: null,
  createdAt: NOON,
  livemode: false,
  apiVersion: null,
  payload: "{}",
});

test("a page of events shares a commit, and what is known of it is no news", async () => {
  const items = Array.from({ length: 100 }, (_, position) => anEvent(position));
  const gateway = {
    livemode: false,
    listEvents: async () => ({ is: "value", value: { items, next: null } }),
    listPayments: async () => ({ is: "value", value: { items: [], next: null } }),
  } as unknown as Gateway;
  let commits = 0;
  const db: PaymentDeps["db"] = {
    ...temp.database,
    write(statements) {
      commits += 1;
      return temp.database.write(statements);
    },
  };
  const payments = { gateway } as PaymentDeps["payments"];
  const buying = buyingOver({ ...(await depsOver(temp.database, { at: NOON })), db, payments });

  const [events] = await buying.reconcile();
  expect(events).toMatchObject({ isComplete: true, looked: 100, found: 100 });
  // The page, and that it was compared; then the same for payments, of which there are none.
  expect(commits).toBe(3);
  expect((await buying.reconcile())[0]).toMatchObject({ looked: 100, found: 0 });
});

test("a comparison nobody answers is made again soon, not at once, and over the same span", async () => {
  const asked: Since["since"][] = [];
  const gateway = {
    livemode: false,
    async listEvents({ since }: Since) {
      asked.push(since);
      return { is: "unknown" };
    },
    listPayments: async () => ({ is: "unknown" }),
  } as unknown as Gateway;
  const at = after(NOON, 24 * HOUR);
  const deps = await depsOver(temp.database, { at });
  const compare = () => reconcile({ ...deps, payments: { gateway } as PaymentDeps["payments"] });
  await compare();
  deps.clock.advance(15_000);
  await compare();
  expect(asked).toHaveLength(1);
  deps.clock.advance(5 * 60_000);
  await compare();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBe(asked[0]);
});

test("a payment that was just read is not read again because it was credited", async () => {
  const at = after(NOON, 48 * HOUR);
  const { id: accountId } = await anAccount(temp.database);
  const { topUp } = await aPaidTopUp(temp.database, accountId, { receipt: { paidAt: at } });
  const intent = anIntent({
    id: topUp.paymentIntentId ?? "",
    status: "succeeded",
    topUpId: topUp.id,
    amountMinor: topUp.quote.totalMinor,
    amountReceivedMinor: topUp.quote.totalMinor,
    livemode: topUp.livemode,
  });
  let readings = 0;
  const gateway = {
    livemode: topUp.livemode,
    listEvents: async () => ({ is: "value", value: { items: [], next: null } }),
    listPayments: async () => ({ is: "value", value: { items: [intent], next: null } }),
    async readPayment() {
      readings += 1;
      const nothing = { refunds: [], disputes: [] };
      return { is: "value", value: { intent, ...nothing } };
    },
  } as unknown as Gateway;
  const deps = await depsOver(temp.database, { at });
  const payments = { gateway } as PaymentDeps["payments"];
  const [, compared] = await reconcile({ ...deps, payments }, true);
  expect(compared).toMatchObject({ isComplete: true, looked: 1, found: 0 });
  expect(readings).toBe(1);
});

test("a payment we may not read is no payment that failed: the comparison is not complete", async () => {
  const at = after(NOON, 96 * HOUR);
  const { id: accountId } = await anAccount(temp.database);
  await aPaidTopUp(temp.database, accountId, { receipt: { paidAt: at } });
  const failure = { code: "secret_key_required", declineCode: null, adviceCode: null };
  const gateway = {
    livemode: true,
    listEvents: async () => ({ is: "value", value: { items: [], next: null } }),
    listPayments: async () => ({ is: "value", value: { items: [], next: null } }),
    readPayment: async () => ({ is: "rejected", failure }),
  } as unknown as Gateway;
  const payments = { gateway } as PaymentDeps["payments"];
  const deps = { ...(await depsOver(temp.database, { at })), payments };
  const [, compared] = await reconcile(deps, true);
  expect(compared).toMatchObject({ isComplete: false, found: 0 });
  const alerts = await listAlerts(temp.database);
  expect(alerts.filter((alert) => alert.accountId === accountId)).toEqual([]);
});
