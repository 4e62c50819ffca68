/** Refunds, disputes and warnings, read back as what became of a payment. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type GatewayTrial, got, startGatewayTrial } from "../testing/gateway-trial.ts";
import { refundParams } from "./gateway.ts";

let trial: GatewayTrial;
beforeAll(async () => {
  trial = await startGatewayTrial();
});
afterAll(() => trial?.close());
beforeEach(() => trial.reset());

describe("money that goes back", () => {
  const refund = (paymentIntentId: string, amountMinor: number, key = "rf-1") =>
    trial.gateway.refund({
      paymentIntentId,
      params: refundParams({ refundId: "rfd_1", topUpId: "top_1", amountMinor }),
      key,
    });

  test("is read back with the payment, ours told from those made elsewhere", async () => {
    const payment = await trial.aPaidPayment();
    const ours = got(await refund(payment.id, 500));
    expect(ours).toMatchObject({
      paymentIntentId: payment.id,
      amountMinor: 500,
      currency: "eur",
      status: "succeeded",
      refundId: "rfd_1",
    });
    const elsewhere = await trial.gateway.refund({
      paymentIntentId: payment.id,
      params: JSON.stringify({ amount: 200 }),
      key: "elsewhere",
    });
    expect(got(elsewhere).refundId).toBeNull();
    const { refunds } = await payment.read();
    expect(new Set(refunds)).toEqual(new Set([ours, got(elsewhere)]));
  });

  test.each(["truncate", "html_502"])("whose answer is lost by %s goes back once", async (kind) => {
    const payment = await trial.aPaidPayment();
    await trial.fault({ path: "/v1/refunds", kind, phase: "after" });
    expect(await refund(payment.id, 500)).toEqual({ is: "unknown" });
    const found = (await payment.read()).refunds;
    expect(found).toMatchObject([{ refundId: "rfd_1", amountMinor: 500 }]);
    expect(got(await refund(payment.id, 500))).toEqual(found[0]);
    expect((await trial.summary()).refunds).toEqual({ succeeded: 1 });
  });

  test("twice is refused with a word of its own", async () => {
    const payment = await trial.aPaidPayment();
    await refund(payment.id, 9500);
    expect(await refund(payment.id, 1, "rf-2")).toMatchObject({
      is: "rejected",
      failure: { code: "charge_already_refunded" },
    });
  });

  test("that is slow is pending, and one that fails later says so", async () => {
    const slow = await trial.aPaidPayment("pm_card_pendingRefund");
    const { id, status } = got(await refund(slow.id, 500));
    expect(status).toBe("pending");
    await trial.local.control(`/refunds/${id}`, { status: "failed" });
    expect((await slow.read()).refunds).toMatchObject([{ id, status: "failed" }]);
  });

  test("is read to the last page", async () => {
    const payment = await trial.aPaidPayment();
    const keys = Array.from({ length: 101 }, (_, n) => `rf-${n}`);
    for (const key of keys) await refund(payment.id, 1, key);
    const { refunds } = await payment.read();
    expect(new Set(refunds.map(({ id }) => id)).size).toBe(101);
  });

  test("by a dispute is read back with its standing, and refunds are refused meanwhile", async () => {
    const payment = await trial.aPaidPayment();
    const { id } = await trial.local.control<{ id: string }>("/disputes", {
      paymentIntent: payment.id,
    });
    expect((await payment.read()).disputes).toEqual([
      {
        id,
        paymentIntentId: payment.id,
        amountMinor: 9500,
        currency: "eur",
        status: "needs_response",
      },
    ]);
    expect(await refund(payment.id, 500)).toMatchObject({
      is: "rejected",
      failure: { code: "charge_disputed" },
    });
    await trial.local.control(`/objects/${id}`, { fields: { status: "under_a_spell" } });
    expect((await payment.read()).disputes[0]?.status).toBe("under_a_spell");
  });

  test("is not known while its list is not: the payment is not read by halves", async () => {
    const payment = await trial.aPaidPayment();
    await trial.fault({ method: "get", path: "/v1/refunds", kind: "json_502", times: 0 });
    expect(await trial.gateway.readPayment(payment.id)).toEqual({ is: "unknown" });
  });
});
