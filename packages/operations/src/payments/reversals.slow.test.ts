/**
 * Money that goes back, over the real database and a local Stripe: what the operator refunds, what is
 * refunded elsewhere, what banks dispute. Each purchase here is of ten credits, or says so.
 */
import { findTopUp, listAlerts, listDocumentsOfTopUp, listRefundsOfTopUps } from "@scanmeter/db";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { audit } from "../audit.ts";
import { openShop, type Shop } from "../testing/shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

let accountId: string;
let topUpId: string;
let paymentIntentId: string;
let totalMinor: number;
let customers = 0;

/** A customer of their own for each test. */
async function buy(options: { readonly card?: string; readonly quantity?: number } = {}) {
  customers += 1;
  const ready = await shop.readyToPay(`customer-${customers}`, { quantity: 10, ...options });
  const { account, checkoutId } = ready;
  totalMinor = ready.totalMinor;
  const paid = await shop.buying.finalizeCheckout({
    account,
    checkoutId,
    expectedTotalMinor: totalMinor,
    orderedBy: "user_buyer",
  });
  if (!paid.ok || paid.value.topUp === null) throw new Error("It was not paid.");
  accountId = account.id;
  topUpId = paid.value.topUp.topUp.id;
  paymentIntentId = paid.value.topUp.topUp.paymentIntentId ?? "";
  await shop.deliver();
}

beforeEach(() => buy());
afterEach(async () => {
  await shop.deliver();
  for await (const { title, broken } of audit(shop.operations.database)) {
    expect(broken, title).toBeNull();
  }
});

const { stringify } = JSON;

/** As somebody does it in the gateway's own dashboard. */
async function dashboard(path: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(`${shop.stripe.url}/v1/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${shop.stripe.secretKey}` },
    body: new URLSearchParams(fields),
  });
  const answer = (await response.json()) as { id: string };
  if (!response.ok) throw new Error(stringify(answer));
  return answer.id;
}
const refundElsewhere = (amount: number) =>
  dashboard("refunds", { payment_intent: paymentIntentId, amount: String(amount) });

async function dispute(about: Record<string, unknown> = {}): Promise<string> {
  const { id } = await shop.stripe.control<{ id: string }>("/disputes", {
    paymentIntent: paymentIntentId,
    ...about,
  });
  await shop.deliver();
  return id;
}

async function decideDispute(id: string, how: string): Promise<void> {
  await shop.stripe.control(`/disputes/${id}/${how}`);
  await shop.deliver();
}

let keys = 0;
function refund(about: { credits?: number; amountMinor?: number; key?: string } = {}) {
  keys += 1;
  return shop.buying.startRefund({ topUp: topUpId, reason: "asked", key: `key-${keys}`, ...about });
}

async function stands() {
  const { operations } = shop;
  const snapshot = await operations.snapshot(accountId);
  const row = await findTopUp(operations.database, topUpId);
  const lots = snapshot?.lots ?? [];
  return {
    available: lots.reduce((sum, lot) => sum + lot.remaining, 0),
    frozen: lots.reduce((sum, lot) => sum + lot.frozen, 0),
    debt: snapshot?.account.debt,
    settlement: row?.settlement,
  };
}

async function startScan(key: string) {
  const { operations } = shop;
  const url = `https://${accountId}.example/`;
  const [known] = await operations.listTargets(accountId);
  const made = known ?? (await operations.createTarget({ accountId, url, mode: "credits" }));
  const targetId = "value" in made ? (made.ok ? made.value.id : "") : "id" in made ? made.id : "";
  return operations.startScan({
    accountId,
    runnerKeyId: null,
    targetId,
    idempotencyKey: key,
  });
}

async function spend(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const started = await startScan(`spend-${accountId}-${n}`);
    if (!started.ok) throw new Error(started.refusal.code);
  }
}

const refundsSent = () => listRefundsOfTopUps(shop.operations.database, [topUpId]);
const refundsThere = async () => {
  const response = await fetch(`${shop.stripe.url}/v1/refunds?payment_intent=${paymentIntentId}`, {
    headers: { authorization: `Bearer ${shop.stripe.secretKey}` },
  });
  return ((await response.json()) as { data: { amount: number; status: string }[] }).data;
};
const alertsOf = async (kind: string) =>
  (await listAlerts(shop.operations.database)).filter(
    (alert) => alert.kind === kind && alert.accountId === accountId,
  );
const documents = async () =>
  (await listDocumentsOfTopUp(shop.operations.database, topUpId)).map(({ kind, totalMinor }) => [
    kind,
    totalMinor,
  ]);

/** What is owed to refunds is owed now. */
async function later(): Promise<void> {
  await shop.operations.database.write([
    "UPDATE refunds SET next_step_at = 1 WHERE next_step_at IS NOT NULL",
  ]);
  await shop.buying.sweep(100);
}

describe("a refund by the operator", () => {
  test("gives back what is unspent at the price that was paid, and no more than that", async () => {
    await spend(4);
    expect(await refund({ credits: 7 })).toMatchObject({
      ok: false,
      refusal: {
        code: "not_refundable",
        reason: "too_much",
        refundableCredits: 6,
        refundableMinor: Math.round(totalMinor * 0.6),
      },
    });
    expect(await refund({ credits: 2 })).toMatchObject({
      ok: true,
      value: { status: "succeeded", credits: 2, amountMinor: Math.round(totalMinor * 0.2) },
    });
    expect(await stands()).toEqual({
      available: 4,
      frozen: 0,
      debt: 0,
      settlement: "partially_refunded",
    });
    expect(await refund()).toMatchObject({ ok: true, value: { credits: 4 } });
    expect(await stands()).toMatchObject({ available: 0, debt: 0 });
    const there = await refundsThere();
    expect(there.reduce((sum, { amount }) => sum + amount, 0)).toBe(Math.round(totalMinor * 0.6));
    expect(await refund()).toMatchObject({ ok: false, refusal: { reason: "nothing_left" } });
  });

  test("of everything leaves nothing, not a cent", async () => {
    await buy({ quantity: 7 });
    for (const credits of [1, 1, 2, 3]) expect((await refund({ credits })).ok).toBe(true);
    const there = await refundsThere();
    expect(there.reduce((sum, { amount }) => sum + amount, 0)).toBe(totalMinor);
    expect(await stands()).toMatchObject({ available: 0, settlement: "refunded" });
    expect((await documents()).map(([kind]) => kind)).toEqual([
      "invoice",
      ...Array(4).fill("credit_note"),
    ]);
  });

  test("under the same key is one refund, however often and at once it is asked for", async () => {
    const asked = await Promise.all([1, 2, 3, 4].map(() => refund({ credits: 3, key: "same" })));
    expect(new Set(asked.map((one) => (one.ok ? one.value.id : "")))).toHaveProperty("size", 1);
    expect(await refundsThere()).toHaveLength(1);
    expect(await stands()).toMatchObject({ available: 7 });
    expect(await refund({ credits: 4, key: "same" })).toMatchObject({
      ok: false,
      refusal: { code: "idempotency_key_reused" },
    });
  });

  test("by the number on its invoice is the same as by its id", async () => {
    const [invoice] = await listDocumentsOfTopUp(shop.operations.database, topUpId);
    const topUp = invoice?.number ?? "";
    const refunded = await shop.buying.startRefund({ topUp, reason: "", key: "by-number" });
    expect(refunded).toMatchObject({ ok: true, value: { topUpId, credits: 10 } });
  });

  test("of an unknown purchase is refused", async () => {
    for (const topUp of ["top_unknown", "2026-999999", "x"]) {
      const refused = await shop.buying.startRefund({ topUp, reason: "", key: "unknown" });
      expect(refused).toMatchObject({ ok: false, refusal: { code: "top_up_not_found" } });
    }
  });

  // 65
  test("whose reply is lost is asked again and made once", async () => {
    const lost = { method: "POST", path: "/v1/refunds", kind: "reset", phase: "after", times: 2 };
    await shop.stripe.control("/faults", lost);
    expect(await refund({ credits: 3 })).toMatchObject({ ok: true, value: { status: "starting" } });
    expect(await stands()).toMatchObject({ available: 7, settlement: "refund_pending" });
    await later();
    expect(await refundsSent()).toMatchObject([{ status: "succeeded", nextStepAt: null }]);
    expect(await refundsThere()).toHaveLength(1);
    expect(await stands()).toMatchObject({ available: 7, settlement: "partially_refunded" });
  });

  test("whose reply is lost is found by the webhook alone", async () => {
    const lost = { method: "POST", path: "/v1/refunds", kind: "reset", phase: "after", times: 2 };
    await shop.stripe.control("/faults", lost);
    await refund({ credits: 3 });
    await shop.deliver();
    expect(await refundsSent()).toMatchObject([{ status: "succeeded", credits: 3 }]);
    expect(await stands()).toMatchObject({ available: 7 });
  });

  // 66
  test("that is pending takes its credits once and has its credit note when it is through", async () => {
    await buy({ card: "pm_card_pendingRefund" });
    await shop.stripe.control("/clock", { frozen: true });
    const started = await refund({ credits: 4 });
    expect(started).toMatchObject({ ok: true, value: { status: "pending" } });
    expect(await stands()).toMatchObject({ available: 6, settlement: "refund_pending" });
    expect(await documents()).toEqual([["invoice", totalMinor]]);
    await shop.stripe.control("/clock", { frozen: false });
    const id = started.ok ? started.value.gatewayRefundId : "";
    await shop.stripe.control(`/refunds/${id}`, { status: "succeeded" });
    await shop.deliver();
    expect(await stands()).toMatchObject({ available: 6, settlement: "partially_refunded" });
    expect(await documents()).toEqual([
      ["invoice", totalMinor],
      ["credit_note", Math.round(totalMinor * 0.4)],
    ]);
  });

  // 67
  test("that fails in the end gives the credits back, cancels its credit note and tells somebody", async () => {
    const started = await refund({ credits: 4 });
    expect(await stands()).toMatchObject({ available: 6 });
    const id = started.ok ? started.value.gatewayRefundId : "";
    await shop.stripe.control(`/refunds/${id}`, { status: "failed" });
    await shop.deliver();
    expect(await stands()).toEqual({ available: 10, frozen: 0, debt: 0, settlement: "none" });
    expect(await alertsOf("refund_failed")).toHaveLength(1);
    expect((await documents()).map(([kind]) => kind)).toEqual([
      "invoice",
      "credit_note",
      "cancellation",
    ]);
    expect(await refund()).toMatchObject({ ok: true, value: { credits: 10 } });
    expect(await stands()).toMatchObject({ available: 0, settlement: "refunded" });
  });

  test("that the gateway refuses gives the credits back at once and tells somebody", async () => {
    // It never arrives, and before it is sent again the bank disputes the payment.
    const lost = { method: "POST", path: "/v1/refunds", kind: "reset", phase: "before", times: 2 };
    await shop.stripe.control("/faults", lost);
    await refund({ credits: 3 });
    expect(await stands()).toMatchObject({ available: 7, frozen: 0 });
    await shop.stripe.control("/disputes", { paymentIntent: paymentIntentId });
    await later();
    expect(await refundsSent()).toMatchObject([{ status: "refused" }]);
    expect(await refundsThere()).toEqual([]);
    expect(await alertsOf("refund_refused")).toMatchObject([
      { text: expect.stringContaining("charge_disputed") },
    ]);
    expect(await stands()).toEqual({ available: 0, frozen: 10, debt: 0, settlement: "disputed" });
  });

  test("that nobody answers for a day is not sent again; its credits come back if it is not there", async () => {
    const lost = { method: "POST", path: "/v1/refunds", kind: "reset", phase: "before", times: 2 };
    await shop.stripe.control("/faults", lost);
    await refund({ credits: 3 });
    const dayAgo = shop.operations.clock.now() - 24 * 3_600_000;
    await shop.operations.database.write([
      { sql: "UPDATE refunds SET first_sent_at = ? WHERE top_up_id = ?", args: [dayAgo, topUpId] },
    ]);
    await later();
    expect(await refundsThere()).toEqual([]);
    expect(await refundsSent()).toMatchObject([{ status: "refused" }]);
    expect(await stands()).toMatchObject({ available: 10, settlement: "none" });
  });

  // 69
  test("while credits are spent never takes what is gone: one of the two loses cleanly", async () => {
    await startScan("first");
    const outcomes = await Promise.all([
      ...Array.from({ length: 9 }, (_, n) => startScan(`race-${n}`)),
      refund({ credits: 5 }),
      ...Array.from({ length: 9 }, (_, n) => startScan(`chase-${n}`)),
    ]);
    const started = outcomes.filter((one) => one.ok && "hours" in one.value).length;
    const refunded = outcomes.some((one) => one.ok && "params" in one.value) ? 5 : 0;
    const { available, debt } = await stands();
    expect(debt).toBe(0);
    expect(1 + started + refunded + available).toBe(10);
  });

  // 70
  test("during an open dispute is refused and takes nothing", async () => {
    await dispute();
    expect(await refund()).toMatchObject({
      ok: false,
      refusal: { code: "not_refundable", reason: "disputed" },
    });
    expect(await refundsSent()).toEqual([]);
    expect(await stands()).toMatchObject({ frozen: 10 });
  });

  test("during a dispute nobody told us of is refused as well", async () => {
    await shop.stripe.control("/disputes", { paymentIntent: paymentIntentId });
    expect(await refund()).toMatchObject({ ok: false, refusal: { reason: "disputed" } });
    expect(await stands()).toMatchObject({ available: 0, frozen: 10 });
  });
});

describe("a refund made elsewhere", () => {
  // 68
  test("in three parts, told backwards and twice, takes what its money stands for each time", async () => {
    await spend(2);
    const part = Math.round(totalMinor / 5);
    for (const _ of [1, 2, 3]) await refundElsewhere(part);
    const backwardsAndTwice = (count: number) =>
      Array.from({ length: count }, (_, at) => at)
        .flatMap((at) => [at, at])
        .reverse();
    await shop.deliver(backwardsAndTwice);
    expect(await stands()).toEqual({
      available: 2,
      frozen: 0,
      debt: 0,
      settlement: "partially_refunded",
    });
    expect((await documents()).map(([kind]) => kind)).toEqual([
      "invoice",
      ...Array(3).fill("credit_note"),
    ]);
    const postings = (await shop.operations.activity({ accountId, limit: 50 })).items;
    const reversals = postings.filter(({ kind }) => kind === "reversal");
    expect(reversals.map(({ credits }) => credits)).toEqual([-6]);
    expect(reversals[0]?.topUpId).toBe(topUpId);
  });

  test("part by part, each heard of at once, comes to the same", async () => {
    for (const left of [8, 6, 4]) {
      await refundElsewhere(Math.round(totalMinor / 5));
      await shop.deliver();
      expect(await stands()).toMatchObject({ available: left });
    }
  });

  test("of spent credits becomes debt", async () => {
    await spend(8);
    await refundElsewhere(totalMinor);
    await shop.deliver();
    expect(await stands()).toEqual({ available: 0, frozen: 0, debt: 8, settlement: "refunded" });
  });
});

describe("a dispute", () => {
  // 71
  test("that is only an inquiry is a flag, until it closes", async () => {
    const id = await dispute({ isInquiry: true });
    expect(await stands()).toEqual({ available: 10, frozen: 0, debt: 0, settlement: "inquiry" });
    expect(await alertsOf("inquiry")).toHaveLength(1);
    await decideDispute(id, "warning_closed");
    expect(await stands()).toMatchObject({ available: 10, settlement: "none" });
  });

  test("that grows out of an inquiry freezes from then on", async () => {
    const id = await dispute({ isInquiry: true });
    await decideDispute(id, "escalate");
    expect(await stands()).toMatchObject({ available: 0, frozen: 10, settlement: "disputed" });
  });

  // 72
  test("that is won leaves the same balance as before", async () => {
    await spend(3);
    const id = await dispute();
    expect(await stands()).toEqual({ available: 0, frozen: 7, debt: 0, settlement: "disputed" });
    expect((await startScan("while-frozen")).ok).toBe(false);
    await decideDispute(id, "won");
    expect(await stands()).toEqual({ available: 7, frozen: 0, debt: 0, settlement: "none" });
    const { items } = await shop.operations.activity({ accountId, limit: 50 });
    expect(items.slice(0, 2).map(({ kind }) => kind)).toEqual(["release", "freeze"]);
  });

  // 73
  test("that is lost after the credits were spent leaves a debt, and nothing starts", async () => {
    await spend(6);
    const id = await dispute();
    await decideDispute(id, "lost");
    expect(await stands()).toEqual({
      available: 0,
      frozen: 0,
      debt: 6,
      settlement: "dispute_lost",
    });
    expect(await startScan("after")).toMatchObject({
      ok: false,
      refusal: { code: "insufficient_credits" },
    });
    expect(await alertsOf("dispute")).toHaveLength(2);
  });

  // 74
  test("won between two refunds takes nothing twice and forgets nothing", async () => {
    await refund({ credits: 3 });
    const id = await dispute();
    expect(await stands()).toMatchObject({ available: 0, frozen: 7 });
    await decideDispute(id, "won");
    expect(await stands()).toMatchObject({ available: 7, settlement: "partially_refunded" });
    await refund();
    expect(await stands()).toEqual({ available: 0, frozen: 0, debt: 0, settlement: "refunded" });
    const there = await refundsThere();
    expect(there.reduce((sum, { amount }) => sum + amount, 0)).toBe(totalMinor);
  });

  // 75
  test("and another on the same payment freeze and take no more than the purchase", async () => {
    const amount = Math.round(totalMinor * 0.6);
    const [first, second] = [await dispute({ amount }), await dispute({ amount })];
    expect(await stands()).toMatchObject({ available: 0, frozen: 10 });
    await decideDispute(first, "lost");
    expect(await stands()).toMatchObject({ available: 0, frozen: 4, debt: 0 });
    await decideDispute(second, "lost");
    expect(await stands()).toEqual({
      available: 0,
      frozen: 0,
      debt: 0,
      settlement: "dispute_lost",
    });
  });

  test("heard of twenty times at once freezes once", async () => {
    await shop.stripe.control("/disputes", { paymentIntent: paymentIntentId });
    const look = () => shop.operations.getTopUp({ accountId, topUpId });
    await Promise.all(Array.from({ length: 20 }, look));
    await shop.deliver((count) => Array.from({ length: 5 * count }, (_, at) => at % count));
    expect(await stands()).toMatchObject({ frozen: 10 });
    const { items } = await shop.operations.activity({ accountId, limit: 50 });
    expect(items.filter(({ kind }) => kind === "freeze")).toHaveLength(1);
  });
});

// 63
test("a second payment of the same purchase is given back whole, and somebody is told if that fails", async () => {
  const card = (await shop.buying.listCards(accountId))[0];
  const second = await dashboard("payment_intents", {
    amount: String(totalMinor),
    currency: "eur",
    customer: card?.customerId ?? "",
    "allowed_payment_method_types[0]": "card",
    "metadata[top_up_id]": topUpId,
  });
  await dashboard(`payment_intents/${second}/confirm`, {
    payment_method: card?.id ?? "",
    return_url: "http://scanmeter.test",
  });
  await shop.deliver();
  const [given] = await refundsSent();
  expect(given).toMatchObject({ paymentIntentId: second, amountMinor: totalMinor, credits: 0 });
  expect(given).toMatchObject({ status: "succeeded" });
  expect(await stands()).toEqual({ available: 10, frozen: 0, debt: 0, settlement: "none" });
  expect(await alertsOf("duplicate_payment")).toHaveLength(1);

  await shop.stripe.control(`/refunds/${given?.gatewayRefundId}`, { status: "failed" });
  await shop.deliver();
  expect(await refundsSent()).toMatchObject([{ status: "failed" }]);
  expect(await alertsOf("refund_failed")).toHaveLength(1);
  const alerts = await listAlerts(shop.operations.database);
  expect(alerts.filter(({ text }) => text.includes(given?.gatewayRefundId ?? second))).toEqual([]);
  expect(await stands()).toEqual({ available: 10, frozen: 0, debt: 0, settlement: "none" });
});
