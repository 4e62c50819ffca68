/** A removed card, as long as the gateway may still hold it. */
import { listCardsToDetach, savePaymentMethod } from "@scanmeter/db";
import {
  anAccount,
  NOON,
  openTempDatabase,
  type TempDatabase,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PaymentDeps } from "../deps.ts";
import { depsOver } from "../testing/test-deps.ts";
import { removeCard } from "./cards.ts";
import type { Asked, CardFacts, Gateway } from "./gateway.ts";

let temp: TempDatabase;
beforeAll(async () => {
  temp = await openTempDatabase();
});
afterAll(() => temp.close());

const failure = { code: "invalid_request_error", declineCode: null, adviceCode: null };
const held = { brand: "visa", last4: "4242", expMonth: 12, expYear: 2030, fingerprint: null };

test.each<[string, Asked<Pick<CardFacts, "customerId">>, number]>([
  ["the card is nobody's", { is: "value", value: { customerId: null } }, 0],
  ["the card is unknown", { is: "missing" }, 0],
  ["the customer still has the card", { is: "value", value: { customerId: "cus_1" } }, 1],
  ["we may not ask", { is: "rejected", failure }, 1],
  ["nothing", { is: "unknown" }, 1],
])(
  "that the gateway refuses to detach is told again unless it is gone: it says that %s",
  async (_, told, owed) => {
    const { id: accountId } = await anAccount(temp.database);
    const id = `pm_${unique()}`;
    const card = { ...held, id, accountId, customerId: "cus_1" };
    await temp.database.write([savePaymentMethod(card, NOON)]);
    const gateway = {
      detachCard: async () => ({ is: "rejected", failure }),
      readCard: async () => told,
    } as unknown as Gateway;
    const payments = { gateway } as PaymentDeps["payments"];
    const deps = { ...(await depsOver(temp.database, { at: NOON })), payments };
    await removeCard(deps, { accountId, paymentMethodId: id });
    const left = await listCardsToDetach(temp.database, 100);
    expect(left.filter((one) => one === id)).toHaveLength(owed);
  },
);
