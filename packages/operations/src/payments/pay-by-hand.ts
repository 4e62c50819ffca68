import {
  accept,
  type Instant,
  type Outcome,
  type QuoteTerms,
  type Refusal,
  refuse,
  type TopUpId,
} from "@scanmeter/core";
import {
  type BillingDetails,
  isUnderWay,
  openTopUp,
  unresolvedAttempt,
} from "@scanmeter/core/purchase";
import {
  type Checkout,
  ConstraintViolated,
  failureOf,
  findOpenTopUp,
  findTopUp,
  type PaymentMethod,
  putTopUps,
  type TopUpRow,
  updateCheckout,
} from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { mintId } from "../mint-id.ts";
import { closeTopUp } from "./close-top-up.ts";
import { ensureCustomer } from "./customers.ts";
import { confirmOnSessionParams, paymentParams } from "./gateway-params.ts";
import { moveTopUp, type TopUpName } from "./move-top-up.ts";
import { type AccountPlace, termsFor } from "./quotes.ts";
import { sendAttempt, storeAndSend } from "./send-attempt.ts";

export interface PaymentByHand {
  readonly account: AccountPlace;
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
  const { account, billing, checkout, paymentMethod } = payment;
  const terms = termsFor(deps.payments, billing, checkout.quantity);
  if (!terms.ok) return terms;
  const wanted = await findOrOpen(deps, payment, terms.value);
  if (!wanted.ok) return wanted;
  const name = { accountId: account.id, topUpId: wanted.value.topUp.id };

  let row = wanted.value;
  if (row.topUp.state === "draft") {
    const created = await create(deps, name, row);
    if (!created.ok) return created;
    row = created.value;
  }
  const { state } = row.topUp;
  if (state !== "awaiting_payment" && state !== "action_required") return accept(row);
  const returnUrl = `${deps.payments.publicUrl()}/checkout/confirmation?checkout=${checkout.id}&payment=returned`;
  const params = confirmOnSessionParams({ paymentMethodId: paymentMethod.id, returnUrl });
  const { brand, last4 } = paymentMethod;
  const confirmed = await storeAndSend(deps, name, {
    action: "confirm",
    params,
    card: { brand, last4 },
  });
  // Another tab is ending it just now, because it wants something else.
  const isEnding = !confirmed.ok && confirmed.refusal.code === "purchase_closed";
  return isEnding ? refuse({ code: "payment_in_progress" }) : confirmed;
}

/**
 * Creates the payment, unconfirmed. A creation nobody answered is asked for once more with its key,
 * and then given up: it charged nobody, and the gateway may keep an error under that key for a day.
 * The customer's next press begins anew.
 */
async function create(
  deps: PaymentDeps,
  name: TopUpName,
  row: TopUpRow,
): Promise<Outcome<TopUpRow, Refusal>> {
  const pending = unresolvedAttempt(row.topUp, "create");
  const params = paymentParams(row.topUp);
  const sent =
    pending?.state === "unknown"
      ? accept(row)
      : await storeAndSend(deps, name, { action: "create", params });
  const created = sent.ok ? await sentAgain(deps, name, sent.value) : sent;
  if (!created.ok || unresolvedAttempt(created.value.topUp, "create") === undefined) return created;
  const closed = await closeTopUp(deps, name);
  return closed.ok ? refuse({ code: "gateway_unavailable" }) : closed;
}

async function sentAgain(
  deps: PaymentDeps,
  name: TopUpName,
  row: TopUpRow,
): Promise<Outcome<TopUpRow, Refusal>> {
  const unanswered = unresolvedAttempt(row.topUp, "create");
  if (unanswered === undefined) return accept(row);
  const { number } = unanswered;
  const again = await moveTopUp(deps, name, { type: "sent_again", number });
  return again.ok ? sendAttempt(deps, name, again.value, number) : again;
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
  // At most one purchase by hand is under way per account: one that was left lying is ended first.
  const lying = await findOpenTopUp(deps.db, account.id);
  if (lying !== null) {
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
  { account, billing, checkout }: PaymentByHand,
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
