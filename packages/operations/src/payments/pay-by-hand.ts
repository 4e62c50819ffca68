import {
  accept,
  type Instant,
  type Outcome,
  type QuoteTerms,
  type Refusal,
  refuse,
  type TopUpId,
} from "@scanmeter/core";
import { type BillingDetails, isUnderWay, openTopUp } from "@scanmeter/core/purchase";
import {
  type Checkout,
  ConstraintViolated,
  failureOf,
  findTopUp,
  listOpenTopUps,
  type PaymentMethod,
  putTopUps,
  type TopUpRow,
  updateCheckout,
} from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { mintId } from "../mint-id.ts";
import { closeTopUp } from "./close-top-up.ts";
import { createPayment } from "./create-payment.ts";
import { ensureCustomer } from "./customers.ts";
import { confirmOnSessionParams } from "./gateway-params.ts";
import { refreshTopUp } from "./learn-payment.ts";
import { moveTopUp } from "./move-top-up.ts";
import { type AccountPlace, termsFor } from "./quotes.ts";
import { storeAndSend } from "./send-attempt.ts";

export interface PaymentByHand {
  readonly account: AccountPlace;
  /** The user who pressed the button. */
  readonly orderedBy: string;
  readonly checkout: Checkout;
  readonly billing: BillingDetails;
  readonly paymentMethod: PaymentMethod;
}

/**
 * Charges a card for a checkout: finds or opens its purchase, creates the payment, confirms it. Each
 * call is stored before it is sent. Refuses with `payment_in_progress` while another one is out. Throws
 * a conflict when the checkout was changed meanwhile, before anything was sent.
 */
export async function payByHand(
  deps: PaymentDeps,
  payment: PaymentByHand,
): Promise<Outcome<TopUpRow, Refusal>> {
  const paid = await pay(deps, payment);
  // Another tab has gone on with it or is ending it just now, because it wants something else.
  const hasMovedOn = !paid.ok && paid.refusal.code === "purchase_closed";
  return hasMovedOn ? refuse({ code: "payment_in_progress" }) : paid;
}

async function pay(deps: PaymentDeps, payment: PaymentByHand): Promise<Outcome<TopUpRow, Refusal>> {
  const { account, billing, checkout, paymentMethod } = payment;
  const terms = termsFor(deps.payments, billing, checkout.quantity);
  if (!terms.ok) return terms;
  const wanted = await findOrOpen(deps, payment, terms.value);
  if (!wanted.ok) return wanted;
  const name = { accountId: account.id, topUpId: wanted.value.topUp.id };

  const returnUrl = `${deps.payments.publicUrl()}/checkout/confirmation?checkout=${checkout.id}&payment=returned`;
  const params = confirmOnSessionParams({ paymentMethodId: paymentMethod.id, returnUrl });
  let row = wanted.value;
  if (row.topUp.state === "draft") {
    const created = await createPayment(deps, name, row);
    if (!created.ok) return created;
    row = created.value;
  } else if (row.topUp.state === "action_required") {
    row = await askTheBank(deps, row);
    // Its page is open for this very card; another confirmation would make it worthless.
    if (row.topUp.state === "action_required" && lastConfirmed(row) === params) return accept(row);
  }
  const { state } = row.topUp;
  if (state !== "awaiting_payment" && state !== "action_required") return accept(row);
  const { brand, last4 } = paymentMethod;
  return storeAndSend(deps, name, { action: "confirm", params, card: { brand, last4 } });
}

async function askTheBank(deps: PaymentDeps, row: TopUpRow): Promise<TopUpRow> {
  const { id: topUpId, accountId, paymentIntentId } = row.topUp;
  if (paymentIntentId === null) return row;
  return (await refreshTopUp(deps, { accountId, topUpId }, paymentIntentId)) ?? row;
}

function lastConfirmed({ topUp }: TopUpRow): string | undefined {
  return topUp.attempts.findLast(({ action }) => action === "confirm")?.params;
}

/** The purchase this checkout began, if it is still the one that is wanted; otherwise a new one. */
async function findOrOpen(
  deps: PaymentDeps,
  payment: PaymentByHand,
  terms: QuoteTerms,
): Promise<Outcome<TopUpRow, Refusal>> {
  const { account, billing, checkout } = payment;
  const begun =
    checkout.topUpId === null ? null : await findTopUp(deps.db, checkout.topUpId, account.id);
  if (begun?.topUp.state === "needs_review") return refuse({ code: "payment_in_progress" });
  if (begun !== null && isOpen(begun, deps.clock.now()) && isSame(begun.topUp.terms, terms)) {
    return isSame(begun.billing, billing) ? accept(begun) : withBilling(deps, begun, billing);
  }
  // At most one purchase is under way per account: one that was left lying, or an automatic one that
  // waits, is ended first.
  for (const lying of await listOpenTopUps(deps.db, account.id)) {
    const name = { accountId: account.id, topUpId: lying.topUp.id };
    const closed = await closeTopUp(deps, name);
    if (!closed.ok) return closed;
    // It was paid before it could be ended. Whoever wants the other as well presses again, knowing.
    const ended = await findTopUp(deps.db, name.topUpId, name.accountId);
    if (ended?.topUp.state === "paid") return refuse({ code: "payment_in_progress" });
  }
  return open(deps, payment, terms);
}

/** One whose time is over is the sweep's to end, if it only had come by already. */
function isOpen({ topUp }: TopUpRow, now: Instant): boolean {
  return isUnderWay(topUp) && topUp.closing === null && now < topUp.openUntil;
}

/** What documents will say may change until the payment succeeds; what it costs may not. */
function withBilling(deps: PaymentDeps, { topUp }: TopUpRow, billing: BillingDetails) {
  const name = { accountId: topUp.accountId, topUpId: topUp.id };
  return moveTopUp(deps, name, { type: "details_changed" }, { billing });
}

async function open(
  deps: PaymentDeps,
  { account, orderedBy, billing, checkout }: PaymentByHand,
  terms: QuoteTerms,
): Promise<Outcome<TopUpRow, Refusal>> {
  const customer = await ensureCustomer(deps, account.id);
  if (!customer.ok) return customer;
  const id: TopUpId = mintId("topUp");
  const order = {
    id,
    accountId: checkout.accountId,
    trigger: "manual",
    // The next one of the same checkout answers to the one before, so two presses cannot open two.
    triggerKey: `manual-${checkout.id}-${checkout.topUpId ?? "first"}`,
    orderedBy,
    terms,
    customerId: customer.value,
    livemode: deps.payments.gateway.livemode,
  } as const;
  const topUp = openTopUp(order, deps.clock.now());
  const row: TopUpRow = {
    topUp,
    billing,
    card: null,
    receipt: null,
    settlement: "none",
    reversed: null,
    consentId: null,
  };
  try {
    await deps.db.write([...putTopUps([row]), updateCheckout({ ...checkout, topUpId: id })]);
  } catch (error) {
    const failure = failureOf(error);
    if (!(failure instanceof ConstraintViolated) || failure.isConflict) throw failure;
    return refuse({ code: "payment_in_progress" });
  }
  return accept({ ...row, topUp: { ...topUp, revision: 1 } });
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
