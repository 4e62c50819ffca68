import type { Charge } from "../resources/charges.ts";
import type { PaymentMethod } from "../resources/payment-methods.ts";
import { get, type World } from "../world.ts";
import { html } from "./html.ts";
import { moneyText, page, timeText } from "./layout.ts";

/** The receipt of a payment. Its address is its only key, as with the real one. */
export function showReceipt(world: World, id: string): Response {
  const { businessName } = world;
  const charge = world.store.find<Charge>("charge", id);
  if (charge?.status !== "succeeded") {
    const body = html`<p>The link is wrong or incomplete.</p>`;
    return page({ title: "There is no such receipt", businessName, body, status: 404 });
  }
  const { card } = get<PaymentMethod>(world, "payment_method", charge.payment_method);
  const refunded = moneyText(charge.amount_refunded, charge.currency);
  const body = html`<p class="amount">${moneyText(charge.amount, charge.currency)}</p><dl>
<dt>Paid</dt><dd>${timeText(charge.created)}</dd>
<dt>Card</dt><dd>${card.brand} ending in ${card.last4}</dd>
<dt>For</dt><dd>${String(charge.description ?? "–")}</dd>
${charge.amount_refunded === 0 ? "" : html`<dt>Refunded</dt><dd>${refunded}</dd>`}
<dt>Reference</dt><dd>${charge.id}</dd></dl>
<p class="quiet">A receipt of the local Stripe. It proves nothing, because nothing was paid.</p>`;
  return page({ title: "Receipt", businessName, body });
}
