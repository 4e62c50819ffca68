/** A purchase nobody presses a button for: begun, declined, tried again and ended by a worker. */
import { describe, expect, test } from "vitest";
import { at, noon } from "../testing/builders.ts";
import { anIntent, aTopUp, declined, refusalOf, through } from "../testing/purchases.ts";
import type { Instant } from "../units.ts";
import type { TopUpEvent } from "./advance.ts";
import { nextAutomaticStep, nextStep } from "./next-step.ts";
import type { Answer, PaymentFailure, PaymentIntentFacts } from "./payment-intent.ts";
import { openTopUp, type TopUp, type TopUpTrigger } from "./top-up.ts";

const hours = (count: number, ms = 0) => at(count * 60, ms);
const stored = (action: "create" | "confirm" | "cancel"): TopUpEvent => ({
  type: "attempt_stored",
  action,
  params: "{}",
});
const answer = (number: number, given: Answer): TopUpEvent => ({
  type: "answered",
  number,
  answer: given,
});
const says = (number: number, change: Partial<PaymentIntentFacts>): TopUpEvent =>
  answer(number, { is: "intent", intent: anIntent(change) });
const refuses = (number: number, failure: PaymentFailure): TopUpEvent =>
  answer(number, { is: "declined", failure });
const read = (change: Partial<PaymentIntentFacts>, asOf: Instant): TopUpEvent => ({
  type: "payment_read",
  intent: anIntent(change),
  asOf,
});

const lost: PaymentFailure = { ...declined, declineCode: "lost_card" };
const tooOften: PaymentFailure = { ...declined, code: "card_decline_rate_limit_exceeded" };
const authentication: PaymentFailure = {
  code: "authentication_required",
  declineCode: "authentication_required",
  adviceCode: null,
};

function opened(trigger: TopUpTrigger = "out_of_credits", usefulUntil: Instant | null = null) {
  return openTopUp({ ...aTopUp(), trigger, usefulUntil }, noon);
}

const created = (topUp = opened()) => through(topUp, [noon, stored("create")], [noon, says(1, {})]);
const charging = (topUp = opened()) => through(created(topUp), [noon, stored("confirm")]);

/** Declined so many times, each time tried again as soon as it is due. */
function declinedTimes(times: number, topUp = opened()): TopUp {
  let now = noon;
  let next = created(topUp);
  for (let number = 2; number < times + 2; number++) {
    now = nextAutomaticStep(next)?.at ?? now;
    next = through(next, [now, stored("confirm")], [now, refuses(number, declined)]);
  }
  return next;
}

const asked = () => through(charging(), [noon, refuses(2, authentication)]);

describe("a worker begins it", () => {
  test("by creating the payment, at once", () => {
    expect(opened().nextStepAt).toBe(noon);
    expect(nextAutomaticStep(opened())).toEqual({ do: "create_payment", at: noon });
    expect(nextStep(opened())).toEqual({ do: "close", as: "expired", at: at(30) });
  });

  test("and by charging the card as soon as the payment is known", () => {
    expect(created()).toMatchObject({ state: "awaiting_payment", nextStepAt: noon });
    expect(nextAutomaticStep(created())).toEqual({ do: "confirm_payment", at: noon });
  });

  test("but nothing while a call is out, and never for a purchase by hand", () => {
    const creating = through(opened(), [noon, stored("create")]);
    expect(nextAutomaticStep(creating)).toBeNull();
    expect(nextAutomaticStep(charging())).toBeNull();
    expect(nextAutomaticStep(aTopUp())).toBeNull();
    expect(nextAutomaticStep(created(aTopUp()))).toBeNull();
  });

  test("late, if it was killed in between: a day after the order the card is still charged", () => {
    expect(through(created(), [hours(24), stored("confirm")]).state).toBe("charging");
  });

  test("and gives it up when the payment cannot be created for half an hour", () => {
    const creating = through(
      opened(),
      [noon, stored("create")],
      [at(29.9), { type: "sent_again", number: 1 }],
    );
    expect(nextStep(creating)).toEqual({ do: "close", as: "expired", at: at(30) });
  });

  test("and is not told anything by a reading made before it was charged", () => {
    expect(through(created(), [at(1), read({}, at(1))])).toMatchObject({
      state: "awaiting_payment",
      closing: null,
    });
  });
});

describe("a decline that may pass", () => {
  test("is tried again 24, 72 and 120 hours after the first try, then no more", () => {
    const waits = [1, 2, 3].map((times) => declinedTimes(times));
    expect(waits.map(({ state }) => state)).toEqual(Array(3).fill("retry_wait"));
    expect(waits.map(({ nextStepAt }) => nextStepAt)).toEqual([hours(24), hours(72), hours(120)]);
    const ended = declinedTimes(4);
    expect(ended).toMatchObject({ state: "awaiting_payment", closing: { as: "failed" } });
    expect(nextStep(ended)).toMatchObject({ do: "cancel_payment", at: hours(120) });
    expect(nextAutomaticStep(ended)).toBeNull();
  });

  test("is tried on the same payment with a key of its own", () => {
    const { attempts, paymentIntentId } = declinedTimes(2);
    expect(paymentIntentId).toBe("pi_1");
    expect(attempts.map(({ key }) => key)).toEqual(["pi-top_1-1", "cf-top_1-2", "cf-top_1-3"]);
  });

  test("is not tried a millisecond early", () => {
    const waiting = declinedTimes(1);
    expect(refusalOf(waiting, stored("confirm"), hours(24, -1))).toBe("purchase_closed");
    expect(through(waiting, [hours(24), stored("confirm")]).state).toBe("charging");
  });

  test("is not tried sooner than a day after a try that came late", () => {
    const late = through(
      declinedTimes(1),
      [hours(71), stored("confirm")],
      [hours(71), refuses(3, declined)],
    );
    expect(late.nextStepAt).toBe(hours(95));
  });

  test("is given up when the next try would fall a week after the order, or later", () => {
    const lateBy = (now: Instant) =>
      through(declinedTimes(2), [now, stored("confirm")], [now, refuses(4, declined)]);
    expect(lateBy(hours(144, -1))).toMatchObject({
      state: "retry_wait",
      nextStepAt: hours(168, -1),
    });
    expect(lateBy(hours(144))).toMatchObject({ closing: { as: "failed" } });
  });

  test("of a card that was declined too often rests a day from the answer", () => {
    const topUp = through(charging(), [at(5), refuses(2, tooOften)]);
    expect(topUp).toMatchObject({ state: "retry_wait", nextStepAt: hours(24, 5 * 60_000) });
  });

  test("is tried at once when the card changed", () => {
    const topUp = through(declinedTimes(1), [hours(2), { type: "retry_wanted" }]);
    expect(nextAutomaticStep(topUp)).toEqual({ do: "confirm_payment", at: noon });
    expect(through(topUp, [hours(2), stored("confirm")]).state).toBe("charging");
  });

  test("a changed card changes nothing for a purchase that does not wait for it", () => {
    for (const topUp of [created(), charging(), asked(), aTopUp()]) {
      expect(through(topUp, [hours(2), { type: "retry_wanted" }])).toEqual(topUp);
    }
  });

  test("is called off when credits came otherwise: the payment is cancelled first", () => {
    const off = through(declinedTimes(1), [hours(2), { type: "closing_wanted", as: "canceled" }]);
    expect(nextStep(off)).toEqual({ do: "cancel_payment", at: hours(2) });
    expect(nextAutomaticStep(off)).toBeNull();
    const gone = through(
      off,
      [hours(2), stored("cancel")],
      [hours(2), says(3, { status: "canceled" })],
    );
    expect(gone).toMatchObject({ state: "canceled", nextStepAt: null });
  });

  test("is paid if the money turns out to have moved after all", () => {
    const paid = through(declinedTimes(1), [hours(1), read({ status: "succeeded" }, hours(1))]);
    expect(paid).toMatchObject({ state: "processing", nextStepAt: hours(1) });
  });

  test("that the bank took a while to say counts like any other", () => {
    const slow = through(charging(), [noon, says(2, { status: "processing" })]);
    const topUp = through(slow, [hours(1), read({ failure: declined }, hours(1))]);
    expect(topUp).toMatchObject({ state: "retry_wait", nextStepAt: hours(24) });
  });
});

describe("before an expiry", () => {
  const expiry = hours(72);
  const renewal = () => opened("before_expiry", expiry);

  test("it is tried again 48 and 24 hours before, and never after", () => {
    expect(declinedTimes(1, renewal()).nextStepAt).toBe(hours(24));
    expect(declinedTimes(2, renewal()).nextStepAt).toBe(hours(48));
    expect(declinedTimes(3, renewal())).toMatchObject({ closing: { as: "failed" } });
  });

  test("a try that came late leaves half a day before the next", () => {
    const late = through(
      declinedTimes(1, renewal()),
      [hours(47), stored("confirm")],
      [hours(47), refuses(3, declined)],
    );
    expect(late.nextStepAt).toBe(hours(59));
  });

  test("a rest that would end at the date or later is the end", () => {
    const rests = (start: Instant) =>
      through(created(renewal()), [start, stored("confirm")], [start, refuses(2, tooOften)]);
    expect(rests(hours(47)).nextStepAt).toBe(hours(71));
    expect(rests(hours(48, -1)).state).toBe("retry_wait");
    expect(rests(hours(48))).toMatchObject({ closing: { as: "failed" } });
  });

  test("nothing is charged at the date, and the last millisecond before it is in time", () => {
    expect(refusalOf(created(renewal()), stored("confirm"), expiry)).toBe("purchase_closed");
    const inTime = through(created(renewal()), [hours(72, -1), stored("confirm")]);
    expect(inTime.state).toBe("charging");
    expect(nextStep(created(renewal()))).toEqual({ do: "close", as: "expired", at: expiry });
  });
});

describe("a decline that is final", () => {
  test.each<[string, PaymentFailure]>([
    ["lost_card", lost],
    ["expired_card", { ...declined, code: "expired_card", declineCode: "expired_card" }],
    ["a code of the future", { ...declined, declineCode: "a_code_of_the_future" }],
    ["the advice not to try again", { ...declined, adviceCode: "do_not_try_again" }],
  ])("such as %s cancels the payment and has then failed", (_, failure) => {
    const ending = through(charging(), [noon, refuses(2, failure)]);
    expect(ending).toMatchObject({ closing: { as: "failed", cancelAt: noon }, failure });
    expect(nextStep(ending)).toMatchObject({ do: "cancel_payment", at: noon });
    const ended = through(
      ending,
      [noon, stored("cancel")],
      [noon, says(3, { status: "canceled" })],
    );
    expect(ended).toMatchObject({ state: "failed", nextStepAt: null });
  });

  test("is not tried again even if a card is changed while it ends", () => {
    const ending = through(charging(), [noon, refuses(2, lost)], [noon, { type: "retry_wanted" }]);
    expect(nextAutomaticStep(ending)).toBeNull();
    expect(refusalOf(ending, stored("confirm"), noon)).toBe("purchase_closed");
  });

  test("is also a call that the gateway would not carry out", () => {
    const rejected = answer(2, { is: "rejected", failure: declined });
    expect(through(charging(), [noon, rejected])).toMatchObject({ closing: { as: "failed" } });
  });
});

describe("a bank that wants to ask the customer", () => {
  test("is waited for: no worker tries it again", () => {
    expect(asked()).toMatchObject({ state: "action_required", failure: authentication });
    expect(nextAutomaticStep(asked())).toBeNull();
  });

  test("is waited for 72 hours, then the purchase is canceled", () => {
    expect(nextStep(asked())).toEqual({ do: "close", as: "canceled", at: hours(72) });
    expect(refusalOf(asked(), stored("confirm"), hours(72))).toBe("purchase_closed");
  });

  test("is answered on the same payment by the customer", () => {
    const answering = through(asked(), [hours(5), stored("confirm")]);
    expect(answering).toMatchObject({ state: "charging", paymentIntentId: "pi_1" });
    const paid = through(answering, [hours(5), says(3, { status: "succeeded" })]);
    expect(paid).toMatchObject({ state: "processing" });
  });

  test("stays the customer's to answer when they fail, with this card or another", () => {
    for (const failure of [declined, lost]) {
      const again = through(
        asked(),
        [hours(5), stored("confirm")],
        [hours(5), refuses(3, failure)],
      );
      expect(again).toMatchObject({ state: "action_required", closing: null, failure });
      expect(nextStep(again)).toEqual({ do: "close", as: "canceled", at: hours(72) });
    }
  });

  test("has a little longer when the customer began at the last moment", () => {
    const asking = through(
      asked(),
      [hours(72, -1), stored("confirm")],
      [hours(72, -1), says(3, { status: "requires_action", redirectUrl: "https://bank.test" })],
    );
    expect(asking.redirectUrl).toBe("https://bank.test");
    const close = { do: "close", as: "canceled", at: hours(72.5, -1) };
    expect(nextStep({ ...asking, readAt: null })).toEqual(close);
  });

  test("is waited for past the expiry that the purchase was about", () => {
    const topUp = through(
      created(opened("before_expiry", hours(72))),
      [hours(48), stored("confirm")],
      [hours(48), refuses(2, authentication)],
    );
    expect(nextStep(topUp)).toEqual({ do: "close", as: "canceled", at: hours(120) });
  });

  test("is recognised however it is said", () => {
    const parked = through(charging(), [noon, says(2, { status: "requires_action" })]);
    const slow = through(
      charging(),
      [noon, says(2, { status: "processing" })],
      [at(5), read({ failure: authentication }, at(5))],
    );
    for (const topUp of [parked, slow]) expect(topUp.state).toBe("action_required");
  });
});

describe("a confirmation nobody answers", () => {
  const unanswered = () => through(charging(), [noon, answer(2, { is: "unknown" })]);

  test("is settled by cancelling after 15 minutes, like one by hand", () => {
    expect(unanswered().state).toBe("charging");
    const givenUp = through(unanswered(), [at(15), { type: "closing_wanted", as: "failed" }]);
    expect(nextStep(givenUp)).toEqual({ do: "cancel_payment", at: at(15) });
  });

  test("is not tried again once it is being cancelled, whatever is answered late", () => {
    const late = through(
      unanswered(),
      [at(15), { type: "closing_wanted", as: "failed" }],
      [at(16), refuses(2, declined)],
    );
    expect(late).toMatchObject({ state: "awaiting_payment", closing: { as: "failed" } });
    expect(nextAutomaticStep(late)).toBeNull();
  });
});
