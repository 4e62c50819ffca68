/**
 * What settings would have bought in the past, had they been on: the same rules over what was really
 * spent and granted, with every payment going through. Purchases that were automatic at the time are
 * left out of what was granted, because these settings would have been in their place.
 */
import { addMonths } from "../calendar.ts";
import type { LotKind } from "../ledger/lot.ts";
import { type Minor, minor } from "../pricing/money.ts";
import type { Quote } from "../pricing/quote.ts";
import { settings as rules } from "../settings.ts";
import { earliest, type Instant, later } from "../units.ts";
import type { AutoTopUpSettings } from "./configuration.ts";
import type { AutomaticTrigger } from "./decide.ts";
import { autoTopUpPolicy } from "./policy.ts";
import { renewalDueAt } from "./renewal.ts";
import { monthOf } from "./wall-clock.ts";

/** So many credits were spent at once. */
export interface PastUsage {
  readonly at: Instant;
  readonly credits: number;
}

/** What there was when the time begins, or came since other than by an automatic purchase. */
export interface PastLot {
  readonly kind: LotKind;
  readonly credits: number;
  readonly at: Instant;
  readonly expiresAt: Instant;
  /** A purchase moves the dates of the others; an opening lot and a grant do not. */
  readonly isPurchase: boolean;
}

export interface Past {
  readonly from: Instant;
  readonly until: Instant;
  readonly lots: readonly PastLot[];
  readonly usage: readonly PastUsage[];
}

export interface BacktestPurchase {
  readonly at: Instant;
  readonly trigger: AutomaticTrigger;
}

export interface Backtest {
  readonly purchases: readonly BacktestPurchase[];
  /** At today's price. */
  readonly totalMinor: Minor;
  /** What would still have found no credit, because a limit or a cap was in the way. */
  readonly unpaidCredits: number;
}

interface HeldLot {
  readonly kind: LotKind;
  left: number;
  readonly from: Instant;
  expiresAt: Instant;
}

export interface BacktestTerms {
  readonly settings: AutoTopUpSettings;
  readonly quote: Quote;
  readonly timeZone: string;
}

export function backtest(past: Past, terms: BacktestTerms): Backtest {
  return new Replay(terms).run(past);
}

class Replay {
  readonly #terms: BacktestTerms;
  readonly #lots: HeldLot[] = [];
  readonly #purchases: BacktestPurchase[] = [];
  readonly #givenUp = new Set<Instant>();
  readonly #dueAts = new Map<Instant, Instant>();
  #unpaid = 0;

  constructor(terms: BacktestTerms) {
    this.#terms = terms;
  }

  run({ from, until, lots, usage }: Past): Backtest {
    const arrivals = lots.toSorted((a, b) => a.at - b.at).map((lot) => ({ lot, at: lot.at }));
    const spendings = usage
      .toSorted((a, b) => a.at - b.at)
      .map((spent) => ({ spent, at: spent.at }));
    // At the same instant credits come before they are spent.
    const events = [...arrivals, ...spendings].sort((a, b) => a.at - b.at);
    for (const event of events) {
      if (event.at >= until) break;
      if (event.at >= from) this.#passUntil(event.at, from);
      if ("lot" in event) this.#receive(event.lot);
      else if (event.at >= from) this.#spend(event.spent);
    }
    this.#passUntil(until, from);
    const totalMinor = minor(this.#purchases.length * this.#terms.quote.totalMinor);
    return { purchases: this.#purchases, totalMinor, unpaidCredits: this.#unpaid };
  }

  #receive({ kind, credits, at, expiresAt, isPurchase }: PastLot): void {
    if (isPurchase) this.#extend(at);
    this.#lots.push({ kind, left: credits, from: at, expiresAt });
  }

  #spend({ at, credits }: PastUsage): void {
    for (let owed = credits; owed > 0; owed--) {
      if (this.#available(at) === 0) this.#buyIfOut(at);
      const payer = this.#payer(at);
      if (payer === undefined) this.#unpaid += 1;
      else payer.left -= 1;
    }
    this.#buyIfOut(at);
  }

  /** What dates bring about by themselves up to an instant: renewals, and credits that go. */
  #passUntil(end: Instant, from: Instant): void {
    for (;;) {
      const due = this.#terms.settings.triggers.beforeExpiry ? this.#firstDue(from) : null;
      const goesAt = earliest(
        this.#lots.map(({ left, expiresAt }) => (left > 0 ? expiresAt : null)),
      );
      const isRenewal = due !== null && (goesAt === null || due.at < goesAt);
      if (isRenewal ? due.at >= end : goesAt === null || goesAt >= end) return;
      if (isRenewal) {
        // What a limit was in the way of would have stayed until its date, and then gone.
        if (!this.#buy(due.at, "before_expiry")) this.#givenUp.add(due.expiresAt);
      } else if (goesAt !== null) {
        for (const lot of this.#lots) if (lot.expiresAt <= goesAt) lot.left = 0;
        if (goesAt > from) this.#buyIfOut(goesAt);
      }
    }
  }

  /** Not before the lot was there, nor before the time that is looked at. */
  #firstDue(from: Instant): { readonly at: Instant; readonly expiresAt: Instant } | null {
    const dues = this.#lots
      .filter(({ kind, left, expiresAt }) => kind === "paid" && left > 0 && expiresAt > from)
      .filter(({ expiresAt }) => !this.#givenUp.has(expiresAt))
      .map((lot) => {
        const dueAt = this.#dueAt(lot.expiresAt);
        return { at: later(later(dueAt, lot.from), from), expiresAt: lot.expiresAt };
      });
    return dues.sort((a, b) => a.at - b.at)[0] ?? null;
  }

  /** Remembered, because a calendar is slow and every hour of a year asks. */
  #dueAt(expiresAt: Instant): Instant {
    const known = this.#dueAts.get(expiresAt);
    if (known !== undefined) return known;
    const dueAt = renewalDueAt({ expiresAt }, this.#terms.timeZone);
    this.#dueAts.set(expiresAt, dueAt);
    return dueAt;
  }

  #buyIfOut(at: Instant): void {
    const { triggers, threshold } = this.#terms.settings;
    if (triggers.outOfCredits && this.#available(at) <= threshold) this.#buy(at, "out_of_credits");
  }

  #buy(at: Instant, trigger: AutomaticTrigger): boolean {
    const { settings, quote, timeZone } = this.#terms;
    const { perHourMax, hourMs, perDayMax, dayMs } = autoTopUpPolicy;
    const since = (ms: number) => this.#purchases.filter((one) => one.at > at - ms).length;
    if (since(hourMs) >= perHourMax || since(dayMs) >= perDayMax) return false;
    const month = monthOf(at, timeZone);
    const inMonth = this.#purchases.filter((one) => one.at >= month.from).length;
    const limit = settings.monthlyLimitMinor;
    if (limit !== null && (inMonth + 1) * quote.totalMinor > limit) return false;
    this.#purchases.push({ at, trigger });
    const expiresAt = this.#extend(at);
    this.#lots.push({ kind: "paid", left: settings.quantity, from: at, expiresAt });
    return true;
  }

  #extend(at: Instant): Instant {
    const expiresAt = addMonths(at, rules.creditMonths, this.#terms.timeZone);
    for (const lot of this.#lots) {
      const isMoved = lot.kind === "paid" && lot.expiresAt > at && lot.expiresAt < expiresAt;
      if (isMoved) lot.expiresAt = expiresAt;
    }
    return expiresAt;
  }

  #available(at: Instant): number {
    return this.#usable(at).reduce((sum, { left }) => sum + left, 0);
  }

  /** Free before paid, then the nearest expiry. */
  #payer(at: Instant): HeldLot | undefined {
    const isPaid = (lot: HeldLot) => Number(lot.kind === "paid");
    return this.#usable(at).sort(
      (a, b) => isPaid(a) - isPaid(b) || a.expiresAt - b.expiresAt || a.from - b.from,
    )[0];
  }

  #usable(at: Instant): HeldLot[] {
    return this.#lots.filter(
      ({ left, from, expiresAt }) => left > 0 && from <= at && at < expiresAt,
    );
  }
}
