/**
 * A payment gateway in memory, for years that have to pass in seconds. Faking it is right here, and
 * only here: what goes over the wire is proven elsewhere with the local Stripe, and this one is there
 * to be asked a million times what really happened. It knows payments, keys that answer the same
 * again, cards that behave, refunds, disputes and events, and it loses answers when it is told to.
 * Its own books are the truth that everything is held against in the end.
 */
import type { Instant } from "@scanmeter/core";
import type { Answer, PaymentFailure, PaymentIntentFacts } from "@scanmeter/core/purchase";
import type { CardBehaviour } from "@scanmeter/core/testing";
import type {
  Asked,
  CallAboutPayment,
  CardFacts,
  Gateway,
  GatewayDispute,
  GatewayEvent,
  GatewayRefund,
  Page,
  Since,
  StoredCall,
} from "../../payments/gateway.ts";

/** What becomes of a call: it arrives and is answered, it never arrives, or its answer is lost. */
export type Fate = "answered" | "never_arrives" | "answer_lost";

/** A card that was tried, and what came of it. */
export interface Try {
  readonly topUpId: string;
  readonly accountId: string;
  readonly paymentIntentId: string;
  readonly cardId: string;
  readonly amountMinor: number;
  readonly isOffSession: boolean;
  readonly at: Instant;
  readonly outcome: CardBehaviour;
}

export interface MemoryPayment {
  readonly id: string;
  readonly facts: PaymentIntentFacts;
  readonly accountId: string;
  readonly topUpId: string;
  readonly createdAt: Instant;
  readonly refunds: readonly GatewayRefund[];
  readonly disputes: readonly GatewayDispute[];
}

interface StoredPayment extends MemoryPayment {
  facts: PaymentIntentFacts;
  refunds: GatewayRefund[];
  disputes: GatewayDispute[];
}

interface MemoryCard {
  readonly facts: CardFacts;
  customerId: string | null;
  behaves: CardBehaviour;
}

/** A key is remembered this long; after that the same call is another one. */
const KEY_LIVES_MS = 24 * 3_600_000;
const PAGE = 100;
/** Of what we were answered anyway only every so manieth is told once more, or nothing else would be heard. */
const TOLD_EVERY = 4;

const failures: Readonly<Record<Exclude<CardBehaviour, "good">, PaymentFailure>> = {
  soft: { code: "card_declined", declineCode: "insufficient_funds", adviceCode: null },
  hard: { code: "card_declined", declineCode: "lost_card", adviceCode: null },
  asks: {
    code: "authentication_required",
    declineCode: "authentication_required",
    adviceCode: null,
  },
};

const rejectedFor = (code: string) =>
  ({ is: "rejected", failure: { code, declineCode: null, adviceCode: null } }) as const;
const MOVED_ON = { is: "moved_on" } as const;
const UNKNOWN = { is: "unknown" } as const;

export class MemoryGateway {
  readonly #now: () => Instant;
  readonly #payments = new Map<string, StoredPayment>();
  readonly #paidTopUps = new Set<string>();
  readonly #accountOfCustomer = new Map<string, string>();
  readonly #cards = new Map<string, MemoryCard>();
  readonly #answers = new Map<string, { readonly call: string; at: Instant; answer: unknown }>();
  readonly events: GatewayEvent[] = [];
  readonly tries: Try[] = [];
  /** What may not happen and did. */
  readonly broken: string[] = [];
  /** Accounts about whose payments a call was lost since this was last cleared. */
  readonly disturbed = new Set<string>();
  /** Whether payments and events can be listed at the moment. */
  isListing = true;
  #fates: Fate[] = [];
  #made = 0;
  #told = 0;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** What becomes of the next calls about payments, in turn; all others are answered. */
  set fates(fates: readonly Fate[]) {
    this.#fates = [...fates];
  }

  get payments(): ReadonlyMap<string, MemoryPayment> {
    return this.#payments;
  }

  cardBehaves(cardId: string, behaves: CardBehaviour): void {
    const card = this.#cards.get(cardId);
    if (card !== undefined) card.behaves = behaves;
  }

  /** A card that was let go of pays nothing. */
  behaviourOf(cardId: string): CardBehaviour {
    const card = this.#cards.get(cardId);
    return card === undefined || card.customerId === null ? "hard" : card.behaves;
  }

  /** The customer answers their bank. */
  answerBank(paymentIntentId: string, answer: "approve" | "fail"): void {
    const payment = this.#payments.get(paymentIntentId);
    if (payment?.facts.status !== "requires_action") return;
    if (answer === "approve") this.#succeed(payment);
    else this.#decline(payment, failures.asks);
    this.#tell(payment, answer === "approve" ? "payment_intent.succeeded" : undefined, true);
  }

  /** Somebody gives money back in the gateway's dashboard, which knows nothing of us. */
  refundThere(paymentIntentId: string, amountMinor: number): boolean {
    const payment = this.#payments.get(paymentIntentId);
    if (payment === undefined || amountMinor > leftOf(payment)) return false;
    this.#addRefund(payment, amountMinor, null);
    this.#tell(payment, "charge.refunded", true);
    return true;
  }

  /** A refund fails weeks later; its money is back with us. */
  failRefund(paymentIntentId: string): boolean {
    const payment = this.#payments.get(paymentIntentId);
    const at = payment?.refunds.findLastIndex(({ status }) => status === "succeeded") ?? -1;
    const refund = payment?.refunds[at];
    if (payment === undefined || refund === undefined) return false;
    payment.refunds[at] = { ...refund, status: "failed" };
    this.#tell(payment, "refund.failed", true);
    return true;
  }

  dispute(paymentIntentId: string, amountMinor: number, status: string): void {
    const payment = this.#payments.get(paymentIntentId);
    if (payment?.facts.status !== "succeeded") return;
    const { currency } = payment.facts;
    const id = this.#nextId("dp");
    payment.disputes.push({ id, paymentIntentId, amountMinor, currency, status });
    this.#tell(payment, "charge.dispute.created", true);
  }

  endDispute(paymentIntentId: string, as: "won" | "lost"): void {
    const payment = this.#payments.get(paymentIntentId);
    const at = payment?.disputes.findIndex(({ status }) => isOpenDispute(status)) ?? -1;
    const open = payment?.disputes[at];
    if (payment === undefined || open === undefined) return;
    const isInquiry = open.status.startsWith("warning");
    payment.disputes[at] = { ...open, status: isInquiry ? "warning_closed" : as };
    this.#tell(payment, "charge.dispute.closed", true);
  }

  /** The door that a process speaks to. */
  readonly gateway: Gateway = {
    livemode: false,

    createCustomer: ({ accountId, key }) =>
      this.#keyed(key, accountId, () => {
        const id = this.#nextId("cus");
        this.#accountOfCustomer.set(id, accountId);
        return { is: "value", value: { id } } as const;
      }),
    updateCustomer: async (id) => ({ is: "value", value: { id } }),
    openCardPage: () => notHere("openCardPage"),
    readCardPage: () => notHere("readCardPage"),
    readCard: async (id) => this.#cardAsked(id),
    attachCard: ({ paymentMethodId, customerId, key }) =>
      this.#keyed(key, paymentMethodId, () => this.#attach(paymentMethodId, customerId)),
    detachCard: ({ paymentMethodId, key }) =>
      this.#keyed(key, paymentMethodId, () => {
        const card = this.#cards.get(paymentMethodId);
        if (card !== undefined) card.customerId = null;
        return this.#cardAsked(paymentMethodId);
      }),

    createPayment: (call) => {
      const { account_id: accountId } = orderIn(call.params).metadata;
      return this.#move(call, accountId, () => this.#create(call.params));
    },
    confirmPayment: (call) =>
      this.#move(call, this.#ownerOf(call), () => this.#confirm(call.paymentIntentId, call.params)),
    cancelPayment: (call) =>
      this.#move(call, this.#ownerOf(call), () => this.#cancel(call.paymentIntentId)),
    readPayment: async (id) => {
      await turn();
      const payment = this.#payments.get(id);
      if (this.#nextFate(payment?.accountId ?? "") !== "answered") return UNKNOWN;
      if (payment === undefined) return { is: "missing" };
      const { facts: intent, refunds, disputes } = payment;
      return { is: "value", value: { intent, refunds: [...refunds], disputes: [...disputes] } };
    },
    refund: ({ paymentIntentId, params, key }) =>
      this.#keyed(key, params, () => this.#refund(paymentIntentId, params)),
    listPayments: async (since) => {
      if (!this.isListing) return UNKNOWN;
      const { items, next } = pageSince([...this.#payments.values()], since);
      return { is: "value", value: { items: items.map(({ facts }) => facts), next } };
    },
    listEvents: async (since) =>
      this.isListing ? { is: "value", value: pageSince(this.events, since) } : UNKNOWN,
    verifyEvent: () => null,
  };

  #attach(kind: string, customerId: string): Asked<CardFacts> {
    const behaves = kind.replace("pm_card_", "") as CardBehaviour;
    const id = this.#nextId("pm");
    const facts = {
      id,
      customerId,
      brand: "visa",
      last4: "4242",
      expMonth: 12,
      expYear: 2099,
      fingerprint: id,
    };
    this.#cards.set(id, { facts, customerId, behaves });
    return { is: "value", value: facts };
  }

  #cardAsked(id: string): Asked<CardFacts> {
    const card = this.#cards.get(id);
    if (card === undefined) return { is: "missing" };
    return { is: "value", value: { ...card.facts, customerId: card.customerId } };
  }

  #create(params: string): Answer {
    const { amount, currency, customer, metadata } = orderIn(params);
    const facts: PaymentIntentFacts = {
      object: "payment_intent",
      id: this.#nextId("pi"),
      status: "requires_payment_method",
      amountMinor: amount,
      amountReceivedMinor: 0,
      currency,
      customerId: customer,
      livemode: false,
      topUpId: metadata.top_up_id,
      paidAt: null,
      redirectUrl: null,
      failure: null,
    };
    this.#payments.set(facts.id, {
      id: facts.id,
      facts,
      accountId: metadata.account_id,
      topUpId: metadata.top_up_id,
      createdAt: this.#now(),
      refunds: [],
      disputes: [],
    });
    return { is: "intent", intent: facts };
  }

  #confirm(id: string, params: string): Answer {
    const given = JSON.parse(params) as { payment_method: string; off_session?: boolean };
    const payment = this.#payments.get(id);
    const card = this.#cards.get(given.payment_method);
    if (payment === undefined) return rejectedFor("resource_missing");
    const { status, customerId } = payment.facts;
    if (status === "succeeded" || status === "canceled") return MOVED_ON;
    if (card === undefined || card.customerId !== customerId) {
      return rejectedFor("payment_method_unexpected_state");
    }
    const isOffSession = given.off_session === true;
    this.tries.push({
      topUpId: payment.topUpId,
      accountId: payment.accountId,
      paymentIntentId: id,
      cardId: given.payment_method,
      amountMinor: payment.facts.amountMinor,
      isOffSession,
      at: this.#now(),
      outcome: card.behaves,
    });
    switch (card.behaves) {
      case "good":
        this.#succeed(payment);
        break;
      case "asks":
        if (isOffSession) return this.#decline(payment, failures.asks);
        payment.facts = {
          ...payment.facts,
          status: "requires_action",
          redirectUrl: `https://bank.test/${id}`,
        };
        break;
      default:
        return this.#decline(payment, failures[card.behaves]);
    }
    this.#tell(payment, undefined, false);
    return { is: "intent", intent: payment.facts };
  }

  #decline(payment: StoredPayment, failure: PaymentFailure): Answer {
    const status = "requires_payment_method";
    payment.facts = { ...payment.facts, status, failure, redirectUrl: null };
    this.#tell(payment, "payment_intent.payment_failed", false);
    return { is: "declined", failure };
  }

  #succeed(payment: StoredPayment): void {
    const { topUpId } = payment;
    if (this.#paidTopUps.has(topUpId)) this.broken.push(`purchase ${topUpId} was charged twice`);
    this.#paidTopUps.add(topUpId);
    const { amountMinor } = payment.facts;
    payment.facts = {
      ...payment.facts,
      status: "succeeded",
      amountReceivedMinor: amountMinor,
      paidAt: this.#now(),
      redirectUrl: null,
      failure: null,
    };
  }

  #cancel(id: string): Answer {
    const payment = this.#payments.get(id);
    if (payment === undefined) return rejectedFor("resource_missing");
    const { status } = payment.facts;
    if (status === "succeeded" || status === "canceled") return MOVED_ON;
    payment.facts = { ...payment.facts, status: "canceled", redirectUrl: null };
    this.#tell(payment, "payment_intent.canceled", false);
    return { is: "intent", intent: payment.facts };
  }

  #refund(paymentIntentId: string, params: string): Asked<GatewayRefund> {
    const payment = this.#payments.get(paymentIntentId);
    const { amount, metadata } = JSON.parse(params) as {
      amount: number;
      metadata: { refund_id: string };
    };
    if (payment === undefined) return { is: "missing" };
    if (payment.disputes.some(({ status }) => status === "needs_response")) {
      return rejectedFor("charge_disputed");
    }
    if (amount > leftOf(payment)) return rejectedFor("amount_too_large");
    return { is: "value", value: this.#addRefund(payment, amount, metadata.refund_id) };
  }

  #addRefund(payment: StoredPayment, amountMinor: number, refundId: string | null): GatewayRefund {
    const refund: GatewayRefund = {
      id: this.#nextId("re"),
      paymentIntentId: payment.facts.id,
      amountMinor,
      currency: payment.facts.currency,
      status: "succeeded",
      createdAt: this.#now(),
      refundId,
    };
    payment.refunds.push(refund);
    return refund;
  }

  /** Sent once, and answered the same for as long as its key is remembered. */
  async #keyed<A>(key: string, call: string, carryOut: () => A): Promise<A> {
    const now = this.#now();
    const before = this.#answers.get(key);
    if (before !== undefined && now - before.at < KEY_LIVES_MS) {
      if (before.call !== call) this.broken.push(`key ${key} was sent with two different calls`);
      return before.answer as A;
    }
    const answer = carryOut();
    const isKept = !isObject(answer) || (answer.is !== "moved_on" && answer.is !== "rejected");
    if (isKept) this.#answers.set(key, { call, at: now, answer });
    return answer;
  }

  async #move(
    { params, key }: StoredCall,
    accountId: string,
    carryOut: () => Answer,
  ): Promise<Answer> {
    await turn();
    const fate = this.#nextFate(accountId);
    if (fate === "never_arrives") return UNKNOWN;
    const answer = await this.#keyed(key, params, carryOut);
    return fate === "answer_lost" ? UNKNOWN : answer;
  }

  #ownerOf({ paymentIntentId }: CallAboutPayment): string {
    return this.#payments.get(paymentIntentId)?.accountId ?? "";
  }

  #nextFate(accountId: string): Fate {
    const fate = this.#fates.shift() ?? "answered";
    if (fate !== "answered") this.disturbed.add(accountId);
    return fate;
  }

  #nextId(kind: string): string {
    this.#made += 1;
    return `${kind}_${String(this.#made).padStart(9, "0")}`;
  }

  #tell(payment: StoredPayment, type: string | undefined, isNews: boolean): void {
    this.#told += 1;
    if (!isNews && this.#told % TOLD_EVERY !== 0) return;
    const { facts, topUpId } = payment;
    this.events.push({
      id: this.#nextId("evt"),
      type: type ?? `payment_intent.${facts.status}`,
      objectId: facts.id,
      paymentIntentId: facts.id,
      topUpId,
      createdAt: this.#now(),
      livemode: false,
      apiVersion: null,
      payload: "{}",
    });
  }
}

interface Order {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string;
  readonly metadata: { readonly top_up_id: string; readonly account_id: string };
}

function orderIn(params: string): Order {
  return JSON.parse(params) as Order;
}

/** Whoever calls waits, and others get their turn meanwhile. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** The newest first. */
function pageSince<Item extends { readonly id: string; readonly createdAt: Instant }>(
  oldestFirst: readonly Item[],
  { since, startingAfter }: Since,
): Page<Item> {
  const end =
    startingAfter === undefined
      ? oldestFirst.length
      : oldestFirst.findIndex(({ id }) => id === startingAfter);
  const items: Item[] = [];
  for (let at = end - 1; at >= 0; at -= 1) {
    const item = oldestFirst[at];
    if (item === undefined || item.createdAt < since) break;
    if (items.length === PAGE) return { items, next: items.at(-1)?.id ?? null };
    items.push(item);
  }
  return { items, next: null };
}

function leftOf({ facts, refunds, disputes }: MemoryPayment): number {
  const isGone = ({ status }: { readonly status: string }) =>
    status !== "failed" && status !== "won" && !status.startsWith("warning");
  const gone = [...refunds, ...disputes].filter(isGone);
  return facts.amountReceivedMinor - gone.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function isOpenDispute(status: string): boolean {
  return status === "needs_response" || status === "warning_needs_response";
}

function isObject(value: unknown): value is { readonly is?: unknown } {
  return typeof value === "object" && value !== null;
}

function notHere(call: string): never {
  throw new Error(`Nobody calls ${call} in a simulation.`);
}
