import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { addCustomer, findBilling, findCustomer } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";

/**
 * The account's customer at the payment gateway, made the first time it is needed. The key follows
 * from the account, so two at once make one.
 */
export async function ensureCustomer(
  deps: PaymentDeps,
  accountId: string,
): Promise<Outcome<string, Refusal>> {
  const { gateway } = deps.payments;
  const known = await findCustomer(deps.db, accountId, gateway.livemode);
  if (known !== null) return accept(known);
  const created = await gateway.createCustomer({ accountId, key: `cus-${accountId}` });
  if (created.is !== "value") return refuse({ code: "gateway_unavailable" });
  const createdAt = deps.clock.now();
  const { livemode } = gateway;
  const customerId = created.value.id;
  await deps.db.write([addCustomer({ accountId, livemode, customerId, createdAt })]);
  await tellBilling(deps, accountId);
  return accept((await findCustomer(deps.db, accountId, livemode)) ?? customerId);
}

/** Keeps the gateway's receipts right. Nothing here depends on it, so a silent gateway changes nothing. */
export async function tellBilling(deps: PaymentDeps, accountId: string): Promise<void> {
  const { gateway } = deps.payments;
  const customerId = await findCustomer(deps.db, accountId, gateway.livemode);
  const billing = await findBilling(deps.db, accountId);
  if (customerId !== null && billing !== null) await gateway.updateCustomer(customerId, billing);
}
