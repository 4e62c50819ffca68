/**
 * What an account with automatic top-ups must be like, a second time and from scratch: the rules of
 * DESIGN 18 to 25 in plain numbers over the model of the ledger, written to be believed. Unlike the
 * model in core it does not mind how late a worker comes: what customers do happens at once, and
 * whatever a worker owes, it finds when it looks (`work`), by looking at everything.
 *
 * What a disturbed gateway leaves behind is taken over from outside (`adopt`), after it was held
 * against what the gateway did and against what was allowed.
 */
import { type CardBehaviour, LedgerModel, type ModelSettings } from "@scanmeter/core/testing";
import { monthOf, nextMonthOf, type Place, yearAfter } from "./calendar-model.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A purchase by hand that nobody pays is over after this long. */
const BY_HAND_OPEN = 30 * MINUTE;

export type ModelState =
  /** A call about it is out, or its end is; what became of that has to be found out. */
  | "unsettled"
  | "waiting"
  | "asked"
  | "lying"
  | "paid"
  | "failed"
  | "canceled"
  | "expired"
  | "needs_review";

export type ModelTrigger = "manual" | "out_of_credits" | "before_expiry";

export interface PurchaseModel {
  readonly trigger: ModelTrigger;
  readonly at: number;
  readonly quantity: number;
  readonly price: number;
  /** The date it is to move; after it, it is of no use. */
  readonly usefulUntil: number | null;
  state: ModelState;
  /** When a card was charged or was to be. */
  tries: number[];
  tryAt: number | null;
  askedAt: number | null;
  paidAt: number | null;
  /** By its place among the lots of the ledger. */
  lot: number | null;
  money: MoneyFact[];
  /** Its end was seen, and what follows from that. */
  isEnding: boolean;
}

export interface MoneyFact {
  readonly kind: "refund" | "dispute";
  readonly id: string;
  readonly amount: number;
  readonly status: string;
  /** What was taken for a refund that was started here. */
  readonly credits: number | null;
}

export type ModelReason =
  | "card_refused"
  | "retries_exhausted"
  | "authentication_unanswered"
  | "inquiry"
  | "dispute";

interface SuspensionModel {
  readonly reason: ModelReason;
  readonly since: number;
  readonly by: PurchaseModel | null;
}

interface Agreed {
  readonly settings: ModelSettings;
  readonly price: number;
}

/** How hard each is to end: the harder one stays. */
const hardness: Readonly<Record<ModelReason, number>> = {
  retries_exhausted: 1,
  authentication_unanswered: 1,
  card_refused: 2,
  inquiry: 3,
  dispute: 3,
};

export interface CardModel {
  readonly id: string;
  readonly since: number;
}

export interface AccountModelOptions {
  readonly now: number;
  readonly place: Place;
  readonly priceOf: (quantity: number) => number;
  readonly behaviourOf: (cardId: string) => CardBehaviour;
}

export class AccountModel {
  readonly place: Place;
  readonly ledger: LedgerModel;
  readonly purchases: PurchaseModel[] = [];
  readonly #priceOf: (quantity: number) => number;
  readonly #behaviourOf: (cardId: string) => CardBehaviour;
  settings: ModelSettings = {
    on: false,
    quantity: 10,
    whenOut: false,
    beforeExpiry: false,
    threshold: 0,
    limit: null,
  };
  #agreed: Agreed | null = null;
  card: CardModel | null = null;
  suspension: SuspensionModel | null = null;
  /** Why automatic top-ups stopped, each time they did. */
  readonly reasons: ModelReason[] = [];
  /** When the orders were opened that wait to be paid. */
  #orders: number[] = [];
  #isSaved = false;
  #granted = 0;

  constructor({ now, place, priceOf, behaviourOf }: AccountModelOptions) {
    this.place = place;
    this.#priceOf = priceOf;
    this.#behaviourOf = behaviourOf;
    this.ledger = new LedgerModel(now, [{ targets: ["credits"] }]);
  }

  get now(): number {
    return this.ledger.now;
  }

  set now(now: number) {
    this.ledger.now = now;
  }

  get available(): number {
    const lots = this.ledger.accounts[0]?.lots ?? [];
    return lots.reduce((sum, { remaining, until }) => sum + (until > this.now ? remaining : 0), 0);
  }

  get isHourUnpaid(): boolean {
    return this.ledger.scans.some(({ waitingSince }) => waitingSince !== null);
  }

  open(): PurchaseModel | undefined {
    return this.purchases.find(({ trigger, state }) => trigger !== "manual" && isOpen(state));
  }

  openByHand(): PurchaseModel | undefined {
    return this.purchases.find(({ trigger, state }) => trigger === "manual" && isOpen(state));
  }

  /** When the first paid credits go; null when there are none that could. */
  firstDate(): number | null {
    const lots = this.ledger.accounts[0]?.lots ?? [];
    const dates = lots
      .filter(({ kind, remaining, until }) => kind === "paid" && remaining > 0 && until > this.now)
      .map(({ until }) => until);
    return dates.length === 0 ? null : Math.min(...dates);
  }

  // What customers do.

  save(wanted: ModelSettings): boolean {
    this.ledger.settle(0);
    const price = this.#priceOf(wanted.quantity);
    if (wanted.on && wanted.limit !== null && wanted.limit < price) return false;
    const before = this.settings;
    const isFresh =
      this.#agreed === null ||
      !before.on ||
      goesBeyond(before, wanted) ||
      goesBeyond(this.#agreed.settings, wanted) ||
      price > this.#agreed.price;
    if (wanted.on && isFresh) this.#agreed = { settings: wanted, price };
    this.#isSaved ||= JSON.stringify(wanted) !== JSON.stringify(before);
    this.settings = wanted;
    const value = wanted.on && wanted.beforeExpiry;
    this.ledger.act({ do: "keep-expired", account: 0, value });
    if (wanted.on) this.#lift("retries_exhausted", "authentication_unanswered");
    return true;
  }

  openOrder(): void {
    this.#orders.push(this.now);
  }

  /** Charges a card with the customer present; whatever waited before makes room. */
  buyByHand(quantity: number): PurchaseModel | null {
    this.ledger.settle(0);
    if (this.card === null) return null;
    this.#letGo(this.open());
    this.#letGo(this.openByHand());
    const bought = this.begin({ trigger: "manual", quantity, usefulUntil: null });
    bought.tries.push(this.now);
    switch (this.#behaviourOf(this.card.id)) {
      case "good":
        this.isPaid(bought, this.now);
        break;
      case "asks":
        bought.state = "asked";
        bought.askedAt = this.now;
        break;
      default:
        bought.state = "lying";
    }
    return bought;
  }

  /** The customer confirms what the bank asked about, with the card that was tried. */
  confirm(triedCardId: string): void {
    const open = this.open();
    if (open?.state !== "asked" || this.now >= payableUntil(open)) return;
    open.tries.push(this.now);
    if (this.#behaviourOf(triedCardId) === "good") this.isPaid(open, this.now);
  }

  /** Called off at the bank's question it is like one that nobody answered. */
  callOff(): void {
    const open = this.open();
    if (open === undefined) return;
    if (open.askedAt !== null) this.suspend("authentication_unanswered", open);
    this.#letGo(open);
  }

  /** Another card is the one to charge from now on, or none is. */
  changeCard(id: string | null): void {
    if (id !== this.card?.id) this.card = id === null ? null : { id, since: this.now };
  }

  /** Something is known of the money of a purchase now. */
  learnOfMoney(purchase: PurchaseModel, news: readonly MoneyFact[]): void {
    this.ledger.settle(0);
    const before = standingOf(purchase);
    for (const fact of news) {
      const at = purchase.money.findIndex(({ id }) => id === fact.id);
      if (purchase.money[at]?.status === fact.status) continue;
      if (at === -1) purchase.money.push(fact);
      else purchase.money[at] = fact;
      this.#moveCredits(purchase, fact, at === -1 ? purchase.money.length - 1 : at);
    }
    const after = standingOf(purchase);
    if (after === before) return;
    const reason = reasonOf(after);
    if (reason !== null) this.suspend(reason, purchase);
    else if (reasonOf(before) !== null && this.suspension?.by === purchase) {
      this.#lift("dispute", "inquiry");
    }
  }

  // What a worker does.

  /** Everything that is owed by now. */
  work(): void {
    this.ledger.sweep();
    while (this.#step()) this.ledger.sweep();
  }

  /** Does one thing, if there is one. */
  #step(): boolean {
    const { now } = this;
    this.#noticeCard();
    const byHand = this.openByHand();
    if (byHand?.state === "unsettled" || this.open()?.state === "unsettled") return false;
    if (byHand !== undefined && now >= (byHand.tries.at(-1) ?? byHand.at) + BY_HAND_OPEN) {
      byHand.state = "expired";
      return true;
    }
    const open = this.open();
    if (open !== undefined) return this.#goOnWith(open);
    const trigger = this.mayBuy();
    if (trigger === null) return false;
    const usefulUntil = trigger === "before_expiry" ? this.firstDate() : null;
    this.#try(this.begin({ trigger, quantity: this.settings.quantity, usefulUntil }));
    return true;
  }

  /** What the bank said of another card than the one that is there now is over. */
  #noticeCard(): void {
    const { card, suspension } = this;
    if (suspension === null || card === null || card.since <= suspension.since) return;
    this.#lift("card_refused", "retries_exhausted", "authentication_unanswered");
  }

  #goOnWith(open: PurchaseModel): boolean {
    const { now, card } = this;
    const isNewCard = card !== null && card.since > (open.tries.at(-1) ?? open.at);
    if (now >= payableUntil(open)) {
      open.state = open.state === "asked" ? "canceled" : "failed";
      this.suspend(
        open.state === "canceled" ? "authentication_unanswered" : "retries_exhausted",
        open,
      );
      return true;
    }
    if (!this.isStillWanted(open) || (open.state === "asked" && isNewCard)) {
      open.state = "canceled";
      return true;
    }
    if (open.state === "asked" || (!isNewCard && now < (open.tryAt ?? now))) return false;
    this.#try(open);
    return true;
  }

  #try(purchase: PurchaseModel): void {
    purchase.tries.push(this.now);
    switch (this.#behaviourOf(this.card?.id ?? "")) {
      case "good":
        this.isPaid(purchase, this.now);
        return;
      case "asks":
        purchase.state = "asked";
        purchase.askedAt = this.now;
        return;
      case "hard":
        purchase.state = "failed";
        this.suspend("card_refused", purchase);
        return;
      case "soft":
        purchase.tryAt = nextTry(purchase, this.now);
        purchase.state = purchase.tryAt === null ? "failed" : "waiting";
        if (purchase.tryAt === null) this.suspend("retries_exhausted", purchase);
    }
  }

  begin(order: Pick<PurchaseModel, "trigger" | "quantity" | "usefulUntil">): PurchaseModel {
    const purchase: PurchaseModel = {
      ...order,
      at: this.now,
      price: this.#priceOf(order.quantity),
      state: "waiting",
      tries: [],
      tryAt: null,
      askedAt: null,
      paidAt: null,
      lot: null,
      money: [],
      isEnding: false,
    };
    this.purchases.push(purchase);
    return purchase;
  }

  /** What it would be begun for now; null when it is not wanted, or when something is in the way. */
  mayBuy(): "out_of_credits" | "before_expiry" | null {
    this.#noticeCard();
    const isInTheWay =
      this.open() !== undefined ||
      this.openByHand() !== undefined ||
      this.suspension !== null ||
      this.card === null ||
      this.#isForAnOrder(this.card) ||
      this.purchases.some(({ trigger, state }) => trigger !== "manual" && state === "needs_review");
    if (isInTheWay) return null;
    const price = this.#priceOf(this.settings.quantity);
    if (!this.#isAgreedTo(price) || !this.#fitsLimit(price) || this.#isTooOften()) return null;
    return this.#wants();
  }

  /** Whoever adds a card while an order is open is given time to pay that first. */
  #isForAnOrder({ since }: CardModel): boolean {
    const newest = Math.max(...this.#orders);
    return since > newest && this.now < newest + BY_HAND_OPEN;
  }

  /** Whether one that is under way would be paid now. */
  isStillWanted({ quantity, price }: PurchaseModel): boolean {
    return (
      this.#wants() !== null &&
      quantity === this.settings.quantity &&
      this.#isAgreedTo(price) &&
      this.suspension === null &&
      this.card !== null &&
      !this.#isForAnOrder(this.card) &&
      this.openByHand() === undefined &&
      this.#fitsLimit(price)
    );
  }

  #wants(): "out_of_credits" | "before_expiry" | null {
    const { on, whenOut, beforeExpiry, threshold } = this.settings;
    if (!on) return null;
    if (whenOut && (this.isHourUnpaid || this.available <= threshold)) return "out_of_credits";
    const date = this.firstDate();
    return beforeExpiry && date !== null && date - 3 * DAY <= this.now ? "before_expiry" : null;
  }

  #isAgreedTo(price: number): boolean {
    const agreed = this.#agreed;
    return agreed !== null && !goesBeyond(agreed.settings, this.settings) && price <= agreed.price;
  }

  #fitsLimit(price: number): boolean {
    const { limit } = this.settings;
    const month = monthOf(this.now, this.place);
    let spent = price;
    for (const { trigger, state, paidAt, price: paid } of this.purchases) {
      const counts = state === "needs_review" || (paidAt !== null && paidAt >= month);
      if (trigger !== "manual" && counts) spent += paid;
    }
    return limit === null || spent <= limit;
  }

  /** One an hour, three a day: what was paid, and what failed with the card that is there now. */
  #isTooOften(): boolean {
    const since = this.card?.since ?? 0;
    const counted = this.purchases.flatMap(({ trigger, state, at, paidAt }) => {
      if (trigger === "manual") return [];
      if (state === "paid" || state === "needs_review") return [paidAt ?? at];
      return state === "failed" && at >= since ? [at] : [];
    });
    const within = (ms: number) => counted.filter((at) => this.now - at < ms).length;
    return within(HOUR) >= 1 || within(DAY) >= 3;
  }

  // What follows.

  /** Credits for money that was taken then, known now. */
  isPaid(purchase: PurchaseModel, paidAt: number): void {
    purchase.state = "paid";
    purchase.paidAt = paidAt;
    purchase.tryAt = null;
    if (purchase.trigger === "manual") {
      this.#orders = this.#orders.filter((at) => at !== purchase.at);
    }
    this.#lift("card_refused", "retries_exhausted", "authentication_unanswered");
    const until = yearAfter(paidAt, this.place);
    const account = this.ledger.accounts[0];
    if (account === undefined) return;
    for (const lot of account.lots) {
      const isAlive = lot.remaining + lot.frozen > 0 && lot.until > this.now;
      if (lot.kind === "paid" && isAlive && lot.until < until) lot.until = until;
    }
    this.ledger.act({ do: "revive", account: 0, until });
    purchase.lot = account.lots.length;
    this.grant("paid", purchase.quantity, until);
  }

  grant(kind: "paid" | "free", credits: number, until: number): void {
    this.ledger.settle(0);
    this.#granted += 1;
    this.ledger.act({ do: "grant", account: 0, credits, kind, until, key: this.#granted });
  }

  /** It is called off, unless the time to answer the bank was over by itself. */
  #letGo(purchase: PurchaseModel | undefined): void {
    if (purchase === undefined) return;
    const isUnanswered = purchase.trigger !== "manual" && purchase.state === "asked";
    const isLate = isUnanswered && this.now >= payableUntil(purchase);
    purchase.state = "canceled";
    if (isLate) this.suspend("authentication_unanswered", purchase);
  }

  suspend(reason: ModelReason, by: PurchaseModel): void {
    // An account that never asked for anything has nothing to stop.
    if (!this.#isSaved) return;
    const before = this.suspension;
    if (before !== null && hardness[before.reason] >= hardness[reason]) return;
    this.suspension = { reason, since: this.now, by };
    this.reasons.push(reason);
  }

  #lift(...reasons: readonly ModelReason[]): void {
    if (this.suspension !== null && reasons.includes(this.suspension.reason)) {
      this.suspension = null;
    }
  }

  /** In the words of the ledger's model, in which a credit costs 100. */
  #moveCredits(purchase: PurchaseModel, fact: MoneyFact, number: number): void {
    const { lot, quantity, price } = purchase;
    if (lot === null) return;
    const { kind, status, credits } = fact;
    const amount = credits === null ? (100 * quantity * fact.amount) / price : 100 * credits;
    const isInquiry = kind === "dispute" && status.startsWith("warning");
    if (isInquiry) return;
    const ended = kind === "refund" ? (status === "failed" ? "lost" : null) : endOf(status);
    this.ledger.act({ do: kind, account: 0, lot, number, amount, ended });
  }

  /** The instants at which something may happen by itself, the next one first. */
  instantsAhead(): number[] {
    const lots = this.ledger.accounts[0]?.lots ?? [];
    const instants = [nextMonthOf(this.now, this.place)];
    for (const { until, remaining, kept } of lots) {
      if (remaining + kept > 0) instants.push(until - 3 * DAY, until, until + 14 * DAY);
    }
    for (const purchase of this.purchases.slice(-3)) {
      const from = purchase.paidAt ?? purchase.at;
      instants.push(from + HOUR, from + DAY, purchase.tryAt ?? from + DAY);
      if (isOpen(purchase.state)) instants.push(payableUntil(purchase));
    }
    return instants.filter((at) => at > this.now).sort((a, b) => a - b);
  }
}

export function isOpen(state: ModelState): boolean {
  return state === "unsettled" || state === "waiting" || state === "asked" || state === "lying";
}

/** From then on it may not be paid any more. A customer who was asked has 72 hours. */
export function payableUntil({ askedAt, at, usefulUntil, tries, trigger }: PurchaseModel): number {
  const last = (tries.at(-1) ?? at) + BY_HAND_OPEN;
  if (trigger === "manual") return last;
  if (askedAt !== null) return Math.max(askedAt + 72 * HOUR, last);
  return usefulUntil ?? at + 7 * DAY;
}

/** After 24, 72 and 120 hours, or 48 and 24 hours before the date; not again right after a late one. */
export function nextTry(
  { tries, usefulUntil, at }: Pick<PurchaseModel, "tries" | "usefulUntil" | "at">,
  answeredAt: number,
): number | null {
  const [first, last] = [tries[0] ?? at, tries.at(-1) ?? at];
  let tryAt: number | null = null;
  if (usefulUntil === null) {
    const plan = [24, 72, 120][tries.length - 1];
    if (plan !== undefined) tryAt = Math.max(first + plan * HOUR, last + 24 * HOUR);
  } else {
    const plan = [48, 24].map((before) => usefulUntil - before * HOUR).find((one) => one > last);
    if (plan !== undefined) tryAt = Math.max(plan, last + 12 * HOUR);
  }
  if (tryAt === null) return null;
  tryAt = Math.max(tryAt, answeredAt);
  return tryAt < (usefulUntil ?? at + 7 * DAY) ? tryAt : null;
}

function goesBeyond(agreed: ModelSettings, wanted: ModelSettings): boolean {
  return (
    wanted.quantity > agreed.quantity ||
    wanted.threshold > agreed.threshold ||
    (wanted.whenOut && !agreed.whenOut) ||
    (wanted.beforeExpiry && !agreed.beforeExpiry) ||
    (wanted.limit ?? Number.POSITIVE_INFINITY) > (agreed.limit ?? Number.POSITIVE_INFINITY)
  );
}

type Standing = "disputed" | "dispute_lost" | "refunded" | "inquiry" | "none";

/** What somebody has to know first of the money of a purchase. */
function standingOf({ money, price }: PurchaseModel): Standing {
  const disputes = money.filter(({ kind }) => kind === "dispute").map(({ status }) => status);
  if (disputes.includes("needs_response")) return "disputed";
  if (disputes.includes("lost")) return "dispute_lost";
  let refunded = 0;
  for (const { kind, status, amount } of money) {
    if (kind === "refund" && status === "succeeded") refunded += amount;
  }
  if (refunded >= price) return "refunded";
  return disputes.includes("warning_needs_response") ? "inquiry" : "none";
}

function reasonOf(standing: Standing): ModelReason | null {
  if (standing === "inquiry") return "inquiry";
  return standing === "disputed" || standing === "dispute_lost" ? "dispute" : null;
}

function endOf(status: string): "won" | "lost" | null {
  return status === "won" || status === "lost" ? status : null;
}
