/**
 * One account of a world: the real one, its model, and the hands of its customer, who does everything
 * to both. An answer that is not the one the model gives is a failure right there.
 */
import { deepStrictEqual } from "node:assert/strict";
import { credits, instant, type Outcome, type Refusal } from "@scanmeter/core";
import type { Answer, CardBehaviour } from "@scanmeter/core/testing";
import { type AccountDetails, type Database, findCheckoutByKey, findTopUp } from "@scanmeter/db";
import { setWhenOutOfCredits } from "../../accounts.ts";
import { grantCredits } from "../../grant-credits.ts";
import { finishScan, heartbeat } from "../../scan-commands.ts";
import { startScan } from "../../start-scan.ts";
import { type AccountModel, isOpen, type MoneyFact, type PurchaseModel } from "./account-model.ts";
import type { Act } from "./histories.ts";
import type { MemoryGateway, MemoryPayment } from "./memory-gateway.ts";
import { Died, type Process } from "./processes.ts";

const DAY = 24 * 3_600_000;

export interface InhabitantOptions {
  readonly account: AccountDetails;
  readonly targetId: string;
  readonly model: AccountModel;
  readonly gateway: MemoryGateway;
  readonly db: Database;
}

interface RunningScan {
  readonly number: number;
  readonly endsAt: number;
  readonly fails: boolean;
}

export class Inhabitant {
  readonly account: AccountDetails;
  readonly model: AccountModel;
  readonly #targetId: string;
  readonly #gateway: MemoryGateway;
  readonly #db: Database;
  readonly purchases = new Map<string, PurchaseModel>();
  readonly #ids = new Map<PurchaseModel, string>();
  readonly #paymentIds = new Map<string, string>();
  /** In the order in which they were added. */
  #cards: string[] = [];
  readonly #scanIds: string[] = [];
  #running: RunningScan[] = [];
  #revision = 0;
  #counted = 0;
  /** Something about a purchase happened that only the rows can tell the outcome of. */
  isLoose = false;
  /** The gateway knows something about money that nobody here has heard of. */
  hasNews = false;

  constructor({ account, targetId, model, gateway, db }: InhabitantOptions) {
    this.account = account;
    this.model = model;
    this.#targetId = targetId;
    this.#gateway = gateway;
    this.#db = db;
  }

  get id(): string {
    return this.account.id;
  }

  idOf(purchase: PurchaseModel): string | undefined {
    return this.#ids.get(purchase);
  }

  /** Purchases of which something may still become. */
  openIds(): string[] {
    const open = this.model.purchases.filter(
      ({ state }) => isOpen(state) || state === "needs_review",
    );
    return open.flatMap((purchase) => this.idOf(purchase) ?? []);
  }

  isKnownAs(purchase: PurchaseModel, topUpId: string): void {
    this.purchases.set(topUpId, purchase);
    this.#ids.set(purchase, topUpId);
  }

  isPaidBy(topUpId: string, paymentIntentId: string): void {
    this.#paymentIds.set(topUpId, paymentIntentId);
  }

  paymentOf(purchase: PurchaseModel): MemoryPayment | undefined {
    const paymentIntentId = this.#paymentIds.get(this.idOf(purchase) ?? "");
    return paymentIntentId === undefined ? undefined : this.#gateway.payments.get(paymentIntentId);
  }

  /** Answers whether it is about a purchase, so that rows may have changed. */
  async act(act: Act, process: Process): Promise<boolean> {
    switch (act.do) {
      case "save":
        await this.#save(act.settings, process);
        return false;
      case "spend":
        await this.#spend(act.credits, process);
        return false;
      case "scan":
        await this.#startScans(act, process);
        return false;
      case "grant":
        await this.#grant(act, process);
        return false;
      case "add_card":
        await this.#addCard(act.behaves, process);
        return false;
      case "choose_card":
      case "remove_card":
        await this.#changeCards(act.do, process);
        return false;
      case "card_behaves":
        this.#gateway.cardBehaves(this.model.card?.id ?? "", act.as);
        return false;
      case "when_out":
        await setWhenOutOfCredits(process.deps, { accountId: this.id, value: act.value });
        this.model.ledger.act({ do: "when-out", account: 0, value: act.value });
        return false;
      case "buy":
        return this.#maybeDying(() => this.#buy(act.quantity, process));
      case "confirm":
        return this.#maybeDying(() => this.#confirm(process));
      case "call_off":
        return this.#maybeDying(() => this.#callOff(process));
      case "answer_bank":
        return this.#answerBank(act, process);
      case "refund_here":
        return this.#refundHere(process);
      default:
        this.#moveMoney(act);
        return false;
    }
  }

  async #maybeDying(act: () => Promise<boolean>): Promise<boolean> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      this.isLoose = true;
      return true;
    }
  }

  async #save(
    wanted: Extract<Act, { do: "save" }>["settings"],
    { buying }: Process,
  ): Promise<void> {
    const saved = await buying.saveAutoTopUp({
      account: this.account,
      userId: `user-${this.account.name}`,
      ip: null,
      request: {
        enabled: wanted.on,
        quantity: wanted.quantity,
        triggers: { outOfCredits: wanted.whenOut, beforeExpiry: wanted.beforeExpiry },
        threshold: wanted.threshold,
        monthlyLimitMinor: wanted.limit,
        revision: this.#revision,
        surface: "overview",
      },
    });
    this.#agree("save", refusalOf(saved), this.model.save(wanted) ? null : "invalid_auto_top_up");
    if (saved.ok) this.#revision = saved.value.settings.revision;
  }

  async #spend(count: number, process: Process): Promise<void> {
    for (let spent = 0; spent < count; spent += 1) {
      const number = await this.#startScan(process);
      if (number === null) return;
      await this.#finishScan(number, false, process);
    }
  }

  async #startScans(
    { scans, minutes, fails }: Extract<Act, { do: "scan" }>,
    process: Process,
  ): Promise<void> {
    for (let started = 0; started < scans; started += 1) {
      const number = await this.#startScan(process);
      if (number === null) return;
      // One after the other, so that they do not all end at the same instant.
      const endsAt = this.model.now + (minutes + started) * 60_000;
      this.#running.push({ number, endsAt, fails: fails && started === 0 });
    }
  }

  async #startScan({ deps }: Process): Promise<number | null> {
    const { ledger } = this.model;
    this.#counted += 1;
    const started = await startScan(deps, {
      accountId: this.id,
      runnerKeyId: null,
      targetId: this.#targetId,
      idempotencyKey: `scan-${this.#counted}`,
    });
    ledger.settle(0);
    const expected = ledger.act({
      do: "start",
      account: 0,
      target: 0,
      key: this.#counted,
      label: 0,
    });
    this.#agreeOnScan("start", started, expected);
    return typeof expected === "object" && "scan" in expected ? expected.scan : null;
  }

  async #finishScan(number: number, fails: boolean, { deps }: Process): Promise<void> {
    const { ledger } = this.model;
    const [outcome, fault] = fails
      ? (["failed", "platform"] as const)
      : (["completed", null] as const);
    const finished = await finishScan(deps, {
      accountId: this.id,
      scanId: this.#scanIds[number] ?? "",
      outcome,
      ...(fault && { fault }),
    });
    ledger.settle(0);
    const expected = ledger.act({ do: "finish", account: 0, scan: number, outcome, fault });
    this.#agreeOnScan("finish", finished, expected);
  }

  get isScanning(): boolean {
    return this.#running.length > 0;
  }

  get nextEndAt(): number {
    return Math.min(...this.#running.map(({ endsAt }) => endsAt));
  }

  /** Runners are heard from, and scans whose time has come end. */
  async beat(process: Process): Promise<void> {
    const { ledger } = this.model;
    for (const scan of [...this.#running]) {
      if (scan.endsAt <= this.model.now) {
        this.#running = this.#running.filter((one) => one !== scan);
        await this.#finishScan(scan.number, scan.fails, process);
        continue;
      }
      const scanId = this.#scanIds[scan.number] ?? "";
      const heard = await heartbeat(process.deps, { accountId: this.id, scanId });
      ledger.settle(0);
      const expected = ledger.act({ do: "beat", account: 0, scan: scan.number });
      this.#agreeOnScan("beat", heard, expected);
      const isOver = heard.ok && heard.value.endedAt !== null;
      if (isOver) this.#running = this.#running.filter((one) => one !== scan);
    }
  }

  async #grant(
    { kind, credits: count, days }: Extract<Act, { do: "grant" }>,
    { deps }: Process,
  ): Promise<void> {
    const until = this.model.now + days * DAY;
    this.#counted += 1;
    const granted = await grantCredits(deps, {
      accountId: this.id,
      credits: credits(count),
      kind,
      source: "operator grant",
      key: String(this.#counted),
      expiresAt: instant(until),
    });
    this.model.grant(kind, count, until);
    this.#agree("grant", refusalOf(granted), null);
  }

  async #addCard(behaves: CardBehaviour, { buying }: Process): Promise<void> {
    const added = await buying.addTestCard({ accountId: this.id, card: `pm_card_${behaves}` });
    this.#agree("add_card", refusalOf(added), null);
    if (!added.ok) return;
    this.#cards.push(added.value.id);
    this.model.changeCard(added.value.id);
  }

  async #changeCards(what: "choose_card" | "remove_card", { buying }: Process): Promise<void> {
    const current = this.model.card?.id;
    if (current === undefined) return;
    const others = this.#cards.filter((id) => id !== current);
    if (what === "remove_card") {
      await buying.removeCard({ accountId: this.id, paymentMethodId: current });
      this.#cards = others;
      this.model.changeCard(others.at(-1) ?? null);
    } else if (others[0] !== undefined) {
      await buying.setDefaultCard({ accountId: this.id, paymentMethodId: others[0] });
      this.model.changeCard(others[0]);
    }
  }

  async #buy(quantity: number, { buying }: Process): Promise<boolean> {
    const { account } = this;
    this.#counted += 1;
    const idempotencyKey = `order-${this.#counted}`;
    const opened = await buying
      .openCheckout({ account, quantity, idempotencyKey })
      .finally(() => this.#noteOrder(idempotencyKey));
    if (!opened.ok) throw new Error(`No checkout: ${opened.refusal.code}`);
    const { checkout, priced } = opened.value;
    const pressed = await buying.finalizeCheckout({
      account,
      checkoutId: checkout.id,
      expectedTotalMinor: priced.quote.totalMinor,
      orderedBy: "user_buyer",
    });
    if (this.isLoose) return true;
    const before = this.#gateway.disturbed.has(this.id);
    if (before) return true;
    const bought = this.model.buyByHand(quantity);
    this.#agree("buy", refusalOf(pressed), bought === null ? "payment_method_required" : null);
    const topUpId = pressed.ok ? pressed.value.topUp?.topUp.id : undefined;
    if (bought !== null && topUpId !== undefined) this.isKnownAs(bought, topUpId);
    return bought !== null;
  }

  /** It is there, whether or not anybody lived to tell. */
  async #noteOrder(idempotencyKey: string): Promise<void> {
    const order = await findCheckoutByKey(this.#db, this.id, idempotencyKey);
    if (order !== null) this.model.openOrder();
  }

  async #confirm({ buying, deps }: Process): Promise<boolean> {
    const open = this.model.open();
    const topUpId = open && this.idOf(open);
    if (open === undefined || topUpId === undefined) return false;
    const row = await findTopUp(deps.db, topUpId);
    const tried = row?.topUp.attempts.findLast(({ action }) => action === "confirm");
    const isAtTheBank = this.paymentOf(open)?.facts.status === "requires_action";
    await buying.authenticateTopUp({ accountId: this.id, topUpId });
    if (this.isLoose || this.#gateway.disturbed.has(this.id)) return true;
    const card = tried && (JSON.parse(tried.params) as { payment_method: string }).payment_method;
    if (!isAtTheBank && card !== undefined) this.model.confirm(card);
    return true;
  }

  async #callOff({ buying }: Process): Promise<boolean> {
    const open = this.model.open();
    const topUpId = open && this.idOf(open);
    if (topUpId === undefined) return false;
    await buying.cancelTopUp({ accountId: this.id, topUpId });
    if (!this.isLoose && !this.#gateway.disturbed.has(this.id)) this.model.callOff();
    return true;
  }

  async #answerBank(
    { answer, comesBack }: Extract<Act, { do: "answer_bank" }>,
    { buying }: Process,
  ): Promise<boolean> {
    const open = [this.model.open(), this.model.openByHand()];
    const payment = open
      .map((one) => one && this.paymentOf(one))
      .find((one) => one?.facts.status === "requires_action");
    if (payment === undefined) return false;
    this.#gateway.answerBank(payment.id, answer);
    this.isLoose = true;
    if (comesBack) await buying.settleOpenTopUp(this.id);
    return true;
  }

  /** Everything that is left of the newest purchase, because somebody of ours says so. */
  async #refundHere({ buying }: Process): Promise<boolean> {
    const purchase = this.#newestPaid();
    const topUpId = purchase && this.idOf(purchase);
    const isPlain = purchase?.money.every(({ kind, status }) => {
      return kind === "refund" && status === "succeeded";
    });
    if (purchase === undefined || topUpId === undefined || !isPlain || this.hasNews) return false;
    const { ledger, now } = this.model;
    ledger.settle(0);
    const lot = ledger.accounts[0]?.lots[purchase.lot ?? -1];
    const left = lot !== undefined && lot.until > now ? lot.remaining : 0;
    this.#counted += 1;
    const key = String(this.#counted);
    const refund = await buying.startRefund({ topUp: topUpId, reason: "asked for", key });
    if (this.#gateway.disturbed.has(this.id)) return false;
    if (!refund.ok) {
      this.#agree("refund_here", refund.refusal.code, "not_refundable");
      return false;
    }
    const { id, credits: taken, amountMinor: amount, status } = refund.value;
    deepStrictEqual({ taken, status }, { taken: left, status: "succeeded" }, "refunded here");
    this.model.learnOfMoney(purchase, [{ kind: "refund", id, amount, status, credits: left }]);
    return false;
  }

  #newestPaid(): PurchaseModel | undefined {
    return this.model.purchases.findLast(({ state, lot }) => state === "paid" && lot !== null);
  }

  /**
   * At the gateway, which will tell of it. One thing at a time: what is news there is heard of first,
   * and so is a payment that nobody here knows of yet, because a credit that comes back repays a debt
   * or goes to its lot, depending on which of the two was heard of first.
   */
  #moveMoney(act: Act): void {
    const purchase = this.#newestPaid();
    const payment = purchase && this.paymentOf(purchase);
    if (purchase === undefined || payment === undefined || this.hasNews || this.isLoose) return;
    const share = (percent: number) => Math.max(1, Math.floor((purchase.price * percent) / 100));
    const isDisputed = payment.disputes.some(({ status }) => /needs_response/.test(status));
    switch (act.do) {
      case "refund_there":
        this.hasNews = this.#gateway.refundThere(payment.id, share(act.percent));
        return;
      case "refund_fails":
        this.hasNews = this.#gateway.failRefund(payment.id);
        return;
      case "dispute": {
        if (isDisputed) return;
        const status = act.isInquiry ? "warning_needs_response" : "needs_response";
        this.#gateway.dispute(payment.id, share(act.percent), status);
        this.hasNews = true;
        return;
      }
      case "end_dispute":
        if (!isDisputed) return;
        this.#gateway.endDispute(payment.id, act.as);
        this.hasNews = true;
    }
  }

  /** Somebody was told what the gateway knows. */
  hear(): void {
    if (!this.hasNews) return;
    this.hasNews = false;
    for (const purchase of this.purchases.values()) {
      const payment = this.paymentOf(purchase);
      if (payment === undefined || purchase.lot === null) continue;
      const { refunds, disputes } = payment;
      const known = (id: string) => purchase.money.find((one) => one.id === id);
      const facts: MoneyFact[] = [
        ...refunds.map(({ id, refundId, amountMinor, status }) => ({
          kind: "refund" as const,
          id: refundId ?? id,
          amount: amountMinor,
          status,
          credits: known(refundId ?? id)?.credits ?? null,
        })),
        ...disputes.map(({ id, amountMinor, status }) => ({
          kind: "dispute" as const,
          id,
          amount: amountMinor,
          status,
          credits: null,
        })),
      ];
      const news = facts.filter(({ id, status }) => known(id)?.status !== status);
      if (news.length > 0) this.model.learnOfMoney(purchase, news);
    }
  }

  #agreeOnScan(
    what: string,
    real: Outcome<{ readonly id: string }, Refusal>,
    expected: Answer,
  ): void {
    if (real.ok && !this.#scanIds.includes(real.value.id)) this.#scanIds.push(real.value.id);
    const answer = real.ok
      ? { scan: this.#scanIds.indexOf(real.value.id) }
      : { refused: real.refusal.code };
    deepStrictEqual({ what, answer }, { what, answer: expected });
  }

  #agree(what: string, refusal: string | null, expected: string | null): void {
    const account = this.account.name;
    deepStrictEqual({ account, what, refusal }, { account, what, refusal: expected });
  }
}

function refusalOf(outcome: Outcome<unknown, Refusal>): string | null {
  return outcome.ok ? null : outcome.refusal.code;
}
