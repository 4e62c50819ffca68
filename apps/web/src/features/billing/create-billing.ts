import type { BillingView } from "@scanmeter/contracts/checkout";
import { api } from "../../api/client.ts";
import { createAnswer } from "../../live/create-answer.ts";

/** The account's billing details; null when none were ever saved. */
export function createBilling() {
  const { answer: billing, hasFailed } = createAnswer<BillingView | null>(() =>
    api.account.billing.query({}),
  );
  return { billing, hasFailed };
}

export type Billing = ReturnType<typeof createBilling>;
