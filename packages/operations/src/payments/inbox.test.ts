/** The inbox before a gateway that will not say what has to be known. */
import { idOf } from "@scanmeter/core";
import { aTopUp } from "@scanmeter/core/testing";
import { findWaitingEvent, listAlerts, putTopUps } from "@scanmeter/db";
import {
  anAccount,
  NOON,
  openTempDatabase,
  type TempDatabase,
  unique,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PaymentDeps } from "../deps.ts";
import { aBilling } from "../testing/shop.ts";
import { depsOver, type TestDeps } from "../testing/test-deps.ts";
import type { Gateway } from "./gateway.ts";
import { handleEvent, receiveEvent } from "./inbox.ts";

const HOUR = 60 * 60_000;

let temp: TempDatabase;
let deps: TestDeps & PaymentDeps;
beforeEach(async () => {
  temp = await openTempDatabase();
  const silent = { livemode: false, readPayment: async () => ({ is: "unknown" }) };
  const payments = { gateway: silent as unknown as Gateway } as PaymentDeps["payments"];
  deps = { ...(await depsOver(temp.database, { at: NOON })), payments };
});
afterEach(() => temp.close());

async function received(): Promise<string> {
  const id = idOf("topUp", unique());
  const { id: accountId } = await anAccount(deps.db);
  const topUp = aTopUp({ id, accountId, triggerKey: id, state: "processing" });
  const paymentIntentId = `pi_${id}`;
  const row = { topUp: { ...topUp, paymentIntentId }, billing: aBilling, card: null };
  await deps.db.write(
    putTopUps([{ ...row, receipt: null, settlement: "none", reversed: null, consentId: null }]),
  );
  const eventId = `evt_${id}`;
  await receiveEvent(deps, {
    id: eventId,
    type: "payment_intent.succeeded",
    objectId: paymentIntentId,
    paymentIntentId,
    topUpId: id,
    createdAt: NOON,
    livemode: false,
    apiVersion: null,
    payload: "{}",
  });
  return eventId;
}

test("an event that cannot be handled is told to a person after some tries, and tried on", async () => {
  const eventId = await received();
  for (let tries = 0; tries < 7; tries += 1) await handleEvent(deps, eventId);
  expect(await listAlerts(deps.db)).toEqual([]);
  await handleEvent(deps, eventId);
  const stuck = { key: "stuck-events", kind: "stuck_events", accountId: null };
  expect(await listAlerts(deps.db)).toMatchObject([
    { ...stuck, text: expect.stringContaining(eventId), times: 1 },
  ]);
  deps.clock.advance(HOUR);
  await handleEvent(deps, eventId);
  expect(await listAlerts(deps.db)).toMatchObject([{ ...stuck, times: 2 }]);
});

test("an event about a card we may not read waits until we may", async () => {
  const rejected = { is: "rejected", failure: { code: "api_key_expired" } };
  const gateway = { livemode: false, readCard: async () => rejected } as unknown as Gateway;
  const refused = { ...deps, payments: { gateway } as PaymentDeps["payments"] };
  const id = `evt_${unique()}`;
  await receiveEvent(refused, {
    id,
    type: "payment_method.automatically_updated",
    objectId: "pm_1",
    paymentIntentId: null,
    topUpId: null,
    createdAt: NOON,
    livemode: false,
    apiVersion: null,
    payload: "{}",
  });
  await handleEvent(refused, id);
  expect(await findWaitingEvent(deps.db, id)).toMatchObject({ attempts: 1 });
});
