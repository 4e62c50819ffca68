/**
 * A purchase, by hand or automatic, against a payment gateway that loses answers, answers late, keeps
 * errors and charges in the background, with a customer who changes their mind. The gateway here shares no code with the
 * state machine and keeps its own account of what was charged.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Journal } from "../ledger/journal.ts";
import type { Posting } from "../ledger/posting.ts";
import { books, lotId, noon, reopened } from "../testing/builders.ts";
import { anIntent, aTopUp, declined } from "../testing/purchases.ts";
import { after, type Instant } from "../units.ts";
import { advance, type TopUpEvent } from "./advance.ts";
import { nextAutomaticStep, nextStep } from "./next-step.ts";
import type { Answer, PaymentFailure, PaymentIntentFacts } from "./payment-intent.ts";
import { decideSettle } from "./settle.ts";
import { openTopUp, type TopUp, type TopUpTrigger, topUpStates } from "./top-up.ts";

const fates = [
  "answers",
  "loses_request",
  "loses_answer",
  "answers_late",
  "keeps_500",
  "charges_and_keeps_500",
  "refuses",
] as const;
type Fate = (typeof fates)[number];
const cards = ["good", "declined", "lost", "asks", "authenticates", "slow_bank"] as const;
type Card = (typeof cards)[number];
const refusals: Partial<Record<Card, PaymentFailure>> = {
  declined,
  lost: { ...declined, declineCode: "lost_card" },
  asks: { ...declined, declineCode: "authentication_required" },
};

interface Call {
  readonly key: string;
  readonly action: "create" | "confirm" | "cancel";
  readonly card: Card;
}

class Gateway {
  exists = false;
  status = "requires_payment_method";
  charges = 0;
  readonly #answers = new Map<string, Answer>();
  readonly #running: Call[] = [];

  send(call: Call, fate: Fate): Answer {
    const kept = this.#answers.get(call.key);
    if (fate === "refuses") return { is: "rejected", failure: declined };
    if (fate === "loses_request") return { is: "unknown" };
    if (kept !== undefined) return fate === "loses_answer" ? { is: "unknown" } : kept;
    if (this.#running.some(({ key }) => key === call.key)) return { is: "unknown" };
    if (fate === "answers_late") {
      this.#running.push(call);
      return { is: "unknown" };
    }
    if (fate !== "keeps_500") this.#run(call);
    if (fate.endsWith("keeps_500")) this.#answers.set(call.key, { is: "unknown" });
    return fate === "loses_answer" ? { is: "unknown" } : (this.#answers.get(call.key) as Answer);
  }

  /** What was still running ends. */
  finishOne(): void {
    const call = this.#running.shift();
    if (call !== undefined) this.#run(call);
  }

  get isRunning(): boolean {
    return this.#running.length > 0;
  }

  authenticate(succeeds: boolean): void {
    if (this.status === "requires_action") this.#charge(succeeds);
  }

  bankDecides(approves: boolean): void {
    if (this.status === "processing") this.#charge(approves);
  }

  read(): PaymentIntentFacts {
    return anIntent({ status: this.status, redirectUrl: "https://bank.test" });
  }

  #charge(succeeds: boolean): void {
    this.status = succeeds ? "succeeded" : "requires_payment_method";
    if (succeeds) this.charges += 1;
  }

  #run({ key, action, card }: Call): void {
    this.#answers.set(key, this.#result(action, card));
  }

  #result(action: Call["action"], card: Card): Answer {
    const isFinal = this.status === "succeeded" || this.status === "canceled";
    if (action === "create") {
      this.exists = true;
    } else if (isFinal || this.status === "processing") {
      return { is: "moved_on" };
    } else if (action === "cancel") {
      this.status = "canceled";
    } else if (refusals[card] !== undefined) {
      this.status = "requires_payment_method";
      return { is: "declined", failure: refusals[card] };
    } else if (card === "authenticates") {
      this.status = "requires_action";
    } else if (card === "slow_bank") {
      this.status = "processing";
    } else {
      this.#charge(true);
    }
    return { is: "intent", intent: this.read() };
  }
}

const arbitraryAction = fc.oneof(
  fc.record({ do: fc.constant("order" as const), fate: fc.constantFrom(...fates) }),
  fc.record({
    do: fc.constant("pay" as const),
    fate: fc.constantFrom(...fates),
    card: fc.constantFrom(...cards),
  }),
  fc.record({
    do: fc.constant("work" as const),
    fate: fc.constantFrom(...fates),
    card: fc.constantFrom(...cards),
    isHeard: fc.boolean(),
  }),
  fc.record({ do: fc.constant("outage" as const), fate: fc.constantFrom(...fates) }),
  fc.record({ do: fc.constant("read" as const) }),
  fc.record({ do: fc.constant("keep_reading_for_later" as const) }),
  fc.record({ do: fc.constant("hear_old_reading" as const) }),
  fc.record({ do: fc.constant("finish" as const) }),
  fc.record({ do: fc.constant("authenticate" as const), succeeds: fc.boolean() }),
  fc.record({ do: fc.constant("bank" as const), succeeds: fc.boolean() }),
  fc.record({ do: fc.constant("call_off" as const) }),
  fc.record({ do: fc.constant("wait" as const), minutes: fc.constantFrom(0, 1, 5, 16, 31, 1500) }),
);
type Action = typeof arbitraryAction extends fc.Arbitrary<infer One> ? One : never;

class Story {
  readonly gateway = new Gateway();
  topUp: TopUp;
  now: Instant = noon;
  readonly postings: Posting[] = [];
  #journal: Journal = books({ debt: 2 });
  #oldReading: { intent: PaymentIntentFacts; asOf: Instant } | null = null;

  constructor(trigger: TopUpTrigger = "manual") {
    const usefulUntil = trigger === "before_expiry" ? after(noon, 71 * 3_600_000) : null;
    this.topUp = openTopUp({ ...aTopUp(), trigger, usefulUntil }, noon);
  }

  act(action: Action): void {
    switch (action.do) {
      case "order":
        this.#begin("create", action.fate, "good");
        return;
      case "pay":
        this.#begin("confirm", action.fate, action.card);
        return;
      case "work":
        this.work(action.fate, action.isHeard, action.card);
        return;
      case "outage":
        // Long enough to give up and to cancel.
        for (let round = 0; round < 40; round++) this.work(action.fate, true);
        return;
      case "read":
        this.#hearReading({ intent: this.gateway.read(), asOf: this.now });
        return;
      case "keep_reading_for_later":
        this.#oldReading = { intent: this.gateway.read(), asOf: this.now };
        return;
      case "hear_old_reading":
        if (this.#oldReading !== null) this.#hearReading(this.#oldReading);
        return;
      case "finish":
        this.gateway.finishOne();
        return;
      case "authenticate":
        this.gateway.authenticate(action.succeeds);
        return;
      case "bank":
        this.gateway.bankDecides(action.succeeds);
        return;
      case "call_off":
        this.#move({ type: "closing_wanted", as: "canceled" });
        return;
      case "wait":
        this.now = after(this.now, action.minutes * 60_000);
    }
  }

  /** Does what is owed next, whenever that is. */
  work(fate: Fate, isHeard: boolean, card: Card = "good"): void {
    const [step, begin] = [nextStep(this.topUp), nextAutomaticStep(this.topUp)];
    const due = [step, begin].flatMap((one) => one?.at ?? []).sort((a, b) => a - b)[0];
    expect(this.topUp.nextStepAt).toBe(due ?? null);
    if (due === undefined) return;
    if (due > this.now) this.now = due;
    if (begin?.at === due && this.now < this.topUp.openUntil) {
      this.#begin(begin.do === "create_payment" ? "create" : "confirm", fate, card, isHeard);
      return;
    }
    if (step === null) return;
    switch (step.do) {
      case "read_payment":
        this.#hearReading({ intent: this.gateway.read(), asOf: this.now });
        return;
      case "send_again": {
        this.#move({ type: "sent_again", number: step.number });
        this.#send(step.number, fate, "good", isHeard);
        return;
      }
      case "cancel_payment":
        this.#begin("cancel", fate, "good", isHeard);
        return;
      case "close":
        expect(this.#move({ type: "closing_wanted", as: step.as })).toBe(true);
        return;
      case "review":
        expect(this.#move({ type: "review_wanted" })).toBe(true);
    }
  }

  #begin(action: Call["action"], fate: Fate, card: Card, isHeard = true): void {
    if (!this.#move({ type: "attempt_stored", action, params: "{}" })) return;
    this.#send(this.topUp.attempts.length, fate, card, isHeard);
  }

  /** A process may die between sending and hearing. */
  #send(number: number, fate: Fate, card: Card, isHeard: boolean): void {
    const attempt = this.topUp.attempts.find((one) => one.number === number);
    if (attempt === undefined) throw new Error("only a stored call is sent");
    const answer = this.gateway.send({ key: attempt.key, action: attempt.action, card }, fate);
    if (!isHeard) return;
    this.#move({ type: "answered", number, answer });
    if (answer.is === "intent") this.#settle(answer.intent);
  }

  #hearReading(reading: { intent: PaymentIntentFacts; asOf: Instant }): void {
    this.#move({ type: "payment_read", ...reading });
    this.#settle(reading.intent);
  }

  #settle(intent: PaymentIntentFacts): void {
    const journal = reopened(this.#journal, this.now);
    const settlement = decideSettle(journal, {
      topUp: this.topUp,
      intent: { ...intent, paidAt: this.now },
      lotId: lotId(`of-${this.postings.length}`),
      timeZone: "UTC",
    });
    this.topUp = settlement.topUp;
    this.postings.push(...journal.postings);
    this.#journal = journal;
  }

  #move(event: TopUpEvent): boolean {
    const outcome = advance(this.topUp, event, this.now);
    if (outcome.ok) this.topUp = outcome.value;
    return outcome.ok;
  }

  check(): void {
    const { state, attempts } = this.topUp;
    const grants = this.postings.filter(({ kind }) => kind === "grant");
    expect(this.gateway.charges).toBeLessThanOrEqual(1);
    expect(grants.length).toBe(state === "paid" ? 1 : 0);
    if (state === "paid") expect(this.gateway.charges).toBe(1);
    if (state === "failed" || state === "canceled" || state === "expired") {
      const wasConfirmed = attempts.some(
        ({ action, state: of }) => action === "confirm" && of !== "rejected",
      );
      expect(this.gateway.status === "canceled" || !wasConfirmed).toBe(true);
      expect(this.gateway.charges).toBe(0);
    }
    expect(new Set(attempts.map(({ key }) => key)).size).toBe(attempts.length);
    const open = attempts.filter(({ state: of }) => of === "sending" || of === "unknown");
    const openConfirms = open.filter(({ action }) => action === "confirm").length;
    expect(openConfirms).toBeLessThanOrEqual(1);
    if (state !== "needs_review") expect(openConfirms === 1).toBe(state === "charging");
  }
}

const arbitraryStory = fc.array(arbitraryAction, { maxLength: 40 });

/** Begins further in, so that most stories are about paying. */
const order: Action = { do: "order", fate: "answers" };
const arbitraryTrigger = fc.constantFrom<TopUpTrigger>("manual", "out_of_credits", "before_expiry");

function told(actions: readonly Action[], trigger?: TopUpTrigger): Story {
  const story = new Story(trigger);
  for (const action of actions) {
    story.act(action);
    story.check();
  }
  return story;
}

describe("whatever the gateway loses, repeats or delays, and whatever the customer does", () => {
  test("nothing is charged or credited twice, and nothing is given up that may still be charged", () => {
    fc.assert(
      fc.property(arbitraryStory, arbitraryTrigger, (actions, trigger) => {
        told(actions, trigger);
        told([order, ...actions], trigger);
      }),
      { numRuns: 300 },
    );
  });

  test("once everybody answers again it ends: paid if and only if it was charged", () => {
    fc.assert(
      fc.property(arbitraryStory, arbitraryTrigger, fc.boolean(), (actions, trigger, succeeds) => {
        const story = told([order, ...actions], trigger);
        for (let round = 0; round < 3_000 && story.topUp.nextStepAt !== null; round++) {
          story.gateway.finishOne();
          story.gateway.bankDecides(succeeds);
          story.work("answers", true);
          story.check();
        }
        expect(story.topUp.nextStepAt).toBeNull();
        while (story.gateway.isRunning) story.gateway.finishOne();
        // The daily comparison reads every payment once more.
        story.act({ do: "read" });
        story.check();
        const { state } = story.topUp;
        expect(state === "paid").toBe(story.gateway.charges === 1);
        if (state !== "needs_review")
          expect(["paid", "failed", "canceled", "expired"]).toContain(state);
      }),
      { numRuns: 200 },
    );
  });

  test("a needless worry never reaches a person: without lost cancellations nothing is put to review", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fates), fc.constantFrom(...cards), (fate, card) => {
        const story = told([order, { do: "pay", fate, card }]);
        for (let round = 0; round < 3_000 && story.topUp.nextStepAt !== null; round++) {
          story.gateway.finishOne();
          story.gateway.bankDecides(true);
          story.work("answers", true);
        }
        expect(story.topUp.state).not.toBe("needs_review");
      }),
    );
  });
});

test("the stories reach every state, so what holds for them holds for each", () => {
  const seen = new Set<string>();
  for (const [actions, trigger] of fc.sample(fc.tuple(arbitraryStory, arbitraryTrigger), {
    numRuns: 1_000,
    seed: 7,
  })) {
    const story = new Story(trigger);
    for (const action of [order, ...actions]) {
      seen.add(story.topUp.state);
      story.act(action);
    }
  }
  expect([...seen].sort()).toEqual([...topUpStates].sort());
});
