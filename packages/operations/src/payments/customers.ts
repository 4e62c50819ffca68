import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { addCustomer, findBilling, findCustomer } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";

/**
 * The account's customer at the payment gateway, made the first time it is needed. The key follows
 * from the account, so two at once make one. The gateway may keep an error under that key for a day,
 * so it is asked once more with another; a customer made twice so has one of whom nobody ever hears.
 */
export async function ensureCustomer(
  deps: PaymentDeps,
  accountId: string,
): Promise<Outcome<string, Refusal>> {
  const { gateway } = deps.payments;
  const known = await findCustomer(deps.db, accountId, gateway.livemode);
  if (known !== null) return accept(known);
  const key = `cus-${accountId}`;
  const first = await gateway.createCustomer({ accountId, key });
  const created =
    first.is === "unknown"
      ? await gateway.createCustomer({ accountId, key: `${key}-${deps.clock.now()}` })
      : first;
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
