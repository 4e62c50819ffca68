/** Answers that are lost, late or spoilt: what is told then, and that money moved once or not at all. */
import { instant } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type GatewayTrial,
  got,
  intentOf,
  paymentOf,
  startGatewayTrial,
} from "../testing/gateway-trial.ts";

let trial: GatewayTrial;
beforeAll(async () => {
  trial = await startGatewayTrial();
});
afterAll(() => trial?.close());
beforeEach(() => trial.reset());

describe("a confirmation whose answer goes astray", () => {
  const confirmations = { path: "*/confirm" };

  // The SDK asks again by itself, with the same key, and hears the first answer.
  test.each(["before", "after"])("once, %s the charge: paid once", async (phase) => {
    const payment = await trial.aPayment();
    await trial.fault({ ...confirmations, kind: "reset", phase });
    expect(intentOf(await payment.confirm()).status).toBe("succeeded");
    expect((await trial.summary()).charges).toEqual({ succeeded: 1 });
  });

  test.each([
    ["reset", "before", 2],
    ["reset", "after", 2],
    ["error_409", "before", 1],
    ["error_429", "before", 1],
    ["html_502", "before", 1],
    ["html_502", "after", 1],
    ["json_502", "before", 1],
    ["json_502", "after", 1],
    ["truncate", "before", 1],
    ["truncate", "after", 1],
  ])("by %s %s the charge is unknown; sent again it is paid, once", async (kind, phase, times) => {
    const payment = await trial.aPayment();
    await trial.fault({ ...confirmations, kind, phase, times });
    expect(await payment.confirm()).toEqual({ is: "unknown" });
    const paid = phase === "after" ? "succeeded" : "requires_payment_method";
    expect((await payment.read()).intent.status).toBe(paid);
    expect(intentOf(await payment.confirm()).status).toBe("succeeded");
    expect((await trial.summary()).charges).toEqual({ succeeded: 1 });
  });

  // Such an answer is kept under its key, so asking again tells nothing and reading does.
  test("by a 500 before the charge stays unknown, and a cancellation settles it", async () => {
    const payment = await trial.aPayment();
    await trial.fault({ ...confirmations, kind: "error_500", phase: "before" });
    expect([await payment.confirm(), await payment.confirm()]).toEqual([
      { is: "unknown" },
      { is: "unknown" },
    ]);
    expect((await payment.read()).intent.status).toBe("requires_payment_method");
    expect(intentOf(await payment.cancel()).status).toBe("canceled");
    expect((await trial.summary()).charges).toEqual({});
  });

  test("by a 500 after the charge stays unknown, and the reading says that it is paid", async () => {
    const payment = await trial.aPayment();
    await trial.fault({ ...confirmations, kind: "error_500", phase: "after" });
    expect([await payment.confirm(), await payment.confirm()]).toEqual([
      { is: "unknown" },
      { is: "unknown" },
    ]);
    expect((await payment.read()).intent.status).toBe("succeeded");
    expect((await trial.summary()).charges).toEqual({ succeeded: 1 });
  });

  test("by its slowness is unknown, also when asked again meanwhile, and is paid once", async () => {
    const payment = await trial.aPayment();
    await trial.fault({ ...confirmations, kind: "delay", phase: "before", ms: 2_000 });
    const impatient = trial.connect({ timeoutMs: 300 });
    expect(await payment.confirm("cf-top_1-2", impatient)).toEqual({ is: "unknown" });
    // Not paid yet, and still about to be: this reading proves nothing.
    expect((await payment.read()).intent.status).toBe("requires_payment_method");
    expect(await payment.confirm()).toEqual({ is: "unknown" });
    const statusOf = async () => (await payment.read()).intent.status;
    await expect.poll(statusOf, { timeout: 20_000 }).toBe("succeeded");
    expect(intentOf(await payment.confirm()).status).toBe("succeeded");
    expect((await trial.summary()).charges).toEqual({ succeeded: 1 });
  });
});

test("a creation whose answer is lost is found again under its key", async () => {
  const { customerId } = await trial.aCustomer("pm_card_visa");
  await trial.fault({ path: "/v1/payment_intents", kind: "truncate", phase: "after" });
  const create = () =>
    trial.gateway.createPayment({ params: paymentOf(customerId), key: "pi-top_1-1" });
  expect(await create()).toEqual({ is: "unknown" });
  const { id } = intentOf(await create());
  const { items } = got(await trial.gateway.listPayments({ since: instant(0) }));
  expect(items.map((payment) => payment.id)).toEqual([id]);
});
