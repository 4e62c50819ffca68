/**
 * What becomes of credits when money goes back, with a clock that stands still and a gateway that says
 * what a test wants it to say. `reversals.slow.test.ts` has the same conversations with a local Stripe.
 */
import {
  credits,
  defaultPriceListData,
  type Instant,
  minor,
  parsePriceList,
  type TopUpId,
} from "@scanmeter/core";
import { demoSeller } from "@scanmeter/core/documents";
import { openTopUp, type PaymentIntentFacts } from "@scanmeter/core/purchase";
import {
  findScan,
  findTopUp,
  listAlerts,
  listRefundsOfTopUps,
  putService,
  putTopUps,
} from "@scanmeter/db";
import {
  anAccount,
  DAY,
  databases,
  grantTo,
  HOUR,
  NOON,
  startOn,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { audit } from "../audit.ts";
import { catchUpAccount } from "../catch-up.ts";
import type { PaymentDeps } from "../deps.ts";
import { explain } from "../explain.ts";
import { readSnapshot } from "../read-account.ts";
import { readActivity } from "../read-activity.ts";
import { heartbeat } from "../scan-commands.ts";
import { depsOver, StandingClock } from "../testing/index.ts";
import { aBilling } from "../testing/shop.ts";
import type { Asked, Gateway, GatewayDispute, GatewayRefund, PaymentReading } from "./gateway.ts";
import { learnPayment } from "./learn-payment.ts";
import { pursueDueRefunds, startRefund, startRefundOfPayment } from "./refund.ts";
import { reconcileReversals } from "./reversals.ts";

const TOTAL = 95_00;

/** The payments of a test, as the gateway would tell of them. */
class ToldGateway {
  readonly readings = new Map<string, PaymentReading>();
  /** What the next refund is answered with; without it, a refund that is pending. */
  answer: Asked<GatewayRefund> | null = null;
  readonly refundsAsked: string[] = [];

  async readPayment(id: string): Promise<Asked<PaymentReading>> {
    const value = this.readings.get(id);
    return value === undefined ? { is: "unknown" } : { is: "value", value };
  }

  async refund(call: { paymentIntentId: string; params: string; key: string }) {
    this.refundsAsked.push(call.key);
    if (this.answer !== null) return this.answer;
    const { amount, metadata } = JSON.parse(call.params);
    return {
      is: "value" as const,
      value: aRefund(call.paymentIntentId, amount, "pending", metadata.refund_id),
    };
  }
}

const aRefund = (
  paymentIntentId: string,
  amountMinor: number,
  status: string,
  refundId: string | null = null,
): GatewayRefund => ({
  id: `re_${refundId ?? unique()}`,
  paymentIntentId,
  amountMinor,
  currency: "eur",
  status,
  createdAt: NOON,
  refundId,
});

describe.each(databases)("over $name", ({ open }) => {
  let temp: TempDatabase;
  let gateway: ToldGateway;
  let clock: StandingClock;
  let deps: PaymentDeps;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    gateway = new ToldGateway();
    clock = new StandingClock(NOON);
    const priceList = parsePriceList(defaultPriceListData);
    deps = {
      ...(await depsOver(temp.database, { at: NOON, clock })),
      payments: {
        gateway: gateway as unknown as Gateway,
        seller: demoSeller,
        priceList: priceList.ok ? priceList.value : (null as never),
        publicUrl: () => "",
      },
    };
    account = await anAccount(deps.db);
  });

  interface Purchase {
    readonly topUpId: TopUpId;
    readonly paymentIntentId: string;
    tell(about: Partial<PaymentReading>, asOf?: Instant): Promise<void>;
  }

  /** Ten credits for 95.00, paid just now. */
  async function buy(): Promise<Purchase> {
    const topUpId = `top_${unique()}` as TopUpId;
    const paymentIntentId = `pi_${topUpId}`;
    const order = {
      id: topUpId,
      accountId: account.id,
      trigger: "manual",
      triggerKey: `manual:${topUpId}`,
      terms: {
        quantity: credits(10),
        currency: "EUR",
        priceListVersion: "2026-1",
        unitPriceMinor: minor(1000),
        discountPercent: 5,
        cap: null,
        tax: { treatment: "outside_eu", basisPoints: 0 },
      },
      customerId: "cus",
      livemode: false,
    } as const;
    const topUp = {
      ...openTopUp(order, clock.now()),
      paymentIntentId,
      state: "processing",
    } as const;
    const beside = {
      billing: aBilling,
      card: null,
      receipt: null,
      reversed: null,
      consentId: null,
    };
    await deps.db.write(putTopUps([{ topUp, ...beside, settlement: "none" }]));
    const intent: PaymentIntentFacts = {
      object: "payment_intent",
      id: paymentIntentId,
      status: "succeeded",
      amountMinor: TOTAL,
      amountReceivedMinor: TOTAL,
      currency: "eur",
      customerId: "cus",
      livemode: false,
      topUpId,
      paidAt: clock.now(),
      redirectUrl: null,
      failure: null,
    };
    const untouched = {
      intent,
      refunds: [],
      disputes: [],
    };
    const name = { accountId: account.id, topUpId };
    const tell = async (about: Partial<PaymentReading>, asOf = clock.now()) => {
      const reading = { ...untouched, ...gateway.readings.get(paymentIntentId), ...about };
      gateway.readings.set(paymentIntentId, reading);
      const learned = await learnPayment(deps, name, reading, asOf);
      if (!learned.ok) throw new Error(learned.refusal.code);
    };
    await tell({});
    return { topUpId, paymentIntentId, tell };
  }

  const dispute = (purchase: Purchase, status: string, amountMinor = TOTAL): GatewayDispute => ({
    id: `dp_${purchase.topUpId}`,
    paymentIntentId: purchase.paymentIntentId,
    amountMinor,
    currency: "eur",
    status,
  });

  async function stands() {
    const snapshot = await readSnapshot(deps, account.id);
    const lots = snapshot?.lots ?? [];
    return {
      remaining: lots.map((lot) => lot.remaining),
      frozen: lots.map((lot) => lot.frozen),
      debt: snapshot?.account.debt,
    };
  }

  async function kinds(): Promise<string[]> {
    const { items } = await readActivity(deps, { accountId: account.id, limit: 100 });
    return items.map(({ kind }) => kind).reverse();
  }

  async function assertSound(): Promise<void> {
    for await (const { title, broken } of audit(deps.db)) expect(broken, title).toBeNull();
  }

  test("told the same twice, nothing is written twice", async () => {
    const purchase = await buy();
    const news = {
      refunds: [aRefund(purchase.paymentIntentId, 19_00, "succeeded")],
      disputes: [dispute(purchase, "needs_response", 9_50)],
    };
    await purchase.tell(news);
    const before = [await kinds(), await findTopUp(deps.db, purchase.topUpId)];
    clock.advance(HOUR);
    await purchase.tell(news);
    await purchase.tell(news);
    expect([await kinds(), await findTopUp(deps.db, purchase.topUpId)]).toEqual(before);
    expect(await stands()).toEqual({ remaining: [7], frozen: [1], debt: 0 });
    await assertSound();
  });

  test("the audit notices a purchase whose row no longer says what was booked", async () => {
    const purchase = await buy();
    await purchase.tell({ disputes: [dispute(purchase, "needs_response")] });
    const row = await findTopUp(deps.db, purchase.topUpId);
    const forget = (reversed: unknown) => ({
      sql: "UPDATE top_ups SET reversed = ?, revision = revision + 1 WHERE id = ?",
      args: [JSON.stringify(reversed), purchase.topUpId],
    });
    await deps.db.write([forget({ ...row?.reversed, holds: [] })]);
    const found: (string | null)[] = [];
    for await (const { id, broken } of audit(deps.db)) if (id === "I6") found.push(broken);
    expect(found).toEqual([null, expect.stringContaining(purchase.topUpId)]);
    await deps.db.write([forget(row?.reversed)]);
    await assertSound();
  });

  test("what is frozen can be explained dispute by dispute", async () => {
    const purchase = await buy();
    await purchase.tell({ disputes: [dispute(purchase, "needs_response", 19_00)] });
    const explained = await explain(deps.db, account.id);
    expect(explained?.holds).toMatchObject([
      { topUpId: purchase.topUpId, disputeId: `dp_${purchase.topUpId}`, amount: 2 },
    ]);
    expect(explained?.lots).toMatchObject([{ remaining: 8, frozen: 2 }]);
  });

  test("an answer that was overtaken by a younger one changes nothing", async () => {
    const purchase = await buy();
    const early = clock.now();
    clock.advance(10);
    await purchase.tell({ disputes: [dispute(purchase, "lost")] });
    const reading = gateway.readings.get(purchase.paymentIntentId) as PaymentReading;
    const open = { ...reading, disputes: [dispute(purchase, "needs_response")] };
    const name = { accountId: account.id, topUpId: purchase.topUpId };
    await reconcileReversals(deps, { ...name, reading: open, asOf: early });
    expect((await findTopUp(deps.db, purchase.topUpId))?.settlement).toBe("dispute_lost");
    expect(await kinds()).not.toContain("freeze");
  });

  test("a refund that failed stays failed, whatever an older answer says", async () => {
    const purchase = await buy();
    const refund = aRefund(purchase.paymentIntentId, 19_00, "succeeded");
    await purchase.tell({ refunds: [refund] });
    const early = clock.now();
    clock.advance(10);
    await purchase.tell({ refunds: [{ ...refund, status: "failed" }] });
    const reading = gateway.readings.get(purchase.paymentIntentId) as PaymentReading;
    const older = { ...reading, refunds: [refund] };
    const name = { accountId: account.id, topUpId: purchase.topUpId };
    await reconcileReversals(deps, { ...name, reading: older, asOf: early });
    expect(await stands()).toMatchObject({ remaining: [10] });
    expect(await kinds()).toEqual(["grant", "reversal", "reversal"]);
    await assertSound();
  });

  test("frozen credits outlive their date, and are forfeited once they come back", async () => {
    const purchase = await buy();
    await purchase.tell({ disputes: [dispute(purchase, "needs_response", 28_50)] });
    clock.advance(400 * DAY);
    await catchUpAccount(deps, account.id);
    expect(await stands()).toEqual({ remaining: [0], frozen: [3], debt: 0 });
    await purchase.tell({ disputes: [dispute(purchase, "won", 28_50)] });
    expect(await stands()).toEqual({ remaining: [], frozen: [], debt: 0 });
    expect(await kinds()).toEqual(["grant", "freeze", "breakage", "release", "breakage"]);
    await assertSound();
  });

  test("a purchase moves the date of frozen credits, too, and they are there when the dispute is won", async () => {
    const disputed = await buy();
    await disputed.tell({ disputes: [dispute(disputed, "needs_response")] });
    clock.advance(300 * DAY);
    await buy();
    clock.advance(100 * DAY);
    await disputed.tell({ disputes: [dispute(disputed, "won")] });
    expect(await stands()).toEqual({ remaining: [10, 10], frozen: [0, 0], debt: 0 });
    await assertSound();
  });

  test("a scan that waited for credits goes on when a dispute is won", async () => {
    const purchase = await buy();
    const free = { kind: "free", credits: 1 } as const;
    await grantTo(deps.db, account.id, free);
    const scan = await startOn(deps.db, account);
    await purchase.tell({ disputes: [dispute(purchase, "needs_response")] });
    clock.advance(HOUR - 1);
    const back = clock.now();
    await deps.db.write([putService({ aliveAt: back, listeningSince: back })]);
    await heartbeat(deps, { accountId: account.id, scanId: scan.id });
    clock.advance(2);
    await catchUpAccount(deps, account.id);
    const state = async () => (await findScan(deps.db, account.id, scan.id))?.scan.state;
    expect(await state()).toBe("paused");
    await purchase.tell({ disputes: [dispute(purchase, "won")] });
    expect(await state()).toBe("running");
  });

  test("what a dispute takes of spent credits is owed, and the next purchase repays it", async () => {
    const purchase = await buy();
    for (let n = 0; n < 4; n += 1) await startOn(deps.db, account);
    await purchase.tell({ disputes: [dispute(purchase, "lost")] });
    expect(await stands()).toEqual({ remaining: [], frozen: [], debt: 4 });
    await buy();
    expect(await stands()).toEqual({ remaining: [6], frozen: [0], debt: 0 });
    await assertSound();
  });

  test("an inquiry, a dispute and its loss are each told to a person once", async () => {
    const purchase = await buy();
    for (const status of ["warning_needs_response", "warning_under_review"]) {
      await purchase.tell({ disputes: [dispute(purchase, status)] });
    }
    for (const status of ["needs_response", "under_review", "lost"]) {
      await purchase.tell({ disputes: [dispute(purchase, status)] });
    }
    const alerts = (await listAlerts(deps.db)).filter(({ accountId }) => accountId === account.id);
    expect(alerts.map(({ kind, times }) => [kind, times])).toEqual([
      ["inquiry", 1],
      ["dispute", 1],
      ["dispute", 1],
    ]);
  });

  describe("a refund that was started", () => {
    const refunds = (purchase: Purchase) => listRefundsOfTopUps(deps.db, [purchase.topUpId]);
    const start = ({ topUpId }: Purchase, count = 4) =>
      startRefund(deps, { topUp: topUpId, credits: count, reason: "asked", key: unique() });

    test("and is under way is looked at again, in case nobody tells what became of it", async () => {
      const purchase = await buy();
      expect(await start(purchase)).toMatchObject({ ok: true, value: { status: "pending" } });
      expect(await pursueDueRefunds(deps, 10)).toBe(0);
      const [pending] = await refunds(purchase);
      const reading = gateway.readings.get(purchase.paymentIntentId) as PaymentReading;
      const { paymentIntentId } = purchase;
      gateway.readings.set(paymentIntentId, {
        ...reading,
        refunds: [aRefund(paymentIntentId, 38_00, "succeeded", pending?.id)],
      });
      clock.advance(6 * HOUR);
      expect(await pursueDueRefunds(deps, 10)).toBe(1);
      expect(await refunds(purchase)).toMatchObject([{ status: "succeeded", nextStepAt: null }]);
      expect(gateway.refundsAsked).toHaveLength(1);
    });

    test("and is not answered is sent again under its key, less and less often, and takes nothing twice", async () => {
      const purchase = await buy();
      gateway.answer = { is: "unknown" };
      await start(purchase);
      const waits: number[] = [];
      for (let n = 0; n < 4; n += 1) {
        const [refund] = await refunds(purchase);
        const wait = (refund?.nextStepAt ?? 0) - clock.now();
        waits.push(wait / 1_000);
        clock.advance(wait);
        await pursueDueRefunds(deps, 10);
      }
      expect(waits).toEqual([30, 30, 60, 120]);
      expect(gateway.refundsAsked).toHaveLength(5);
      expect(new Set(gateway.refundsAsked).size).toBe(1);
      expect(await stands()).toMatchObject({ remaining: [6] });
    });

    test("is not refused on the word of one sending while the payment cannot be read", async () => {
      const purchase = await buy();
      const failure = { code: "charge_disputed", declineCode: null, adviceCode: null };
      const reading = gateway.readings.get(purchase.paymentIntentId) as PaymentReading;
      gateway.answer = { is: "unknown" };
      await start(purchase);
      gateway.answer = { is: "rejected", failure };
      gateway.readings.delete(purchase.paymentIntentId);
      clock.advance(30_000);
      await pursueDueRefunds(deps, 10);
      expect(await refunds(purchase)).toMatchObject([{ status: "starting" }]);
      expect(await stands()).toMatchObject({ remaining: [6] });
      gateway.readings.set(purchase.paymentIntentId, reading);
      clock.advance(HOUR);
      await pursueDueRefunds(deps, 10);
      expect(await refunds(purchase)).toMatchObject([{ status: "refused", nextStepAt: null }]);
      expect(await stands()).toMatchObject({ remaining: [10] });
    });

    test("and was carried out although its answer was lost is not taken for refused afterwards", async () => {
      const purchase = await buy();
      const { paymentIntentId } = purchase;
      gateway.answer = { is: "unknown" };
      await start(purchase, 10);
      const [sent] = await refunds(purchase);
      const reading = gateway.readings.get(paymentIntentId) as PaymentReading;
      gateway.readings.set(paymentIntentId, {
        ...reading,
        refunds: [aRefund(paymentIntentId, TOTAL, "succeeded", sent?.id)],
      });
      const failure = { code: "charge_already_refunded", declineCode: null, adviceCode: null };
      gateway.answer = { is: "rejected", failure };
      clock.advance(30_000);
      await pursueDueRefunds(deps, 10);
      expect(await refunds(purchase)).toMatchObject([{ status: "succeeded", nextStepAt: null }]);
      expect(await stands()).toEqual({ remaining: [], frozen: [], debt: 0 });
    });

    test("of a second payment takes no credits and is started once", async () => {
      const purchase = await buy();
      const row = await findTopUp(deps.db, purchase.topUpId);
      if (row === null) throw new Error("It was bought.");
      const second = {
        topUp: row.topUp,
        paymentIntentId: `pi_second_${purchase.topUpId}`,
        amountMinor: TOTAL,
        currency: "eur",
        key: `duplicate-${purchase.topUpId}`,
        reason: "duplicate",
      };
      await Promise.all([1, 2, 3].map(() => startRefundOfPayment(deps, second)));
      await startRefundOfPayment(deps, second);
      expect(await refunds(purchase)).toMatchObject([{ status: "pending", credits: 0 }]);
      expect(gateway.refundsAsked).toHaveLength(1);
      expect(await stands()).toEqual({ remaining: [10], frozen: [0], debt: 0 });
      expect((await findTopUp(deps.db, purchase.topUpId))?.settlement).toBe("none");
    });

    test("while the gateway does not answer is refused before anything happens", async () => {
      const purchase = await buy();
      gateway.readings.delete(purchase.paymentIntentId);
      expect(await start(purchase)).toMatchObject({ refusal: { code: "gateway_unavailable" } });
      expect(await refunds(purchase)).toEqual([]);
      expect(await stands()).toMatchObject({ remaining: [10] });
    });
  });
});
