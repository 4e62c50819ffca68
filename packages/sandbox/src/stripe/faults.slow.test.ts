/** The faults a test can order, as the real SDK meets them: with its own HTTP client and its own retries. */
import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Local, localKey, startLocal } from "./testing/contract-subject.ts";

let local: Local;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.close());
beforeEach(() => local.control("/reset"));

interface Summary {
  readonly charges: Record<string, number>;
  readonly paymentIntents: Record<string, number>;
}
const summary = () => local.control<Summary>("/summary", undefined, "GET");
const fault = (given: object) => local.control("/faults", { path: "*/confirm", ...given });

async function intentWith(card = "pm_card_visa") {
  const stripe = local.client();
  const customer = await stripe.customers.create();
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  const { id } = await stripe.paymentIntents.create({
    amount: 700,
    currency: "eur",
    customer: customer.id,
    allowed_payment_method_types: ["card"],
  });
  const confirm = (settings: Stripe.StripeConfig = {}, idempotencyKey = `cf_${id}`) =>
    local
      .client(settings)
      .paymentIntents.confirm(
        id,
        { payment_method: method.id, off_session: true, error_on_requires_action: true },
        { idempotencyKey },
      );
  return { id, confirm, read: () => stripe.paymentIntents.retrieve(id) };
}

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error as Stripe.errors.StripeError,
  );

describe("a broken connection", () => {
  test("after the execution: the SDK asks again and is told the first answer, one charge", async () => {
    await fault({ kind: "reset", phase: "after" });
    const intent = await intentWith();
    expect((await intent.confirm()).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
    const calls = await local.control<{ isReplay: boolean }[]>("/calls", undefined, "GET");
    expect(calls.at(-1)?.isReplay).toBe(true);
  });

  test("before the execution: nothing happened, the repetition pays", async () => {
    await fault({ kind: "reset", phase: "before" });
    const intent = await intentWith();
    expect((await intent.confirm()).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });

  test("each time, before the execution: unknown to the caller, and nothing was paid", async () => {
    await fault({ kind: "reset", phase: "before", times: 0 });
    const intent = await intentWith();
    expect(await errorOf(intent.confirm())).toMatchObject({ type: "StripeConnectionError" });
    expect((await summary()).charges).toEqual({});
  });

  test("in the middle of the answer: unknown to the caller, but paid", async () => {
    await fault({ kind: "truncate", phase: "after" });
    const intent = await intentWith();
    expect(await errorOf(intent.confirm())).toMatchObject({ type: "StripeConnectionError" });
    expect((await intent.read()).status).toBe("succeeded");
    expect((await intent.confirm()).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });
});

describe("a slow confirmation", () => {
  test("is not paid while it runs, refuses its own repetition, and is paid in the end", async () => {
    await fault({ kind: "delay", phase: "before", ms: 400 });
    const intent = await intentWith();
    const slow = intent.confirm();
    // The call has arrived as soon as the fault has seen it.
    await expect
      .poll(async () => {
        const [one] = await local.control<{ seen: number }[]>("/faults", undefined, "GET");
        return one?.seen;
      })
      .toBe(1);
    expect((await intent.read()).status).toBe("requires_payment_method");
    expect(await errorOf(intent.confirm())).toMatchObject({
      statusCode: 409,
      type: "StripeAPIError",
      code: "idempotency_key_in_use",
    });
    expect((await slow).status).toBe("succeeded");
    expect((await summary()).charges).toEqual({ succeeded: 1 });
  });
});

describe("an answer 500", () => {
  test("before the execution is kept under its key: the replay says 500 and nothing was paid", async () => {
    await fault({ kind: "error_500", phase: "before", shouldRetry: false });
    const intent = await intentWith();
    for (const _ of [1, 2])
      expect(await errorOf(intent.confirm())).toMatchObject({ statusCode: 500 });
    expect((await intent.read()).status).toBe("requires_payment_method");
    expect((await summary()).charges).toEqual({});
  });

  test("after the execution hides that the money moved", async () => {
    await fault({ kind: "error_500", phase: "after", shouldRetry: false });
    const intent = await intentWith();
    for (const _ of [1, 2])
      expect(await errorOf(intent.confirm())).toMatchObject({ statusCode: 500 });
    expect((await intent.read()).status).toBe("succeeded");
  });
});

describe("a proxy in between", () => {
  test("HTML is an error without a status", async () => {
    await fault({ kind: "html_502" });
    const intent = await intentWith();
    const error = await errorOf(intent.confirm());
    expect(error).toMatchObject({ type: "StripeAPIError" });
    expect(error?.statusCode).toBeUndefined();
  });

  test("JSON without an error looks like a success to the SDK", async () => {
    await fault({ kind: "json_502" });
    const intent = await intentWith();
    const answer = await intent.confirm();
    expect(answer.object).toBeUndefined();
    expect((await summary()).charges).toEqual({});
  });
});

test("a rate limit passes: the same key works afterwards", async () => {
  await fault({ kind: "error_429", times: 2 });
  const intent = await intentWith();
  for (const _ of [1, 2])
    expect(await errorOf(intent.confirm())).toMatchObject({ type: "StripeRateLimitError" });
  expect((await intent.confirm()).status).toBe("succeeded");
});

test("a fault strikes the n-th call and no other", async () => {
  const stripe = local.client();
  await local.control("/faults", {
    method: "post",
    path: "/v1/customers",
    kind: "error_429",
    skip: 1,
  });
  await stripe.customers.create();
  expect(await errorOf(stripe.customers.create())).toMatchObject({ statusCode: 429 });
  expect((await stripe.customers.create()).object).toBe("customer");
});

test("a key is forgotten after a day of this clock, not before", async () => {
  const stripe = local.client();
  const create = () => stripe.customers.create({ name: "Key" }, { idempotencyKey: "day" });
  await local.control("/clock", { frozen: true });
  const first = await create();
  await local.control("/clock", { advanceSeconds: 86_399 });
  expect((await create()).id).toBe(first.id);
  await local.control("/clock", { advanceSeconds: 1 });
  expect((await create()).id).not.toBe(first.id);
});

test("an intent that is confirmed in vain too often is given up", async () => {
  const intent = await intentWith("pm_card_chargeCustomerFail");
  for (let n = 1; n <= 10; n++)
    expect(await errorOf(intent.confirm({}, `try_${n}`))).toMatchObject({ statusCode: 402 });
  expect(await intent.read()).toMatchObject({
    status: "canceled",
    cancellation_reason: "automatic",
  });
});

test("a test decides what the next charges of a card get to hear", async () => {
  const stripe = local.client();
  const intent = await intentWith();
  const [method] = (await stripe.customers.list()).data;
  const { data } = await stripe.customers.listPaymentMethods(method?.id ?? "");
  await local.control(`/payment_methods/${data[0]?.id}/next_charges`, {
    verdicts: ["insufficient_funds"],
  });
  expect(await errorOf(intent.confirm({}, "one"))).toMatchObject({
    decline_code: "insufficient_funds",
  });
  expect((await intent.confirm({}, "two")).status).toBe("succeeded");
});

test("a misspelt fault is refused, because a fault that never strikes proves nothing", async () => {
  await expect(local.control("/faults", { kind: "reset", phaes: "after" })).rejects.toThrow("400");
});

test("keys of a real account, of live mode or none at all are refused", async () => {
  for (const key of ["sk_test_abc", "sk_live_abc", "sk_test_standin_"]) {
    const stripe = new Stripe(key, { ...local.at, telemetry: false });
    expect(await errorOf(stripe.customers.list())).toMatchObject({ statusCode: 401 });
  }
  expect(localKey.startsWith("sk_test_standin_")).toBe(true);
});
