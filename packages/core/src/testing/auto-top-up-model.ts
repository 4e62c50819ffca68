/**
 * The rules of automatic top-ups a second time, for one account in UTC, written to be believed: plain
 * numbers, every question answered by looking at everything. The gateway answers at once, and a card
 * behaves as it is told to. It shares nothing with the code it judges, not even its numbers.
 */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export type CardBehaviour = "good" | "soft" | "hard" | "asks";

export interface ModelSettings {
  readonly on: boolean;
  readonly quantity: number;
  readonly whenOut: boolean;
  readonly beforeExpiry: boolean;
  readonly threshold: number;
  readonly limit: number | null;
}

export type AutoTopUpCommand =
  | { readonly do: "save"; readonly settings: ModelSettings }
  | { readonly do: "spend"; readonly credits: number }
  | { readonly do: "buy_by_hand"; readonly credits: number }
  | { readonly do: "grant_free"; readonly credits: number; readonly days: number }
  /** Another card, or none. */
  | { readonly do: "change_card"; readonly to: CardBehaviour | null }
  /** The same card behaves otherwise from now on. */
  | { readonly do: "card_behaves"; readonly as: CardBehaviour }
  /** The customer confirms what the bank asked about. */
  | { readonly do: "confirm" };

interface ModelLot {
  readonly paid: boolean;
  left: number;
  kept: number;
  until: number;
}

export interface ModelPurchase {
  readonly trigger: "out_of_credits" | "before_expiry";
  readonly at: number;
  readonly quantity: number;
  readonly price: number;
  /** The date it is to move; after it, it is of no use. */
  readonly usefulUntil: number | null;
  state: "open" | "waiting" | "asked" | "paid" | "failed" | "canceled";
  readonly tries: number[];
  tryAt: number;
  askedAt: number;
  paidAt: number | null;
}

export type ModelSuspension = "card_refused" | "retries_exhausted" | "authentication_unanswered";

/** What can be seen of an account, in the same words for the model and the real thing. */
export interface AutoTopUpView {
  readonly available: number;
  readonly forfeited: number;
  readonly isHourUnpaid: boolean;
  readonly suspension: ModelSuspension | null;
  readonly status: string;
  readonly lots: readonly Readonly<ModelLot>[];
  readonly purchases: readonly {
    readonly trigger: string;
    readonly at: number;
    readonly price: number;
    readonly state: "waiting" | "asked" | "paid" | "failed" | "canceled";
    readonly tries: number;
    readonly paidAt: number | null;
  }[];
}

export class AutoTopUpModel {
  now: number;
  readonly #priceOf: (quantity: number) => number;
  readonly lots: ModelLot[] = [];
  readonly purchases: ModelPurchase[] = [];
  settings: ModelSettings = {
    on: false,
    quantity: 10,
    whenOut: false,
    beforeExpiry: false,
    threshold: 0,
    limit: null,
  };
  card: CardBehaviour | null = null;
  #cardSince = 0;
  suspension: ModelSuspension | null = null;
  #isHourUnpaid = false;
  #forfeited = 0;

  constructor(now: number, priceOf: (quantity: number) => number) {
    this.now = now;
    this.#priceOf = priceOf;
  }

  act(command: AutoTopUpCommand): void {
    switch (command.do) {
      case "save":
        this.settings = command.settings;
        if (command.settings.on && this.suspension !== "card_refused") this.suspension = null;
        break;
      case "spend":
        this.#spend(command.credits);
        break;
      case "buy_by_hand": {
        const open = this.#open();
        if (open !== undefined) open.state = "canceled";
        this.suspension = null;
        this.#receivePaid(command.credits);
        break;
      }
      case "grant_free":
        this.#receive(false, command.credits, this.now + command.days * DAY);
        break;
      case "change_card":
        this.#changeCard(command.to);
        break;
      case "card_behaves":
        if (this.card !== null) this.card = command.as;
        break;
      case "confirm": {
        const open = this.#open();
        if (open?.state === "asked") this.#isPaid(open);
      }
    }
    this.settle();
  }

  /** Does what is due by now. Time has to be moved from one instant ahead to the next. */
  settle(): void {
    for (const lot of this.lots) this.#expire(lot);
    const open = this.#open();
    if (open !== undefined) this.#goOnWith(open);
    // A purchase that was called off may be wanted anew, so the question is asked in any case.
    if (this.#open() === undefined && this.#hindrance() === null) {
      const trigger = this.#wants();
      if (trigger !== null) this.#begin(trigger);
    }
  }

  /** The instants at which something may happen by itself, the next one first. */
  instantsAhead(): number[] {
    const instants = [
      ...this.lots.flatMap(({ until }) => [until - 3 * DAY, until, until + 14 * DAY]),
      ...this.purchases.flatMap(({ at, paidAt }) =>
        [paidAt ?? at].flatMap((from) => [from + HOUR, from + DAY]),
      ),
      monthAfter(this.now),
    ];
    const open = this.#open();
    if (open?.state === "waiting") instants.push(open.tryAt);
    if (open?.state === "asked") instants.push(open.askedAt + 72 * HOUR);
    return instants.filter((at) => at > this.now).sort((a, b) => a - b);
  }

  view(): AutoTopUpView {
    return {
      available: this.#available(),
      forfeited: this.#forfeited,
      isHourUnpaid: this.#isHourUnpaid,
      suspension: this.suspension,
      status: this.#status(),
      lots: this.lots.map((lot) => ({ ...lot })),
      purchases: this.purchases.map(({ trigger, at, price, state, tries, paidAt }) => ({
        trigger,
        at,
        price,
        state: state === "open" ? "waiting" : state,
        tries: tries.length,
        paidAt,
      })),
    };
  }

  #status(): string {
    if (!this.settings.on) return "off";
    if (this.#open()?.state === "asked") return "needs_authentication";
    if (this.suspension !== null) return "suspended";
    if (this.card === null) return "waiting_for_payment_method";
    if (this.#open() !== undefined) return "active";
    return this.#fitsLimit(this.#priceOf(this.settings.quantity)) ? "active" : "limit_reached";
  }

  #open(): ModelPurchase | undefined {
    return this.purchases.find(({ state }) => /^(open|waiting|asked)$/.test(state));
  }

  #available(): number {
    let sum = 0;
    for (const lot of this.lots) if (lot.until > this.now) sum += lot.left;
    return sum;
  }

  #expire(lot: ModelLot): void {
    if (lot.left > 0 && lot.until <= this.now) {
      if (lot.paid && this.settings.on && this.settings.beforeExpiry) lot.kept = lot.left;
      else this.#forfeited += lot.left;
      lot.left = 0;
    }
    if (lot.kept > 0 && lot.until + 14 * DAY <= this.now) {
      this.#forfeited += lot.kept;
      lot.kept = 0;
    }
  }

  #spend(credits: number): void {
    for (let owed = credits; owed > 0; owed--) {
      let payer: ModelLot | undefined;
      for (const lot of this.lots) {
        if (lot.left === 0 || lot.until <= this.now) continue;
        const isBetter =
          payer === undefined ||
          (payer.paid && !lot.paid) ||
          (payer.paid === lot.paid && lot.until < payer.until);
        if (isBetter) payer = lot;
      }
      if (payer === undefined) {
        this.#isHourUnpaid = true;
        return;
      }
      payer.left -= 1;
    }
  }

  #receive(paid: boolean, credits: number, until: number): void {
    this.lots.push({ paid, left: credits, kept: 0, until });
    if (!this.#isHourUnpaid) return;
    this.#isHourUnpaid = false;
    this.#spend(1);
  }

  #receivePaid(credits: number): void {
    const until = yearAfter(this.now);
    for (const lot of this.lots) {
      const isAlive = lot.left > 0 && lot.until > this.now;
      if (lot.paid && (isAlive || lot.kept > 0) && lot.until < until) lot.until = until;
      lot.left += lot.kept;
      lot.kept = 0;
    }
    this.#receive(true, credits, until);
  }

  #changeCard(to: CardBehaviour | null): void {
    this.card = to;
    if (to === null) return;
    this.#cardSince = this.now;
    this.suspension = null;
    const open = this.#open();
    if (open?.state === "asked") open.state = "canceled";
    if (open?.state === "waiting") open.tryAt = this.now;
  }

  #wants(): ModelPurchase["trigger"] | null {
    const { on, whenOut, beforeExpiry, threshold } = this.settings;
    if (!on) return null;
    if (whenOut && (this.#isHourUnpaid || this.#available() <= threshold)) return "out_of_credits";
    const date = this.#firstDate();
    return beforeExpiry && date !== null && date - 3 * DAY <= this.now ? "before_expiry" : null;
  }

  #firstDate(): number | null {
    const dates = this.lots
      .filter(({ paid, left, until }) => paid && left > 0 && until > this.now)
      .map(({ until }) => until);
    return dates.length === 0 ? null : Math.min(...dates);
  }

  #hindrance(): string | null {
    if (this.suspension !== null) return "suspended";
    if (this.card === null) return "no card";
    if (!this.#fitsLimit(this.#priceOf(this.settings.quantity))) return "limit";
    const recent = (ms: number) =>
      this.purchases.filter(({ state, at, paidAt }) => {
        const counts = state === "paid" || (state === "failed" && at >= this.#cardSince);
        return counts && this.now - (paidAt ?? at) < ms;
      }).length;
    return recent(HOUR) >= 1 || recent(DAY) >= 3 ? "too often" : null;
  }

  #fitsLimit(price: number): boolean {
    const month = new Date(this.now).toISOString().slice(0, 7);
    let spent = price;
    for (const { paidAt, price: paid } of this.purchases) {
      if (paidAt !== null && new Date(paidAt).toISOString().startsWith(month)) spent += paid;
    }
    return this.settings.limit === null || spent <= this.settings.limit;
  }

  #begin(trigger: ModelPurchase["trigger"]): void {
    const { quantity } = this.settings;
    const purchase: ModelPurchase = {
      trigger,
      at: this.now,
      quantity,
      price: this.#priceOf(quantity),
      usefulUntil: trigger === "before_expiry" ? this.#firstDate() : null,
      state: "open",
      tries: [],
      tryAt: this.now,
      askedAt: 0,
      paidAt: null,
    };
    this.purchases.push(purchase);
    this.#try(purchase);
  }

  #goOnWith(purchase: ModelPurchase): void {
    if (purchase.state === "asked") {
      if (this.now < purchase.askedAt + 72 * HOUR) return;
      purchase.state = "canceled";
      this.suspension = "authentication_unanswered";
      return;
    }
    if (this.now < purchase.tryAt) return;
    const isStillWanted =
      this.#wants() !== null &&
      purchase.quantity === this.settings.quantity &&
      this.card !== null &&
      this.#fitsLimit(purchase.price);
    if (isStillWanted) this.#try(purchase);
    else purchase.state = "canceled";
  }

  #try(purchase: ModelPurchase): void {
    purchase.tries.push(this.now);
    switch (this.card) {
      case "good":
        this.#isPaid(purchase);
        return;
      case "asks":
        purchase.state = "asked";
        purchase.askedAt = this.now;
        return;
      case "hard":
        purchase.state = "failed";
        this.suspension = "card_refused";
        return;
      default: {
        const tryAt = nextTry(purchase, this.now);
        if (tryAt === null) {
          purchase.state = "failed";
          this.suspension = "retries_exhausted";
          return;
        }
        purchase.state = "waiting";
        purchase.tryAt = tryAt;
      }
    }
  }

  #isPaid(purchase: ModelPurchase): void {
    purchase.state = "paid";
    purchase.paidAt = this.now;
    this.suspension = null;
    this.#receivePaid(purchase.quantity);
  }
}

/** After 24, 72 and 120 hours, or 48 and 24 hours before the date; not again right after a late one. */
function nextTry({ tries, usefulUntil, at }: ModelPurchase, now: number): number | null {
  if (usefulUntil !== null) {
    for (const before of [48, 24]) {
      const plan = usefulUntil - before * HOUR;
      if (plan <= now) continue;
      const tryAt = Math.max(plan, now + 12 * HOUR);
      return tryAt < usefulUntil ? tryAt : null;
    }
    return null;
  }
  if (tries.length > 3) return null;
  const plan = (tries[0] ?? now) + ([0, 24, 72, 120][tries.length] ?? 0) * HOUR;
  const tryAt = Math.max(plan, now + 24 * HOUR);
  return tryAt < at + 7 * DAY ? tryAt : null;
}

function yearAfter(ms: number): number {
  const date = new Date(ms);
  const isLeapDay = date.getUTCMonth() === 1 && date.getUTCDate() === 29;
  date.setUTCDate(isLeapDay ? 28 : date.getUTCDate());
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}

function monthAfter(ms: number): number {
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
