/**
 * One customer's buying, lived through step by step against the local Stripe: presses of "Pay" that
 * die half-way, deliveries that come late, twice, in any order or never, banks that ask and decline,
 * money that goes back. After a quiet while all of it must add up, whatever happened.
 */
import { defaultPriceListData, instant, parsePriceList } from "@scanmeter/core";
import { demoSeller } from "@scanmeter/core/documents";
import { isUnderWay, type PaymentIntentFacts, reversalTarget } from "@scanmeter/core/purchase";
import { type Database, findAccount, listTopUps, type TopUpRow } from "@scanmeter/db";
import { anAccount } from "@scanmeter/db/testing";
import type { PaymentDeps } from "../deps.ts";
import { type Buying, buyingOver } from "../payments/buying.ts";
import { createGateway, type Gateway } from "../payments/gateway.ts";
import type { AccountPlace } from "../payments/quotes.ts";
import { startScan } from "../start-scan.ts";
import { Crash, type CrashingGateway, crashing } from "./crashing-gateway.ts";
import type { Delivery, LocalStripe } from "./local-stripe.ts";
import { aBilling, PUBLIC_URL } from "./shop.ts";
import { depsOver, StandingClock } from "./test-deps.ts";

export type PaymentStep =
  | { readonly do: "open"; readonly quantity: number; readonly card: string }
  | { readonly do: "change_quantity"; readonly quantity: number }
  | { readonly do: "press" }
  | { readonly do: "press_twice" }
  | { readonly do: "die"; readonly atCall: number; readonly when: "before" | "after" }
  | { readonly do: "break"; readonly kind: string; readonly phase: "before" | "after" }
  | { readonly do: "answer_bank"; readonly answer: "approve" | "fail" }
  | {
      readonly do: "deliver";
      readonly share: number;
      readonly times: number;
      readonly isReversed: boolean;
    }
  | { readonly do: "come_back" }
  | { readonly do: "refund_there"; readonly percent: number }
  | { readonly do: "dispute"; readonly percent: number }
  | { readonly do: "decide_dispute"; readonly as: "won" | "lost" }
  | { readonly do: "spend" }
  | { readonly do: "tick"; readonly seconds: number };

const CARDS = ["pm_card_visa", "pm_card_chargeCustomerFail", "pm_card_authenticationRequired"];
export const cards: readonly string[] = CARDS;

export class PaymentTrial {
  readonly #db: Database;
  readonly #stripe: LocalStripe;
  readonly #clock: StandingClock;
  readonly #dying: CrashingGateway;
  readonly #gateway: Gateway;
  readonly #deps: PaymentDeps;
  readonly #buying: Buying;
  readonly #account: AccountPlace;
  readonly #targetId: string;
  readonly #pending: Delivery[] = [];
  #delivered: number;
  #checkoutId: string | null = null;
  #opened = 0;
  #scans = 0;

  static async begin(db: Database, stripe: LocalStripe): Promise<PaymentTrial> {
    const { now } = await stripe.control<{ now: number }>("/clock", { frozen: true });
    const clock = new StandingClock(instant(now));
    const deps = await depsOver(db, { at: instant(now), clock });
    const { id, targetId } = await anAccount(db);
    const account = await findAccount(db, id);
    if (account === null) throw new Error("The account was just opened.");
    return new PaymentTrial({ db, stripe, clock, deps, account, targetId });
  }

  private constructor(of: {
    readonly db: Database;
    readonly stripe: LocalStripe;
    readonly clock: StandingClock;
    readonly deps: Awaited<ReturnType<typeof depsOver>>;
    readonly account: AccountPlace;
    readonly targetId: string;
  }) {
    this.#db = of.db;
    this.#stripe = of.stripe;
    this.#clock = of.clock;
    this.#account = of.account;
    this.#targetId = of.targetId;
    this.#delivered = of.stripe.deliveries.length;
    this.#gateway = createGateway({
      secretKey: of.stripe.secretKey,
      apiBase: of.stripe.url,
      webhookSecrets: [of.stripe.webhookSecret],
      now: () => of.clock.now(),
    });
    this.#dying = crashing(this.#gateway);
    const priceList = parsePriceList(defaultPriceListData);
    if (!priceList.ok) throw new Error(priceList.refusal);
    this.#deps = {
      ...of.deps,
      payments: {
        gateway: this.#dying.gateway,
        seller: demoSeller,
        priceList: priceList.value,
        publicUrl: () => PUBLIC_URL,
      },
    };
    this.#buying = buyingOver(this.#deps);
  }

  /** Does a step as far as it can be done; dying in the middle of it is part of the story. */
  async take(step: PaymentStep): Promise<void> {
    try {
      await this.#take(step);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  async #take(step: PaymentStep): Promise<void> {
    const account = this.#account;
    switch (step.do) {
      case "open":
        return this.#open(step.quantity, step.card);
      case "change_quantity": {
        if (this.#checkoutId === null) return;
        const { quantity } = step;
        await this.#buying.setCheckoutQuantity({ account, checkoutId: this.#checkoutId, quantity });
        return;
      }
      case "press":
        return this.#press();
      case "press_twice":
        await Promise.all([this.#press(), this.#press()]);
        return;
      case "die":
        this.#dying.crashAt(step.atCall, step.when);
        return;
      case "break": {
        const { kind, phase } = step;
        await this.#stripe.control("/faults", { path: "/v1/*", kind, phase, times: 1, ms: 20 });
        return;
      }
      case "answer_bank": {
        const asked = (await this.#topUps()).find(({ topUp }) => topUp.state === "action_required");
        const id = asked?.topUp.paymentIntentId;
        if (id)
          await this.#stripe.control(`/challenges/${id}`, { answer: step.answer }).catch(ignore);
        return;
      }
      case "deliver":
        return this.#deliver(step);
      case "come_back":
        if (this.#checkoutId === null) return;
        await this.#buying.getCheckout({ account, checkoutId: this.#checkoutId });
        return;
      case "refund_there":
      case "dispute":
      case "decide_dispute":
        return this.#moveMoney(step);
      case "spend": {
        this.#scans += 1;
        const { id: accountId } = account;
        const idempotencyKey = `scan-${this.#scans}`;
        const targetId = this.#targetId;
        await startScan(this.#deps, { accountId, runnerKeyId: null, targetId, idempotencyKey });
        return;
      }
      case "tick":
        return this.#tick(step.seconds);
    }
  }

  async #open(quantity: number, card: string): Promise<void> {
    const account = this.#account;
    const accountId = account.id;
    await this.#buying.saveBilling({ accountId, billing: aBilling });
    await this.#buying.addTestCard({ accountId, card });
    this.#opened += 1;
    const idempotencyKey = `order-${this.#opened}`;
    const opened = await this.#buying.openCheckout({ account, quantity, idempotencyKey });
    if (opened.ok) this.#checkoutId = opened.value.checkout.id;
  }

  async #press(): Promise<void> {
    const account = this.#account;
    const checkoutId = this.#checkoutId;
    if (checkoutId === null) return;
    const seen = await this.#buying.getCheckout({ account, checkoutId });
    if (!seen.ok) return;
    const expectedTotalMinor = seen.value.priced.quote.totalMinor;
    await this.#buying.finalizeCheckout({
      account,
      checkoutId,
      expectedTotalMinor,
      orderedBy: "user_buyer",
    });
  }

  async #deliver(how: {
    readonly share: number;
    readonly times: number;
    readonly isReversed: boolean;
  }) {
    await this.#stripe.control("/idle");
    const { deliveries } = this.#stripe;
    this.#pending.push(...deliveries.slice(this.#delivered));
    this.#delivered = deliveries.length;
    const count = Math.ceil(this.#pending.length * how.share);
    const some = this.#pending.splice(0, count);
    if (how.isReversed) some.reverse();
    const repeated = some.flatMap((one) => Array<Delivery>(how.times).fill(one));
    await Promise.all(repeated.map((one) => this.#receive(one)));
  }

  async #receive({ body, signature }: Delivery): Promise<void> {
    const event = this.#buying.verifyEvent(body, signature);
    // Held back for longer than a signature is believed: dropped, as far as we are concerned.
    if (event === null) return;
    await this.#buying.receiveEvent(event);
    try {
      await this.#buying.handleEvent(event.id);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  async #moveMoney(
    step: Extract<PaymentStep, { do: "refund_there" | "dispute" | "decide_dispute" }>,
  ) {
    const paid = (await this.#topUps()).filter(({ topUp }) => topUp.state === "paid");
    for (const { topUp } of paid.slice(0, 1)) {
      const paymentIntent = topUp.paymentIntentId ?? "";
      if (step.do === "decide_dispute") {
        const read = await this.#gateway.readPayment(paymentIntent);
        const open =
          read.is === "value" &&
          read.value.disputes.find(({ status }) => status === "needs_response");
        if (open) await this.#stripe.control(`/disputes/${open.id}/${step.as}`).catch(ignore);
        return;
      }
      const amount = Math.max(1, Math.floor((topUp.quote.totalMinor * step.percent) / 100));
      if (step.do === "dispute") {
        await this.#stripe.control("/disputes", { paymentIntent, amount }).catch(ignore);
        return;
      }
      // As somebody would in the dashboard, which knows nothing of us.
      await fetch(`${this.#stripe.url}/v1/refunds`, {
        method: "POST",
        headers: { authorization: `Bearer ${this.#stripe.secretKey}` },
        body: new URLSearchParams({ payment_intent: paymentIntent, amount: String(amount) }),
      }).catch(ignore);
    }
  }

  async #tick(seconds: number): Promise<void> {
    this.#clock.advance(seconds * 1_000);
    await this.#stripe.control("/clock", { to: this.#clock.now() });
    await this.#buying.sweep(100);
  }

  /** Nothing goes wrong any more, everything that was sent arrives, and a day and a half passes. */
  async quietDown(): Promise<void> {
    this.#dying.calm();
    await fetch(`${this.#stripe.url}/_control/faults`, { method: "DELETE" });
    await this.#deliver({ share: 1, times: 1, isReversed: false });
    for (const seconds of [31, 5 * 60, 16 * 60, 31 * 60, 60 * 60, 25 * 60 * 60]) {
      await this.#tick(seconds);
      await this.#tick(31);
    }
    await this.#buying.reconcile();
    await this.#tick(31);
  }

  /** What does not add up, in words; nothing when all is well. */
  async discrepancies(): Promise<string[]> {
    const found: string[] = [];
    const topUps = await this.#topUps();
    const paid = topUps.filter(({ topUp }) => topUp.state === "paid");
    for (const { topUp } of topUps) {
      if (isUnderWay(topUp)) found.push(`${topUp.id} is still ${topUp.state}`);
      if (topUp.state === "needs_review") found.push(`${topUp.id} needs a review`);
    }
    const payments = await this.#paymentsThere();
    const succeeded = payments.filter(({ status }) => status === "succeeded");
    for (const { id } of succeeded) {
      const settled = paid.filter(({ topUp }) => topUp.paymentIntentId === id);
      if (settled.length !== 1 && !(await this.#isRefundedWhole(id))) {
        found.push(`payment ${id} succeeded and is settled ${settled.length} times`);
      }
    }
    for (const row of paid) {
      const id = row.topUp.paymentIntentId ?? "";
      if (!succeeded.some((payment) => payment.id === id)) found.push(`${id} was never paid`);
      found.push(...(await this.#creditsOf(row)));
    }
    return found;
  }

  async #creditsOf({ topUp }: TopUpRow): Promise<string[]> {
    const read = await this.#gateway.readPayment(topUp.paymentIntentId ?? "");
    if (read.is !== "value") return [`${topUp.paymentIntentId} cannot be read`];
    const { refunds, disputes } = read.value;
    const { quantity, totalMinor } = topUp.quote;
    const target = reversalTarget({
      quantity,
      totalMinor,
      refunds: refunds.map(({ id, amountMinor, status }) => ({
        id,
        amountMinor: amountMinor as typeof totalMinor,
        status,
        credits: null,
      })),
      disputes: disputes.map(({ id, amountMinor, status }) => ({
        id,
        amountMinor: amountMinor as typeof totalMinor,
        status,
      })),
    });
    const { granted, grants, removed } = await this.#bookedFor(topUp.id, topUp.lotId ?? "");
    const found: string[] = [];
    if (grants !== 1) found.push(`${topUp.id} was granted ${grants} times`);
    if (granted !== quantity) found.push(`${topUp.id} granted ${granted}, not ${quantity}`);
    if (removed !== target) found.push(`${topUp.id} removed ${removed}, not ${target}`);
    return found;
  }

  async #bookedFor(topUpId: string, lotId: string) {
    const { rows } = await this.#db.read({
      sql: `SELECT
          (SELECT count(*) FROM entries WHERE lot_id = ?2 AND from_account = 'purchases') AS grants,
          (SELECT sum(amount) FROM entries WHERE lot_id = ?2 AND from_account = 'purchases') AS granted,
          (SELECT coalesce(sum(iif(e.to_account = 'refunds', e.amount, -e.amount)), 0)
            FROM entries e JOIN postings p ON p.id = e.posting_id WHERE p.top_up_id = ?1
            AND (e.to_account = 'refunds' OR e.from_account = 'refunds')) AS removed`,
      args: [topUpId, lotId],
    });
    return rows[0] as unknown as { granted: number; grants: number; removed: number };
  }

  async #paymentsThere(): Promise<PaymentIntentFacts[]> {
    const mine = new Set<string | null>((await this.#topUps()).map(({ topUp }) => topUp.id));
    const all: PaymentIntentFacts[] = [];
    for (let startingAfter: string | undefined; ; ) {
      const since = instant(0);
      const page = await this.#gateway.listPayments({
        since,
        ...(startingAfter && { startingAfter }),
      });
      if (page.is !== "value") throw new Error("The local Stripe does not list its payments.");
      all.push(...page.value.items.filter(({ topUpId }) => mine.has(topUpId)));
      if (page.value.next === null) return all;
      startingAfter = page.value.next;
    }
  }

  async #isRefundedWhole(id: string): Promise<boolean> {
    const read = await this.#gateway.readPayment(id);
    if (read.is !== "value") return false;
    const { intent, refunds } = read.value;
    const returned = refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    return returned === intent.amountReceivedMinor;
  }

  #topUps(): Promise<TopUpRow[]> {
    return listTopUps(this.#db, { accountId: this.#account.id, beforeId: null, limit: 100 });
  }
}

const ignore = () => {};
