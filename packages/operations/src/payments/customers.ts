import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { addCustomer, findBilling, findCustomer } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";

/** The gateway may keep an error under its key for a day; whoever asks after this time asks anew. */
const KEY_LIVES_MS = 60_000;

/**
 * The account's customer at the payment gateway, made the first time it is needed. The key follows
 * from the account and the minute, so two at once make one; should there be two after all, the first
 * that is stored is the one, and of the other nobody ever hears.
 */
export async function ensureCustomer(
  deps: PaymentDeps,
  accountId: string,
): Promise<Outcome<string, Refusal>> {
  const { gateway } = deps.payments;
  const known = await findCustomer(deps.db, accountId, gateway.livemode);
  if (known !== null) return accept(known);
  const minute = Math.floor(deps.clock.now() / KEY_LIVES_MS);
  const created = await gateway.createCustomer({ accountId, key: `cus-${accountId}-${minute}` });
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
