/** Objects as the gateway sends them, and each field spoilt in turn. */
import { describe, expect, test } from "vitest";
import { disputeOf, paymentIntentOf, readIntentOf, refundOf } from "./gateway-payments.ts";

const charge = {
  object: "charge",
  id: "ch_1",
  status: "succeeded",
  created: 1_790_000_000,
  receipt_url: "https://pay.example/receipt",
};

const intent = {
  object: "payment_intent",
  id: "pi_1",
  status: "succeeded",
  amount: 9500,
  amount_received: 9500,
  currency: "eur",
  customer: "cus_1",
  livemode: false,
  metadata: { top_up_id: "top_1" },
  latest_charge: charge,
  next_action: null,
  last_payment_error: null,
  client_secret: "pi_1_secret_x",
};

const refund = {
  object: "refund",
  id: "re_1",
  payment_intent: "pi_1",
  amount: 100,
  currency: "eur",
  status: "pending",
  created: 1_790_000_000,
  metadata: {},
};

const dispute = {
  object: "dispute",
  id: "du_1",
  payment_intent: "pi_1",
  amount: 9500,
  currency: "eur",
  status: "needs_response",
};

const oddAmounts = [undefined, null, "9500", -1, 0.5, Number.NaN, 2 ** 53, true];
const oddTexts = [undefined, null, "", 5, {}, []];

describe("a payment", () => {
  test("is read as it came", () => {
    expect(paymentIntentOf(intent)).toEqual({
      object: "payment_intent",
      id: "pi_1",
      status: "succeeded",
      amountMinor: 9500,
      amountReceivedMinor: 9500,
      currency: "eur",
      customerId: "cus_1",
      livemode: false,
      topUpId: "top_1",
      paidAt: 1_790_000_000_000,
      redirectUrl: null,
      failure: null,
    });
  });

  test.each([
    ["object", ["charge", ...oddTexts]],
    ["id", oddTexts],
    ["status", oddTexts],
    ["currency", oddTexts],
    ["amount", oddAmounts],
    ["amount_received", oddAmounts],
    ["livemode", [undefined, null, "false", 0]],
  ] as const)("whose %s is odd is no answer", (field, values) => {
    for (const value of values)
      expect(paymentIntentOf({ ...intent, [field]: value }), String(value)).toBeNull();
  });

  test.each([null, "Bad Gateway", [], 5, { message: "Bad Gateway" }])(
    "%j is no payment",
    (body) => {
      expect(paymentIntentOf(body)).toBeNull();
    },
  );

  test("of a status or a currency nobody has heard of comes through", () => {
    const read = paymentIntentOf({ ...intent, status: "shining", currency: "xmoon" });
    expect(read).toMatchObject({ status: "shining", currency: "xmoon" });
  });

  test("is paid when its charge succeeded, and not by a charge that failed or is only named", () => {
    const paidAt = (latest_charge: unknown) =>
      paymentIntentOf({ ...intent, latest_charge })?.paidAt;
    expect(paidAt(charge)).toBe(1_790_000_000_000);
    expect(paidAt({ ...charge, status: "failed" })).toBeNull();
    expect(paidAt({ ...charge, created: "soon" })).toBeNull();
    expect(paidAt({ ...charge, created: 8.64e12 + 1 })).toBeNull();
    expect([paidAt("ch_1"), paidAt(null)]).toEqual([null, null]);
  });

  test("sends the customer to web addresses only", () => {
    const redirect = (url: unknown) =>
      paymentIntentOf({ ...intent, next_action: { redirect_to_url: { url } } })?.redirectUrl;
    expect(redirect("https://bank.example/ask")).toBe("https://bank.example/ask");
    for (const url of ["javascript:alert(1)", "//bank.example", "https://", null, 5])
      expect(redirect(url)).toBeNull();
    const script = { next_action: { type: "use_stripe_sdk", use_stripe_sdk: {} } };
    expect(paymentIntentOf({ ...intent, ...script })?.redirectUrl).toBeNull();
  });

  test("says why its last try failed", () => {
    const last_payment_error = {
      type: "card_error",
      code: "card_declined",
      decline_code: "insufficient_funds",
      payment_method: { id: "pm_1" },
    };
    expect(paymentIntentOf({ ...intent, last_payment_error })?.failure).toEqual({
      code: "card_declined",
      declineCode: "insufficient_funds",
      adviceCode: null,
    });
  });

  test("keeps no client secret", () => {
    expect(JSON.stringify(readIntentOf("pi_1", intent))).not.toContain("secret");
  });

  test("is read whole: another one, or a charge that is only named, is no answer", () => {
    expect(readIntentOf("pi_1", intent)).toMatchObject({ hasCharge: true });
    expect(readIntentOf("pi_2", intent)).toBeNull();
    expect(readIntentOf("pi_1", { ...intent, latest_charge: "ch_1" })).toBeNull();
    const untouched = (fields: object) =>
      readIntentOf("pi_1", { ...intent, latest_charge: { ...charge, ...fields } })?.isUntouched;
    expect(untouched({ amount_refunded: 0, disputed: false })).toBe(true);
    for (const fields of [
      {},
      { amount_refunded: 1, disputed: false },
      { amount_refunded: 0, disputed: true },
      { amount_refunded: "0", disputed: false },
      { amount_refunded: 0, disputed: null },
    ]) {
      expect(untouched(fields), JSON.stringify(fields)).toBe(false);
    }
    const untried = { ...intent, latest_charge: null };
    expect(readIntentOf("pi_1", untried)).toMatchObject({ hasCharge: false });
  });
});

describe("money on its way back", () => {
  test("is read as it came, a status nobody has heard of included", () => {
    expect(refundOf({ ...refund, status: "wandering", metadata: { refund_id: "rfd_1" } })).toEqual({
      id: "re_1",
      paymentIntentId: "pi_1",
      amountMinor: 100,
      currency: "eur",
      status: "wandering",
      createdAt: 1_790_000_000_000,
      refundId: "rfd_1",
    });
    expect(disputeOf({ ...dispute, status: "appeal_under_review" })).toEqual({
      id: "du_1",
      paymentIntentId: "pi_1",
      amountMinor: 9500,
      currency: "eur",
      status: "appeal_under_review",
    });
    expect(refundOf(refund)?.refundId).toBeNull();
  });

  test.each([
    ["object", ["charge", ...oddTexts]],
    ["id", oddTexts],
    ["status", oddTexts],
    ["currency", oddTexts],
    ["amount", oddAmounts],
    ["payment_intent", oddTexts],
  ] as const)("whose %s is odd is no answer", (field, values) => {
    for (const value of values) {
      expect(refundOf({ ...refund, [field]: value }), String(value)).toBeNull();
      expect(disputeOf({ ...dispute, [field]: value }), String(value)).toBeNull();
    }
    expect(refundOf({ ...refund, created: null })).toBeNull();
  });

  test("may name its payment as a whole", () => {
    expect(refundOf({ ...refund, payment_intent: intent })?.paymentIntentId).toBe("pi_1");
  });
});
