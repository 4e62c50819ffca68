/** A checkout from its opening to the press of "Pay", and everything a page asks of it. */
import { type AccountId, accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { type BillingDetails, isClosed } from "@scanmeter/core/purchase";
import {
  type Checkout,
  ConstraintViolated,
  failureOf,
  findBilling,
  findCheckout,
  findCheckoutByKey,
  findPaymentMethod,
  findTopUp,
  insertCheckout,
  listPaymentMethods,
  type PaymentMethod,
  putBilling,
  type TopUpRow,
} from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { mintId } from "../mint-id.ts";
import { openCardPage, refreshCardPage } from "./card-pages.ts";
import { setDefaultCard } from "./cards.ts";
import { changeCheckout, untilUndisturbed } from "./change-checkout.ts";
import { closeTopUp } from "./close-top-up.ts";
import { tellBilling } from "./customers.ts";
import { refreshTopUp } from "./learn-payment.ts";
import { payByHand } from "./pay-by-hand.ts";
import { type AccountPlace, type PricedQuote, quoteFor } from "./quotes.ts";

/** A checkout with all that a page shows of it. */
export interface CheckoutState {
  readonly checkout: Checkout;
  readonly priced: PricedQuote;
  readonly billing: BillingDetails | null;
  readonly paymentMethod: PaymentMethod | null;
  readonly topUp: TopUpRow | null;
}

interface CheckoutName {
  readonly account: AccountPlace;
  readonly checkoutId: string;
}

export async function openCheckout(
  deps: PaymentDeps,
  command: {
    readonly account: AccountPlace;
    readonly quantity: number;
    readonly idempotencyKey: string;
  },
): Promise<Outcome<CheckoutState, Refusal>> {
  const { account, quantity, idempotencyKey } = command;
  const quote = await quoteFor(deps, account, quantity);
  if (!quote.ok) return quote;
  const existing = await findCheckoutByKey(deps.db, account.id, idempotencyKey);
  if (existing !== null) return openedBefore(deps, account, existing, command);
  const cards = await listPaymentMethods(deps.db, account.id);
  const checkout: Checkout = {
    id: mintId("checkout"),
    accountId: account.id as AccountId,
    idempotencyKey,
    openedQuantity: quantity,
    quantity,
    paymentMethodId: cards.find(({ isDefault }) => isDefault)?.id ?? null,
    keepsCard: true,
    cardPageId: null,
    topUpId: null,
    status: "open",
    createdAt: deps.clock.now(),
    endedAt: null,
    revision: 0,
  };
  try {
    await deps.db.write([insertCheckout(checkout)]);
  } catch (error) {
    if (!(failureOf(error) instanceof ConstraintViolated)) throw error;
    const other = await findCheckoutByKey(deps.db, account.id, idempotencyKey);
    if (other === null) throw error;
    return openedBefore(deps, account, other, command);
  }
  return readCheckout(deps, account, { ...checkout, revision: 1 });
}

function openedBefore(
  deps: PaymentDeps,
  account: AccountPlace,
  checkout: Checkout,
  { quantity, idempotencyKey }: { readonly quantity: number; readonly idempotencyKey: string },
): Promise<Outcome<CheckoutState, Refusal>> {
  return checkout.openedQuantity === quantity
    ? readCheckout(deps, account, checkout)
    : Promise.resolve(refuse({ code: "idempotency_key_reused", key: idempotencyKey }));
}

/** As it is now, having asked the gateway about a card or a payment the customer may come back from. */
export async function getCheckout(
  deps: PaymentDeps,
  { account, checkoutId }: CheckoutName,
): Promise<Outcome<CheckoutState, Refusal>> {
  const checkout = await findCheckout(deps.db, account.id, checkoutId);
  if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId });
  if (checkout.status !== "open") return readCheckout(deps, account, checkout);
  await refreshCardPage(deps, checkout);
  if (checkout.topUpId !== null) await refreshPayment(deps, account.id, checkout.topUpId);
  const refreshed = await findCheckout(deps.db, account.id, checkoutId);
  return readCheckout(deps, account, refreshed ?? checkout);
}

/** Asks the gateway about a payment that somebody else is deciding: the customer, their bank, a call. */
export async function refreshPayment(
  deps: PaymentDeps,
  accountId: string,
  topUpId: string,
): Promise<void> {
  const row = await findTopUp(deps.db, topUpId, accountId);
  if (row === null || row.topUp.paymentIntentId === null) return;
  const { state, paymentIntentId } = row.topUp;
  if (state === "charging" || state === "action_required" || state === "processing") {
    await refreshTopUp(deps, { accountId, topUpId }, paymentIntentId, { isFirst: true });
  }
}

async function readCheckout(
  deps: PaymentDeps,
  account: AccountPlace,
  checkout: Checkout,
): Promise<Outcome<CheckoutState, Refusal>> {
  const priced = await quoteFor(deps, account, checkout.quantity);
  if (!priced.ok) return priced;
  const { paymentMethodId, topUpId } = checkout;
  const [billing, paymentMethod, topUp] = await Promise.all([
    findBilling(deps.db, account.id),
    paymentMethodId === null ? null : findPaymentMethod(deps.db, account.id, paymentMethodId),
    topUpId === null ? null : findTopUp(deps.db, topUpId, account.id),
  ]);
  return accept({ checkout, priced: priced.value, billing, paymentMethod, topUp });
}

export async function setCheckoutQuantity(
  deps: PaymentDeps,
  { account, checkoutId, quantity }: CheckoutName & { readonly quantity: number },
): Promise<Outcome<CheckoutState, Refusal>> {
  const quote = await quoteFor(deps, account, quantity);
  if (!quote.ok) return quote;
  const checkout = await findCheckout(deps.db, account.id, checkoutId);
  if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId });
  if (checkout.status === "open" && checkout.quantity !== quantity) {
    const released = await letGoOfPayment(deps, checkout);
    if (!released.ok) return released;
  }
  const changed = await changeCheckout(deps, checkout, (now) =>
    now.topUpId === checkout.topUpId || now.quantity === quantity ? { quantity } : null,
  );
  return changed.ok ? readCheckout(deps, account, changed.value) : changed;
}

/** Whom the account is billed to, from now on. A payment under way keeps what it was begun with. */
export async function saveBilling(
  deps: PaymentDeps,
  { accountId, billing }: { readonly accountId: string; readonly billing: BillingDetails },
): Promise<BillingDetails> {
  await deps.db.write([putBilling(accountId, billing, deps.clock.now())]);
  // The gateway's copy is a courtesy; it must not hold up the page or fail it.
  void tellBilling(deps, accountId).catch(() => {});
  return billing;
}

export async function setCheckoutBilling(
  deps: PaymentDeps,
  command: CheckoutName & { readonly billing: BillingDetails },
): Promise<Outcome<CheckoutState, Refusal>> {
  const { account, checkoutId, billing } = command;
  const checkout = await findCheckout(deps.db, account.id, checkoutId);
  if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId });
  if (checkout.status !== "open")
    return refuse({ code: "checkout_closed", status: checkout.status });
  await saveBilling(deps, { accountId: account.id, billing });
  return readCheckout(deps, account, checkout);
}

export async function addCheckoutCard(
  deps: PaymentDeps,
  { account, checkoutId }: CheckoutName,
): Promise<Outcome<string, Refusal>> {
  const checkout = await findCheckout(deps.db, account.id, checkoutId);
  if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId });
  if (checkout.status !== "open")
    return refuse({ code: "checkout_closed", status: checkout.status });
  return openCardPage(deps, checkout);
}

export async function setCheckoutPayment(
  deps: PaymentDeps,
  command: CheckoutName & { readonly paymentMethodId: string; readonly keep?: boolean | undefined },
): Promise<Outcome<CheckoutState, Refusal>> {
  const { account, checkoutId, paymentMethodId, keep } = command;
  const card = await findPaymentMethod(deps.db, account.id, paymentMethodId);
  if (card === null) return refuse({ code: "payment_method_not_found", paymentMethodId });
  const checkout = await findCheckout(deps.db, account.id, checkoutId);
  if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId });
  const { topUpId } = checkout;
  const topUp = topUpId === null ? null : await findTopUp(deps.db, topUpId, account.id);
  // The card that is being charged is the one this checkout may have to forget afterwards.
  if (checkout.status === "open" && topUp !== null && isBeingDecided(topUp)) {
    return refuse({ code: "payment_in_progress" });
  }
  const changed = await changeCheckout(deps, checkout, ({ keepsCard }) => ({
    paymentMethodId,
    keepsCard: keep ?? keepsCard,
  }));
  return changed.ok ? readCheckout(deps, account, changed.value) : changed;
}

/** By the gateway or by a person; the customer can only wait. */
function isBeingDecided({ topUp }: TopUpRow): boolean {
  return ["charging", "processing", "needs_review"].includes(topUp.state);
}

/** Ends a checkout nobody wants any more, and the payment it may have begun. */
export async function cancelCheckout(
  deps: PaymentDeps,
  { account, checkoutId }: CheckoutName,
): Promise<Outcome<CheckoutState, Refusal>> {
  const checkout = await findCheckout(deps.db, account.id, checkoutId);
  if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId });
  if (checkout.status === "canceled") return readCheckout(deps, account, checkout);
  const released = await letGoOfPayment(deps, checkout);
  if (!released.ok) return released;
  const endedAt = deps.clock.now();
  const changed = await changeCheckout(deps, checkout, ({ topUpId }) =>
    topUpId === checkout.topUpId ? { status: "canceled", endedAt } : null,
  );
  return changed.ok ? readCheckout(deps, account, changed.value) : changed;
}

/** Refuses unless it is certain that the payment a checkout began can move no money any more. */
async function letGoOfPayment(
  deps: PaymentDeps,
  { accountId, topUpId }: Checkout,
): Promise<Outcome<unknown, Refusal>> {
  if (topUpId === null) return accept(null);
  const closed = await closeTopUp(deps, { accountId, topUpId });
  if (!closed.ok) return closed;
  const row = await findTopUp(deps.db, topUpId, accountId);
  return row === null || isClosed(row.topUp) || row.topUp.state === "paid"
    ? accept(null)
    : refuse({ code: "payment_in_progress" });
}

/**
 * "Pay": charges the card what the customer saw, or refuses. Pressed twice, or in two tabs, it is one
 * payment. A checkout of nothing only keeps its card.
 */
export function finalizeCheckout(
  deps: PaymentDeps,
  command: Press,
): Promise<Outcome<CheckoutState, Refusal>> {
  return untilUndisturbed(() => finalize(deps, command));
}

type Press = CheckoutName & {
  readonly expectedTotalMinor: number;
  /** The user who pressed the button. */
  readonly orderedBy: string;
};

async function finalize(
  deps: PaymentDeps,
  command: Press,
): Promise<Outcome<CheckoutState, Refusal>> {
  const { account, checkoutId, orderedBy } = command;
  const checkout = await findCheckout(deps.db, account.id, checkoutId);
  if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId });
  if (checkout.status === "complete") return readCheckout(deps, account, checkout);
  if (checkout.status !== "open")
    return refuse({ code: "checkout_closed", status: checkout.status });

  const state = await readCheckout(deps, account, checkout);
  if (!state.ok) return state;
  const { billing, paymentMethod, priced } = state.value;
  if (paymentMethod === null) return refuse({ code: "payment_method_required" });
  const { totalMinor, currency } = priced.quote;
  if (billing === null && checkout.quantity > 0) return refuse({ code: "billing_required" });
  if (totalMinor !== command.expectedTotalMinor) {
    return refuse({ code: "quote_changed", totalMinor, currency });
  }
  if (billing === null || checkout.quantity === 0) {
    const endedAt = deps.clock.now();
    // Who saves a card without buying anything means the one that later purchases are charged to.
    const { id: paymentMethodId } = paymentMethod;
    if (!paymentMethod.isDefault) {
      await setDefaultCard(deps, { accountId: account.id, paymentMethodId });
    }
    const ended = await changeCheckout(deps, checkout, ({ quantity }) =>
      quantity === 0 ? { status: "complete", endedAt } : null,
    );
    return ended.ok ? readCheckout(deps, account, ended.value) : ended;
  }
  const paid = await payByHand(deps, { account, orderedBy, checkout, billing, paymentMethod });
  if (!paid.ok && paid.refusal.code !== "payment_in_progress") return paid;
  const after = await findCheckout(deps.db, account.id, checkoutId);
  const answer = await readCheckout(deps, account, after ?? checkout);
  if (!answer.ok) return answer;
  // Another checkout of the account was pressed at the same moment and called this payment off.
  const isCalledOff = answer.value.topUp?.topUp.state === "canceled";
  if (paid.ok) return isCalledOff ? refuse({ code: "payment_in_progress" }) : answer;
  // Somebody pressed twice: the payment of this checkout is the answer to both. One of another
  // checkout is not.
  const { topUp } = answer.value;
  return topUp === null || isClosed(topUp.topUp) ? paid : answer;
}
