/**
 * An account that is run by the real decisions in memory: the books, the purchases and the settings,
 * wired as an operation would wire them, with a gateway that answers at once. What the model is
 * compared with, and the shortest description of how the decisions fit together.
 */
import { neverSaved } from "../auto-top-up/configuration.ts";
import { decideAutoTopUp } from "../auto-top-up/decide.ts";
import type { AutoTopUpFacts } from "../auto-top-up/facts.ts";
import { lastLook } from "../auto-top-up/last-look.ts";
import { renewalOf } from "../auto-top-up/renewal.ts";
import { decideSave, type SavedAutoTopUp } from "../auto-top-up/save.ts";
import { statusOf } from "../auto-top-up/status.ts";
import {
  isLiftedBy,
  type Suspension,
  type SuspensionLift,
  suspensionAfter,
} from "../auto-top-up/suspension.ts";
import type { LotId, TopUpId } from "../ids.ts";
import { drawFromLots } from "../ledger/draw.ts";
import { decideGrant } from "../ledger/grant.ts";
import { Journal } from "../ledger/journal.ts";
import { availableAt, nextExpiryAfter } from "../ledger/lot.ts";
import type { Posting } from "../ledger/posting.ts";
import { catchUp } from "../metering/catch-up.ts";
import type { PriceList } from "../pricing/price-list.ts";
import { quote, quoteTerms } from "../pricing/quote.ts";
import type { Tax } from "../pricing/tax.ts";
import { advance, type TopUpEvent } from "../purchase/advance.ts";
import { nextAutomaticStep, nextStep } from "../purchase/next-step.ts";
import type { Answer, PaymentFailure, PaymentIntentFacts } from "../purchase/payment-intent.ts";
import { isAutomatic } from "../purchase/retries.ts";
import { decideSettle } from "../purchase/settle.ts";
import { isUnderWay, openTopUp, type TopUp, type TopUpTrigger } from "../purchase/top-up.ts";
import { credits, type Instant, ONE_CREDIT } from "../units.ts";
import type {
  AutoTopUpCommand,
  AutoTopUpView,
  CardBehaviour,
  ModelSettings,
  ModelSuspension,
} from "./auto-top-up-model.ts";
import { accountId, books, listening, lotId, reopened } from "./builders.ts";

const tax: Tax = { treatment: "outside_eu", basisPoints: 0 };
const codes: Record<Exclude<CardBehaviour, "good">, string> = {
  soft: "insufficient_funds",
  hard: "lost_card",
  asks: "authentication_required",
};

export class AutoTopUpAccount {
  #now: Instant;
  readonly #priceList: PriceList;
  #journal: Journal;
  readonly postings: Posting[] = [];
  #saved: SavedAutoTopUp = { settings: neverSaved, consent: null };
  #topUps: TopUp[] = [];
  #card: CardBehaviour | null = null;
  #cardSince: Instant;
  #suspension: Suspension | null = null;
  #isHourUnpaid = false;
  #lots = 0;

  constructor(now: Instant, priceList: PriceList) {
    this.#now = now;
    this.#cardSince = now;
    this.#priceList = priceList;
    this.#journal = books({ now });
  }

  set now(now: Instant) {
    this.#keep();
    this.#now = now;
    this.#journal = reopened(this.#journal, now);
  }

  act(command: AutoTopUpCommand): void {
    switch (command.do) {
      case "save":
        this.#save(command.settings);
        break;
      case "spend":
        this.#spend(command.credits);
        break;
      case "buy_by_hand":
        this.#buyByHand(command.credits);
        break;
      case "grant_free":
        this.#grantFree(command.credits, command.days);
        break;
      case "change_card":
        this.#changeCard(command.to);
        break;
      case "card_behaves":
        if (this.#card !== null) this.#card = command.as;
        break;
      case "confirm": {
        const asked = this.#open();
        if (asked?.state === "action_required") this.#charge(asked, "good");
      }
    }
    this.settle();
  }

  settle(): void {
    catchUp(this.#journal, listening);
    const open = this.#open();
    if (open !== undefined) this.#pursue(open);
    const decision = decideAutoTopUp(this.#facts(), this.#now);
    if (decision.do !== "buy") return;
    const { trigger, triggerKey, usefulUntil } = decision;
    const { quantity } = this.#saved.settings;
    this.#pursue(this.#openTopUp({ trigger, triggerKey, usefulUntil, quantity }));
  }

  view(): AutoTopUpView {
    const facts = this.#facts();
    const all = [...this.postings, ...this.#journal.postings];
    const forfeited = all
      .flatMap(({ entries }) => entries)
      .reduce((sum, { to, amount }) => sum + (to === "breakage" ? amount : 0), 0);
    return {
      available: facts.available,
      forfeited,
      isHourUnpaid: this.#isHourUnpaid,
      suspension: (this.#suspension?.reason ?? null) as ModelSuspension | null,
      status: statusOf(facts, this.#now).status,
      lots: [...this.#journal.lots].map(({ kind, remaining, kept, expiresAt }) => ({
        paid: kind === "paid",
        left: remaining,
        kept,
        until: expiresAt,
      })),
      purchases: this.#topUps.filter(isAutomatic).map((topUp) => ({
        trigger: topUp.trigger,
        at: topUp.createdAt,
        price: topUp.quote.totalMinor,
        state: stateOf(topUp),
        tries:
          topUp.attempts.filter(({ action }) => action === "confirm").length -
          Number(isConfirmedByHand(topUp)),
        paidAt: topUp.paidAt,
      })),
    };
  }

  get triggerKeys(): readonly string[] {
    return this.#topUps.map(({ triggerKey }) => triggerKey);
  }

  #keep(): void {
    this.postings.push(...this.#journal.postings);
  }

  #facts(): AutoTopUpFacts {
    const { settings, consent } = this.#saved;
    const quoted = quote({ quantity: settings.quantity, priceList: this.#priceList, tax });
    if (!quoted.ok) throw new Error("What is saved can be bought.");
    return {
      accountId,
      timeZone: "UTC",
      settings,
      consent,
      quote: quoted.value,
      available: availableAt(this.#journal.lots, this.#now),
      isDueHourUnpaid: this.#isHourUnpaid,
      epoch: this.#journal.account.creditEpoch,
      renewal: renewalOf(this.#journal.lots, this.#now),
      nextExpiryAt: nextExpiryAfter(this.#journal.lots, this.#now)?.at ?? null,
      purchases: this.#topUps,
      checkoutUntil: null,
      card: this.#card === null ? null : { since: this.#cardSince },
      suspension: this.#suspension,
    };
  }

  #save(wanted: ModelSettings): void {
    catchUp(this.#journal, listening);
    const outcome = decideSave(
      this.#saved,
      {
        enabled: wanted.on,
        quantity: wanted.quantity,
        triggers: { outOfCredits: wanted.whenOut, beforeExpiry: wanted.beforeExpiry },
        threshold: wanted.threshold,
        monthlyLimitMinor: wanted.limit,
        revision: this.#saved.settings.revision,
        surface: "overview",
      },
      {
        now: this.#now,
        userId: "user_1",
        ip: null,
        company: "Scanmeter",
        priceList: this.#priceList,
        tax,
      },
    );
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
    this.#saved = outcome.value.saved;
    const { enabled, triggers } = this.#saved.settings;
    this.#keep();
    const account = { ...this.#journal.account, keepsExpired: enabled && triggers.beforeExpiry };
    this.#journal = new Journal(account, this.#journal.lots, [], this.#now);
    if (enabled) this.#lift("switched_on");
  }

  #spend(count: number): void {
    for (let owed = count; owed > 0; owed--) {
      const drawn = drawFromLots(this.#journal.lots, ONE_CREDIT, this.#now);
      this.#isHourUnpaid = !drawn.ok;
      if (!drawn.ok) return;
      this.#journal.book({
        kind: "debit",
        key: `hour-${this.#journal.account.version}`,
        bookedAt: this.#now,
        entries: drawn.value.map((draw) => ({ from: "customer", to: "usage", ...draw })),
      });
    }
  }

  #creditsCame(): void {
    if (this.#isHourUnpaid) this.#spend(1);
  }

  #nextLot(): LotId {
    this.#lots += 1;
    return lotId(String(this.#lots).padStart(6, "0"));
  }

  #grantFree(count: number, days: number): void {
    const granted = decideGrant(this.#journal, {
      lotId: this.#nextLot(),
      credits: credits(count),
      kind: "free",
      source: "operator grant",
      expiresAt: (this.#now + days * 86_400_000) as Instant,
      key: `grant-${this.#lots}`,
      fingerprint: "",
    });
    if (granted.ok) this.#creditsCame();
  }

  #changeCard(to: CardBehaviour | null): void {
    this.#card = to;
    if (to === null) return;
    this.#cardSince = this.#now;
    this.#lift("card_changed");
    const open = this.#open();
    if (open === undefined) return;
    if (open.state === "action_required") this.#end(open, "canceled");
    else this.#pursue(this.#move(open, { type: "retry_wanted" }));
  }

  #lift(lift: SuspensionLift): void {
    if (this.#suspension !== null && isLiftedBy(this.#suspension, lift)) this.#suspension = null;
  }

  #buyByHand(count: number): void {
    const open = this.#open();
    if (open !== undefined) this.#end(open, "canceled");
    const order = { trigger: "manual", triggerKey: `manual:${this.#topUps.length}` } as const;
    const topUp = this.#openTopUp({ ...order, usefulUntil: null, quantity: count });
    this.#charge(this.#create(topUp), "good");
  }

  #openTopUp(order: {
    readonly trigger: TopUpTrigger;
    readonly triggerKey: string;
    readonly usefulUntil: Instant | null;
    readonly quantity: number;
  }): TopUp {
    const { quantity, ...rest } = order;
    const terms = quoteTerms({ quantity, priceList: this.#priceList, tax });
    if (!terms.ok) throw new Error("A quantity that is saved can be bought.");
    const topUp = openTopUp(
      {
        ...rest,
        id: `top_${this.#topUps.length}` as TopUpId,
        accountId,
        terms: terms.value,
        customerId: "cus_1",
        livemode: false,
      },
      this.#now,
    );
    this.#topUps.push(topUp);
    return topUp;
  }

  #open(): TopUp | undefined {
    return this.#topUps.find((topUp) => isAutomatic(topUp) && isUnderWay(topUp));
  }

  /** What the worker does: whatever is due, with a last look before anything is begun. */
  #pursue(begun: TopUp): void {
    let topUp = begun;
    for (;;) {
      const begin = nextAutomaticStep(topUp);
      const step = nextStep(topUp);
      if (begin !== null && begin.at <= this.#now) {
        const look = lastLook(this.#facts(), topUp, this.#now);
        if (look.do === "stop") topUp = this.#end(topUp, look.as);
        else if (begin.do === "create_payment") topUp = this.#create(topUp);
        else topUp = this.#charge(topUp, this.#card ?? "hard");
      } else if (step !== null && step.at <= this.#now && step.do === "close") {
        topUp = this.#end(topUp, step.as);
      } else if (step !== null && step.at <= this.#now && step.do === "cancel_payment") {
        topUp = this.#cancel(topUp);
      } else return;
    }
  }

  #create(topUp: TopUp): TopUp {
    return this.#call(topUp, "create", { is: "intent", intent: intentOf(topUp, {}) });
  }

  #cancel(topUp: TopUp): TopUp {
    return this.#call(topUp, "cancel", {
      is: "intent",
      intent: intentOf(topUp, { status: "canceled" }),
    });
  }

  #end(topUp: TopUp, as: "canceled" | "expired" | "failed"): TopUp {
    const closing = this.#move(topUp, { type: "closing_wanted", as });
    return closing.closing === null ? closing : this.#cancel(closing);
  }

  #charge(topUp: TopUp, card: CardBehaviour): TopUp {
    if (card !== "good") {
      const failure: PaymentFailure = {
        code: "card_declined",
        declineCode: codes[card],
        adviceCode: null,
      };
      return this.#call(topUp, "confirm", { is: "declined", failure });
    }
    const paid = intentOf(topUp, { status: "succeeded", paidAt: this.#now });
    return this.#settle(this.#call(topUp, "confirm", { is: "intent", intent: paid }), paid);
  }

  #settle(topUp: TopUp, intent: PaymentIntentFacts): TopUp {
    const request = { topUp, intent, lotId: this.#nextLot(), timeZone: "UTC" };
    const settlement = decideSettle(this.#journal, request);
    if (settlement.as !== "paid") throw new Error(`It was not paid but ${settlement.as}.`);
    this.#put(settlement.topUp);
    this.#lift("paid");
    this.#creditsCame();
    return settlement.topUp;
  }

  #call(topUp: TopUp, action: "create" | "confirm" | "cancel", answer: Answer): TopUp {
    const stored = this.#move(topUp, { type: "attempt_stored", action, params: "{}" });
    return this.#move(stored, { type: "answered", number: stored.attempts.length, answer });
  }

  #move(topUp: TopUp, event: TopUpEvent): TopUp {
    const moved = advance(topUp, event, this.#now);
    if (!moved.ok) throw new Error(`${event.type} is refused: ${moved.refusal.code}`);
    this.#put(moved.value);
    const reason = suspensionAfter(moved.value);
    if (reason !== null) this.#suspension = { reason, since: this.#now, topUpId: topUp.id };
    return moved.value;
  }

  #put(topUp: TopUp): void {
    this.#topUps = this.#topUps.map((one) => (one.id === topUp.id ? topUp : one));
  }
}

function intentOf(topUp: TopUp, change: Partial<PaymentIntentFacts>): PaymentIntentFacts {
  const { totalMinor, currency } = topUp.quote;
  return {
    object: "payment_intent",
    id: `pi-${topUp.id}`,
    status: "requires_payment_method",
    amountMinor: totalMinor,
    amountReceivedMinor: change.status === "succeeded" ? totalMinor : 0,
    currency: currency.toLowerCase(),
    customerId: "cus_1",
    livemode: false,
    topUpId: topUp.id,
    paidAt: null,
    redirectUrl: null,
    failure: null,
    ...change,
  };
}

function stateOf({ state }: TopUp): AutoTopUpView["purchases"][number]["state"] {
  switch (state) {
    case "retry_wait":
      return "waiting";
    case "action_required":
      return "asked";
    case "paid":
    case "failed":
    case "canceled":
      return state;
    default:
      throw new Error(`A purchase was left ${state}, though everybody answered.`);
  }
}

/** The customer's own confirmation of what the bank asked about is no try of ours. */
function isConfirmedByHand(topUp: TopUp): boolean {
  const tries = topUp.attempts.filter(({ action }) => action === "confirm");
  const wasAsked = tries.some(({ failure }) => failure?.declineCode === codes.asks);
  return topUp.state === "paid" && wasAsked;
}
