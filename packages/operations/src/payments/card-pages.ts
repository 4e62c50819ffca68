/** Adding a card on the gateway's hosted page: we send the customer there and ask what became of it. */
import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { type Checkout, findCheckout, findCheckoutOfCardPage } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { keepCard } from "./cards.ts";
import { changeCheckout } from "./change-checkout.ts";
import { ensureCustomer } from "./customers.ts";
import type { CardPageFacts } from "./gateway.ts";

/**
 * Where the customer adds a card. Asked twice, it is the same page while that is open; a card that was
 * added on it meanwhile is kept before there is another page.
 */
export async function openCardPage(
  deps: PaymentDeps,
  asked: Checkout,
): Promise<Outcome<string, Refusal>> {
  const { gateway, publicUrl, priceList } = deps.payments;
  const customer = await ensureCustomer(deps, asked.accountId);
  if (!customer.ok) return customer;
  let checkout = asked;
  if (checkout.cardPageId !== null) {
    const page = await gateway.readCardPage(checkout.cardPageId);
    if (page.is === "unknown") return refuse({ code: "gateway_unavailable" });
    if (page.is === "value") {
      const { status, url } = page.value;
      if (status === "open" && url !== null) return accept(url);
      checkout = await takeOver(deps, checkout, page.value);
    }
  }
  const back = (card: string) =>
    `${publicUrl()}/checkout/billing?checkout=${checkout.id}&card=${card}`;
  const opened = await gateway.openCardPage({
    customerId: customer.value,
    currency: priceList.currency,
    successUrl: back("saved"),
    cancelUrl: back("canceled"),
    metadata: { account_id: checkout.accountId, checkout_id: checkout.id },
    key: `setup-${checkout.id}-${checkout.revision}`,
  });
  if (opened.is !== "value" || opened.value.url === null) {
    // The gateway may keep an error under its key for a day; a changed checkout asks with another.
    await changeCheckout(deps, checkout, () => ({}));
    return refuse({ code: "gateway_unavailable" });
  }
  const { id, url } = opened.value;
  const stored = await changeCheckout(deps, checkout, () => ({
    cardPageId: id,
  }));
  return stored.ok ? accept(url) : stored;
}

/** Takes over the card that was added on a checkout's page, if one was. */
export async function refreshCardPage(deps: PaymentDeps, checkout: Checkout): Promise<Checkout> {
  const { cardPageId } = checkout;
  if (cardPageId === null) return checkout;
  const page = await deps.payments.gateway.readCardPage(cardPageId);
  if (page.is !== "value") return checkout;
  return takeOver(deps, checkout, page.value);
}

/** The same, when the gateway tells of a page: the customer may never come back to ours. */
export async function refreshCardPageById(deps: PaymentDeps, cardPageId: string): Promise<boolean> {
  const checkout = await findCheckoutOfCardPage(deps.db, cardPageId);
  if (checkout === null) return false;
  await refreshCardPage(deps, checkout);
  return true;
}

async function takeOver(
  deps: PaymentDeps,
  checkout: Checkout,
  page: CardPageFacts,
): Promise<Checkout> {
  const { accountId } = checkout;
  if (page.status === "open") return checkout;
  const card = page.status === "complete" && page.setupStatus === "succeeded" ? page.card : null;
  const customer = await ensureCustomer(deps, accountId);
  const isOurs = customer.ok && page.customerId === customer.value;
  if (card !== null && isOurs)
    await keepCard(deps, accountId, { ...card, customerId: customer.value });
  const paymentMethodId = card !== null && isOurs ? card.id : checkout.paymentMethodId;
  // Whoever else took the page over at the same moment stored the same.
  await changeCheckout(deps, checkout, ({ cardPageId }) =>
    cardPageId === page.id ? { cardPageId: null, paymentMethodId } : {},
  );
  return (await findCheckout(deps.db, accountId, checkout.id)) ?? checkout;
}
