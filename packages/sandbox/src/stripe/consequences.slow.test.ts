/** What the bank does after a payment: disputes, inquiries, warnings, refunds that change their mind. */
import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Local, publishedDocument, startLocal } from "./testing/contract-subject.ts";

let local: Local;
let stripe: Stripe;
beforeAll(async () => {
  local = await startLocal();
  stripe = local.client();
});
afterAll(() => local.close());
beforeEach(async () => {
  await local.control("/reset");
  await local.control("/clock", { frozen: true });
});

const aMomentLater = () => local.control("/clock", { advanceSeconds: 2 });

async function payWith(card: string) {
  const { id: customer } = await stripe.customers.create();
  const { id: payment_method } = await stripe.paymentMethods.attach(card, { customer });
  return stripe.paymentIntents.create({
    ...{ amount: 5000, currency: "eur", customer, payment_method },
    allowed_payment_method_types: ["card"],
    confirm: true,
    off_session: true,
  });
}

async function disputesOf(payment_intent: string) {
  await aMomentLater();
  return (await stripe.disputes.list({ payment_intent })).data;
}

async function only<T>(things: Promise<readonly T[]>): Promise<T> {
  const [one, ...more] = await things;
  if (one === undefined || more.length > 0) throw new Error(`not one, but ${more.length + 1}`);
  return one;
}

/** The types of all events since the payment, oldest first, each of the published shape. */
async function newsOf(pattern: RegExp) {
  const events = (await stripe.events.list({ limit: 100 })).data.reverse();
  if (publishedDocument)
    expect(events.flatMap((event) => publishedDocument?.violationsOfEvent(event))).toEqual([]);
  return events.map(({ type }) => type).filter((type) => pattern.test(type));
}

describe("a dispute", () => {
  test("takes amount and fee when it opens, and blocks refunds", async () => {
    const paid = await payWith("pm_card_createDispute");
    expect((await stripe.disputes.list()).data).toEqual([]);
    const dispute = await only(disputesOf(paid.id));
    expect(dispute).toMatchObject({ status: "needs_response", reason: "fraudulent", amount: 5000 });
    expect(dispute.balance_transactions).toMatchObject([{ amount: -5000, fee: 2000 }]);
    expect(await newsOf(/dispute/)).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
    ]);
    await expect(stripe.refunds.create({ payment_intent: paid.id })).rejects.toMatchObject({
      code: "charge_disputed",
    });
  });

  test("is won by winning evidence: the money comes back, and refunds are allowed again", async () => {
    const paid = await payWith("pm_card_createDispute");
    const { id } = await only(disputesOf(paid.id));
    const evidence = { uncategorized_text: "winning_evidence" };
    expect((await stripe.disputes.update(id, { evidence })).status).toBe("under_review");
    await aMomentLater();
    expect((await stripe.disputes.retrieve(id)).status).toBe("won");
    expect((await newsOf(/dispute/)).slice(-2)).toEqual([
      "charge.dispute.closed",
      "charge.dispute.funds_reinstated",
    ]);
    expect((await stripe.refunds.create({ payment_intent: paid.id })).status).toBe("succeeded");
  });

  test("is lost by losing evidence and by giving in", async () => {
    const first = await only(disputesOf((await payWith("pm_card_createDispute")).id));
    await stripe.disputes.update(first.id, { evidence: { uncategorized_text: "losing_evidence" } });
    await aMomentLater();
    expect((await stripe.disputes.retrieve(first.id)).status).toBe("lost");
    const second = await only(
      disputesOf((await payWith("pm_card_createDisputeProductNotReceived")).id),
    );
    expect(second.reason).toBe("product_not_received");
    expect((await stripe.disputes.close(second.id)).status).toBe("lost");
    await expect(stripe.disputes.close(second.id)).rejects.toMatchObject({ statusCode: 400 });
  });

  test("can be one of several on one payment", async () => {
    const paid = await payWith("pm_card_createMultipleDisputes");
    expect(await disputesOf(paid.id)).toHaveLength(2);
  });

  test("opens and ends when a test says so, and ends only once", async () => {
    const paid = await payWith("pm_card_visa");
    const { id } = await local.control<{ id: string }>("/disputes", { paymentIntent: paid.id });
    expect(await local.control(`/disputes/${id}/won`)).toMatchObject({ status: "won" });
    expect(await local.control(`/disputes/${id}/lost`)).toMatchObject({ status: "won" });
  });
});

describe("an inquiry", () => {
  test("moves no money, allows refunds, and closes without being lost", async () => {
    const paid = await payWith("pm_card_createDisputeInquiry");
    const { id, status, balance_transactions } = await only(disputesOf(paid.id));
    expect([status, balance_transactions]).toEqual(["warning_needs_response", []]);
    await stripe.refunds.create({ payment_intent: paid.id, amount: 1000 });
    await stripe.disputes.update(id, { evidence: { uncategorized_text: "losing_evidence" } });
    await aMomentLater();
    expect((await stripe.disputes.retrieve(id)).status).toBe("warning_closed");
    expect(await newsOf(/funds/)).toEqual([]);
  });

  test("that escalates becomes a dispute, and only now the money goes", async () => {
    const { id } = await only(disputesOf((await payWith("pm_card_createDisputeInquiry")).id));
    const evidence = { uncategorized_text: "escalate_inquiry_evidence" };
    await stripe.disputes.update(id, { evidence });
    await aMomentLater();
    expect((await stripe.disputes.retrieve(id)).status).toBe("needs_response");
    expect(await newsOf(/funds/)).toEqual(["charge.dispute.funds_withdrawn"]);
  });
});

test("a warning of fraud follows the payment and moves nothing", async () => {
  const { latest_charge } = await payWith("pm_card_createIssuerFraudRecord");
  await aMomentLater();
  const { data } = await stripe.radar.earlyFraudWarnings.list({ charge: String(latest_charge) });
  expect(data).toMatchObject([{ charge: latest_charge, actionable: true }]);
  expect(await newsOf(/radar|refund|dispute/)).toEqual(["radar.early_fraud_warning.created"]);
});

describe("a refund", () => {
  test("that is slow succeeds by itself", async () => {
    const paid = await payWith("pm_card_pendingRefund");
    const { id } = await stripe.refunds.create({ payment_intent: paid.id });
    await aMomentLater();
    expect((await stripe.refunds.retrieve(id)).status).toBe("succeeded");
    expect(await newsOf(/refund/)).toEqual(["refund.created", "charge.refunded", "refund.updated"]);
  });

  test("that fails later leaves the charge as it was, and may be tried again", async () => {
    const paid = await payWith("pm_card_refundFail");
    const { id, status } = await stripe.refunds.create({ payment_intent: paid.id });
    expect(status).toBe("succeeded");
    await aMomentLater();
    const failed = await stripe.refunds.retrieve(id, { expand: ["failure_balance_transaction"] });
    expect(failed).toMatchObject({
      status: "failed",
      failure_reason: expect.any(String),
      failure_balance_transaction: { amount: 5000 },
    });
    expect(await newsOf(/^refund/)).toEqual(["refund.created", "refund.updated", "refund.failed"]);
    const charge = await stripe.charges.retrieve(String(paid.latest_charge));
    expect(charge).toMatchObject({ amount_refunded: 0, refunded: false });
  });
});

test("money that moves after a payment was canceled is told like every payment", async () => {
  const { id } = await stripe.paymentIntents.create({ amount: 900, currency: "eur" });
  await stripe.paymentIntents.cancel(id);
  await local.control(`/payment_intents/${id}/succeed`);
  expect((await stripe.paymentIntents.retrieve(id)).status).toBe("succeeded");
  expect((await newsOf(/payment_intent/)).at(-1)).toBe("payment_intent.succeeded");
});

test("a card the bank replaced has a new expiry and the same id", async () => {
  const { payment_method } = await payWith("pm_card_visa");
  const id = String(payment_method);
  await local.control(`/payment_methods/${id}/replace`, { last4: "1881" });
  expect((await stripe.paymentMethods.retrieve(id)).card?.last4).toBe("1881");
  expect(await newsOf(/automatically/)).toEqual(["payment_method.automatically_updated"]);
});
