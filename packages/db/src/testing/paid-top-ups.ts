/** Purchases that are paid, with the invoice they would have; made to measure, not by paying. */
import type { AccountId, LotId, TopUpId } from "@scanmeter/core";
import type { InvoiceFacts } from "@scanmeter/core/documents";
import type { TopUp } from "@scanmeter/core/purchase";
import { type InvoiceAbout, invoiceFacts } from "@scanmeter/core/testing";
import type { Database } from "../client.ts";
import { putTopUps } from "../queries/top-ups.ts";
import { unique } from "./ledger.ts";

export interface PaidTopUp extends InvoiceFacts {
  readonly topUp: TopUp;
}

/** A purchase of ten credits, paid but without an invoice. */
export async function aPaidTopUp(
  db: Database,
  accountId: AccountId,
  about: InvoiceAbout = {},
): Promise<PaidTopUp> {
  const facts = invoiceFacts(about);
  const id = `top_${unique()}` as TopUpId;
  const receipt = { ...facts.receipt, topUpId: id };
  const topUp: TopUp = {
    ...(facts.topUp as TopUp),
    id,
    accountId,
    triggerKey: `manual:${id}`,
    state: "paid",
    paymentIntentId: `pi_${id}`,
    paidAt: receipt.paidAt,
    lotId: `lot_${unique()}` as LotId,
    nextStepAt: null,
  };
  const { billing, card } = facts;
  await db.write(
    putTopUps([
      { topUp, billing, card, receipt, settlement: "none", reversed: null, consentId: null },
    ]),
  );
  return { ...facts, topUp, receipt };
}
