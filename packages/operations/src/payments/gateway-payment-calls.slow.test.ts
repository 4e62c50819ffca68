/** Payments that go as they should, in all the ways they should. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type GatewayTrial,
  intentOf,
  paymentOf,
  startGatewayTrial,
  submit,
} from "../testing/gateway-trial.ts";
import { confirmOffSessionParams } from "./gateway.ts";

let trial: GatewayTrial;
beforeAll(async () => {
  trial = await startGatewayTrial();
});
afterAll(() => trial?.close());
beforeEach(() => trial.reset());

const declinedAs = (code: string, declineCode: string) => ({
  is: "declined",
  failure: { code, declineCode },
});

describe("a payment", () => {
  test("charges nobody until it is confirmed", async () => {
    const payment = await trial.aPayment();
    expect((await trial.summary()).charges).toEqual({});
    expect(await payment.read()).toEqual({
      intent: {
        object: "payment_intent",
        id: payment.id,
        status: "requires_payment_method",
        amountMinor: 9500,
        amountReceivedMinor: 0,
        currency: "eur",
        customerId: payment.customerId,
        livemode: false,
        topUpId: "top_1",
        paidAt: null,
        redirectUrl: null,
        failure: null,
      },
      refunds: [],
      disputes: [],
    });
  });

  test("that is confirmed is paid, and the answer says when, just as the reading does", async () => {
    const payment = await trial.aPayment();
    const { now } = await trial.local.control<{ now: number }>("/clock", { frozen: true });
    const paid = intentOf(await payment.confirm());
    const paidAt = Math.floor(now / 1000) * 1000;
    expect(paid).toMatchObject({ status: "succeeded", amountReceivedMinor: 9500, paidAt });
    const reading = await payment.read();
    expect(reading.intent).toEqual(paid);
  });

  test("that is sent twice is one: created once, charged once", async () => {
    const payment = await trial.aPayment();
    const params = paymentOf(payment.customerId);
    const again = await trial.gateway.createPayment({ params, key: "pi-top_1-1" });
    expect(intentOf(again).id).toBe(payment.id);
    const answers = [await payment.confirm(), await payment.confirm()];
    expect(answers.map((answer) => intentOf(answer).status)).toEqual(["succeeded", "succeeded"]);
    expect((await trial.summary()).charges).toEqual({ succeeded: 1 });
  });

  test("that is paid has moved on from a new confirmation and from a cancellation", async () => {
    const payment = await trial.aPaidPayment();
    expect(await payment.confirm("cf-top_1-3")).toEqual({ is: "moved_on" });
    expect(await payment.cancel()).toEqual({ is: "moved_on" });
    expect((await trial.summary()).charges).toEqual({ succeeded: 1 });
  });

  test("that is canceled can no longer be paid", async () => {
    const payment = await trial.aPayment();
    expect(intentOf(await payment.cancel()).status).toBe("canceled");
    expect(await payment.confirm()).toEqual({ is: "moved_on" });
  });

  test("that nobody knows is missing to a reader, and was not confirmed", async () => {
    expect(await trial.gateway.readPayment("pi_nobody")).toEqual({ is: "missing" });
    const confirmed = await trial.gateway.confirmPayment({
      paymentIntentId: "pi_nobody",
      params: confirmOffSessionParams({ paymentMethodId: "pm_card_visa" }),
      key: "cf",
    });
    expect(confirmed).toMatchObject({ is: "rejected", failure: { code: "resource_missing" } });
  });

  test("under a key that belongs to other parameters is rejected and charges nobody", async () => {
    const payment = await trial.aPayment();
    const params = JSON.stringify({ ...JSON.parse(paymentOf(payment.customerId)), amount: 1 });
    const reused = await trial.gateway.createPayment({ params, key: "pi-top_1-1" });
    expect(reused).toMatchObject({ is: "rejected", failure: { code: "idempotency_error" } });
    expect((await trial.summary()).charges).toEqual({});
  });

  test("with a parameter the gateway does not know is rejected, and so is a key it does not", async () => {
    const { customerId } = await trial.aCustomer("pm_card_visa");
    const params = JSON.stringify({ ...JSON.parse(paymentOf(customerId)), colour: "red" });
    expect((await trial.gateway.createPayment({ params, key: "a" })).is).toBe("rejected");
    const stranger = trial.connect({ secretKey: "sk_test_standin_" });
    const refused = await stranger.createPayment({ params: paymentOf(customerId), key: "b" });
    expect(refused.is).toBe("rejected");
    expect(JSON.stringify(refused)).not.toContain("standin");
  });
});

describe("a declined payment", () => {
  test("says why, keeps saying it under its key, and takes another try under a new one", async () => {
    const payment = await trial.aPayment();
    await trial.local.control(`/payment_methods/${payment.cardId}/next_charges`, {
      verdicts: ["insufficient_funds"],
    });
    const expected = declinedAs("card_declined", "insufficient_funds");
    expect([await payment.confirm(), await payment.confirm()]).toMatchObject([expected, expected]);
    const { intent } = await payment.read();
    expect(intent).toMatchObject({
      status: "requires_payment_method",
      paidAt: null,
      failure: { declineCode: "insufficient_funds" },
    });
    expect(intentOf(await payment.confirm("cf-top_1-3")).status).toBe("succeeded");
    expect((await trial.summary()).charges).toEqual({ failed: 1, succeeded: 1 });
  });

  test("carries the network's advice", async () => {
    const payment = await trial.aPayment();
    const stolen = await payment.confirmWithCustomer("pm_card_visa_chargeDeclinedStolenCard");
    expect(stolen).toMatchObject({ is: "declined", failure: { adviceCode: "do_not_try_again" } });
  });

  test("for want of the customer is declined, and waits for nobody", async () => {
    const payment = await trial.aPayment("pm_card_authenticationRequired");
    expect(await payment.confirm()).toMatchObject(
      declinedAs("authentication_required", "authentication_required"),
    );
    expect((await payment.read()).intent.status).toBe("requires_payment_method");
  });
});

describe("a bank that asks the customer", () => {
  test("is reached by redirect, and approved the payment is paid", async () => {
    const payment = await trial.aPayment("pm_card_authenticationRequired");
    const { status, redirectUrl } = intentOf(await payment.confirmWithCustomer());
    expect(status).toBe("requires_action");
    const back = await submit(redirectUrl, { answer: "approve" });
    expect(back).toContain("https://shop.example/back");
    const { intent } = await payment.read();
    expect(intent).toMatchObject({ status: "succeeded", redirectUrl: null });
    expect(intent.paidAt).not.toBeNull();
  });

  test("and is not satisfied leaves the payment open for another card", async () => {
    const payment = await trial.aPayment("pm_card_authenticationRequired");
    const { redirectUrl } = intentOf(await payment.confirmWithCustomer());
    await submit(redirectUrl, { answer: "fail" });
    expect((await payment.read()).intent).toMatchObject({
      status: "requires_payment_method",
      failure: { code: "payment_intent_authentication_failure" },
    });
    expect((await trial.summary()).charges.succeeded).toBeUndefined();
  });
});
