import { describe, expect, test } from "vitest";
import { at, noon } from "../testing/builders.ts";
import { anIntent, aTopUp, declined, refusalOf, through } from "../testing/purchases.ts";
import type { Instant } from "../units.ts";
import type { TopUpEvent } from "./advance.ts";
import { dueStep, nextStep } from "./next-step.ts";
import type { Answer, PaymentIntentFacts } from "./payment-intent.ts";
import type { TopUp } from "./top-up.ts";

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
const read = (change: Partial<PaymentIntentFacts>, asOf: Instant): TopUpEvent => ({
  type: "payment_read",
  intent: anIntent(change),
  asOf,
});
const unknown = (number: number) => answer(number, { is: "unknown" });
const close = (as: "canceled" | "expired" | "failed"): TopUpEvent => ({
  type: "closing_wanted",
  as,
});

const created = (): TopUp => through(aTopUp(), [noon, stored("create")], [noon, says(1, {})]);
const charging = (): TopUp => through(created(), [at(1), stored("confirm")]);
const unanswered = (): TopUp => through(charging(), [at(1), unknown(2)]);
const authenticating = (): TopUp =>
  through(charging(), [
    at(1),
    says(2, { status: "requires_action", redirectUrl: "https://bank.test" }),
  ]);

describe("before a call is made", () => {
  test("its key and its exact parameters are in the row, and it may have gone out", () => {
    const params = JSON.stringify({ amount: 9500 });
    const topUp = through(aTopUp(), [noon, { type: "attempt_stored", action: "create", params }]);
    expect(topUp.attempts).toMatchObject([
      { key: "pi-top_1-1", params, state: "sending", sends: 1, firstSentAt: noon },
    ]);
  });

  test("each new call has a key of its own, and a repeated one keeps its key", () => {
    const again = through(unanswered(), [at(2), { type: "sent_again", number: 2 }]);
    expect(again.attempts.map(({ key }) => key)).toEqual(["pi-top_1-1", "cf-top_1-2"]);
    expect(again.attempts[1]).toMatchObject({ sends: 2, firstSentAt: at(1), lastSentAt: at(2) });
  });

  test("no other call is out: nothing is begun while an outcome is unknown", () => {
    const creating = through(aTopUp(), [noon, stored("create")]);
    expect(refusalOf(creating, stored("create"), noon)).toBe("payment_in_progress");
    expect(refusalOf(charging(), stored("confirm"), at(2))).toBe("payment_in_progress");
    expect(refusalOf(unanswered(), stored("confirm"), at(2))).toBe("payment_in_progress");
  });

  test("the payment is not closed, closing or out of time", () => {
    const closing = through(created(), [at(1), close("canceled")]);
    expect(refusalOf(closing, stored("confirm"), at(1))).toBe("purchase_closed");
    expect(refusalOf(created(), stored("confirm"), at(30))).toBe("purchase_closed");
    expect(refusalOf(aTopUp(), stored("create"), at(30))).toBe("purchase_closed");
    expect(through(created(), [at(30, -1), stored("confirm")]).state).toBe("charging");
    expect(refusalOf(aTopUp({ state: "paid" }), stored("create"), noon)).toBe("purchase_closed");
  });

  test("there is a payment to confirm, and a reason to cancel one", () => {
    expect(refusalOf(aTopUp(), stored("confirm"), noon)).toBe("purchase_closed");
    expect(refusalOf(created(), stored("cancel"), noon)).toBe("purchase_closed");
  });
});

describe("creating the payment", () => {
  test("makes it known", () => {
    expect(created()).toMatchObject({ state: "awaiting_payment", paymentIntentId: "pi_1" });
  });

  test("without an answer leaves a draft, and is asked again with the same key", () => {
    const topUp = through(aTopUp(), [noon, stored("create")], [noon, unknown(1)]);
    expect(topUp.state).toBe("draft");
    expect(nextStep(topUp)).toEqual({ do: "send_again", number: 1, at: at(0.5) });
    expect(through(topUp, [at(1), says(1, {})]).state).toBe("awaiting_payment");
  });

  test("refused at once has failed, for nothing was carried out", () => {
    const refused = answer(1, { is: "rejected", failure: declined });
    expect(through(aTopUp(), [noon, stored("create")], [noon, refused])).toMatchObject({
      state: "failed",
      nextStepAt: null,
    });
  });

  test("that yields another payment than the one asked for is never confirmed", () => {
    const topUp = through(
      aTopUp(),
      [noon, stored("create")],
      [noon, says(1, { amountMinor: 95_01, livemode: true })],
    );
    expect(topUp).toMatchObject({ state: "needs_review", differences: ["amount", "livemode"] });
    expect(refusalOf(topUp, stored("confirm"), noon)).toBe("purchase_closed");
  });
});

describe("a confirmation", () => {
  test("that the bank declines lets the customer try again, with the reason kept", () => {
    const topUp = through(charging(), [at(1), answer(2, { is: "declined", failure: declined })]);
    expect(topUp).toMatchObject({ state: "awaiting_payment", failure: declined });
    expect(through(topUp, [at(2), stored("confirm")])).toMatchObject({
      state: "charging",
      failure: null,
      paymentIntentId: "pi_1",
    });
  });

  test("that needs the customer says where, and is read meanwhile", () => {
    expect(authenticating()).toMatchObject({
      state: "action_required",
      redirectUrl: "https://bank.test",
      nextStepAt: at(6),
    });
  });

  test("that succeeded is settled next, and at once", () => {
    const topUp = through(charging(), [at(2), says(2, { status: "succeeded" })]);
    expect(topUp).toMatchObject({ state: "processing", nextStepAt: at(2) });
    expect(nextStep(topUp)).toMatchObject({ do: "read_payment" });
  });

  test("gives the customer as long again", () => {
    expect(charging().openUntil).toBe(at(31));
  });

  test("refused on its first sending was never carried out", () => {
    const topUp = through(charging(), [at(1), answer(2, { is: "rejected", failure: declined })]);
    expect(topUp.state).toBe("awaiting_payment");
  });

  test("refused on a later sending proves nothing about the first", () => {
    const topUp = through(
      unanswered(),
      [at(2), { type: "sent_again", number: 2 }],
      [at(2), answer(2, { is: "rejected", failure: declined })],
    );
    expect(topUp).toMatchObject({ state: "charging", attempts: [{}, { state: "unknown" }] });
  });

  test.each(["requires_capture", "requires_confirmation", "a_status_of_the_future"])(
    "answered with %s stays unknown",
    (status) => {
      const topUp = through(charging(), [at(1), says(2, { status })]);
      expect(topUp).toMatchObject({ state: "charging", attempts: [{}, { state: "unknown" }] });
    },
  );

  test("answered with another payment stays unknown", () => {
    const other = says(2, { id: "pi_2", status: "requires_payment_method" });
    expect(through(charging(), [at(1), other]).state).toBe("charging");
  });

  test("is not answered twice", () => {
    const topUp = through(
      charging(),
      [at(1), says(2, { status: "succeeded" })],
      [at(2), answer(2, { is: "declined", failure: declined })],
    );
    expect(topUp.state).toBe("processing");
  });
});

describe("while a confirmation is unanswered", () => {
  test("a reading that says not paid proves nothing", () => {
    expect(through(unanswered(), [at(2), read({}, at(2))]).state).toBe("charging");
  });

  test("a reading that says succeeded or canceled settles it", () => {
    const paid = through(unanswered(), [at(2), read({ status: "succeeded" }, at(2))]);
    expect(paid).toMatchObject({ state: "processing", attempts: [{}, { state: "superseded" }] });
    const gone = through(unanswered(), [at(2), read({ status: "canceled" }, at(2))]);
    expect(gone).toMatchObject({ state: "canceled", nextStepAt: null });
  });

  test("a reading that it needs the customer can only be its doing, if it is the first", () => {
    const asked = read({ status: "requires_action", redirectUrl: "https://bank.test" }, at(3));
    expect(through(unanswered(), [at(3), asked]).state).toBe("action_required");
    const second = through(authenticating(), [at(2), stored("confirm")], [at(2), unknown(3)]);
    expect(through(second, [at(3), asked]).state).toBe("charging");
  });

  test("it is sent again after 30 seconds, and again", () => {
    expect(nextStep(unanswered())).toEqual({ do: "send_again", number: 2, at: at(1.5) });
    const again = through(unanswered(), [at(1.5), { type: "sent_again", number: 2 }]);
    expect(nextStep(again)).toEqual({ do: "send_again", number: 2, at: at(2) });
  });

  test("it is not sent again by a worker that comes when it is to be given up", () => {
    expect(dueStep(unanswered(), at(1.5, -1))).toBeNull();
    expect(dueStep(unanswered(), at(16, -1))).toMatchObject({ do: "send_again" });
    expect(dueStep(unanswered(), at(16))).toEqual({ do: "close", as: "failed", at: at(16) });
  });

  test("it is given up after 15 minutes and not before, and the customer cannot call it off", () => {
    const sentLate = through(unanswered(), [at(15.9), { type: "sent_again", number: 2 }]);
    expect(nextStep(sentLate)).toEqual({ do: "close", as: "failed", at: at(16) });
    expect(refusalOf(unanswered(), close("canceled"), at(16, -1))).toBe("payment_in_progress");
    expect(refusalOf(unanswered(), close("failed"), at(16, -1))).toBe("payment_in_progress");
  });
});

describe("giving up an unanswered confirmation", () => {
  const givenUp = (): TopUp => through(unanswered(), [at(16), close("failed")]);
  const canceling = (): TopUp => through(givenUp(), [at(16), stored("cancel")]);

  test("asks the gateway to cancel, and sends the confirmation no more", () => {
    expect(givenUp().state).toBe("charging");
    expect(nextStep(givenUp())).toEqual({ do: "cancel_payment", at: at(16) });
    expect(nextStep(canceling())).toEqual({ do: "send_again", number: 3, at: at(16.5) });
  });

  test("has failed once the gateway says canceled, and only then", () => {
    expect(through(canceling(), [at(17), unknown(3)]).state).toBe("charging");
    expect(through(canceling(), [at(17), read({}, at(17))]).state).toBe("charging");
    expect(through(canceling(), [at(17), says(3, { status: "canceled" })]).state).toBe("failed");
  });

  test("is paid if the gateway says it had succeeded", () => {
    const late = through(canceling(), [at(17), answer(3, { is: "moved_on" })]);
    expect(nextStep(late)).toEqual({ do: "read_payment", at: at(17) });
    const settled = through(late, [at(17), read({ status: "succeeded" }, at(17))]);
    expect(settled).toMatchObject({ state: "processing", closing: null, nextStepAt: at(17) });
  });

  test("reads the payment while nobody answers, and cancels anew, less and less often", () => {
    const once = through(canceling(), [at(16), unknown(3)]);
    expect(once).toMatchObject({ readAt: at(16.5), closing: { cancelAt: at(17) } });
    const twice = through(once, [at(17), stored("cancel")], [at(17), unknown(4)]);
    expect(twice).toMatchObject({ closing: { cancelAt: at(19) } });
    expect(twice.attempts.slice(2)).toMatchObject([
      { key: "cx-top_1-3", state: "unanswered" },
      { key: "cx-top_1-4", state: "unanswered" },
    ]);
  });

  test("is a person's matter when nobody has answered for a day", () => {
    const sentLate = through(canceling(), [at(24 * 60 + 15.9), { type: "sent_again", number: 3 }]);
    expect(nextStep(sentLate)).toEqual({ do: "review", at: at(24 * 60 + 16) });
    const reviewed = through(sentLate, [at(24 * 60 + 16), { type: "review_wanted" }]);
    expect(reviewed).toMatchObject({ state: "needs_review", nextStepAt: null });
  });
});

describe("an abandoned purchase", () => {
  test("that was never created ends by itself", () => {
    expect(nextStep(aTopUp())).toEqual({ do: "close", as: "expired", at: at(30) });
    expect(through(aTopUp(), [at(30), close("expired")]).state).toBe("expired");
  });

  test("whose creation nobody answered ends too, for an unconfirmed payment charges nobody", () => {
    const topUp = through(aTopUp(), [noon, stored("create")], [at(30), close("expired")]);
    expect(topUp.state).toBe("expired");
    expect(through(topUp, [at(31), says(1, {})])).toMatchObject({
      state: "expired",
      paymentIntentId: "pi_1",
    });
  });

  test("that was created is cancelled at the gateway first", () => {
    const closing = through(created(), [at(30), close("expired")], [at(30), stored("cancel")]);
    expect(closing.state).toBe("awaiting_payment");
    expect(through(closing, [at(30), says(2, { status: "canceled" })]).state).toBe("expired");
  });

  test("is paid after all when the customer authenticated in the last second", () => {
    const closing = through(
      authenticating(),
      [at(31), close("expired")],
      [at(31), stored("cancel")],
    );
    const settled = through(closing, [at(31), says(3, { status: "succeeded" })]);
    expect(settled.state).toBe("processing");
  });
});

describe("authentication", () => {
  test("that failed lets the customer try again", () => {
    const topUp = through(authenticating(), [at(3), read({ failure: declined }, at(2))]);
    expect(topUp).toMatchObject({ state: "awaiting_payment", failure: declined });
  });

  test("is not undone by a reading that began before it was asked for", () => {
    const topUp = through(authenticating(), [at(3), read({}, at(1, -1))]);
    expect(topUp.state).toBe("action_required");
  });

  test("that the bank still works on is waited for, and not called off", () => {
    const topUp = through(authenticating(), [at(3), read({ status: "processing" }, at(3))]);
    expect(topUp).toMatchObject({ state: "processing", nextStepAt: at(8) });
    expect(refusalOf(topUp, close("expired"), at(60))).toBe("payment_in_progress");
  });

  test("is waited for when its status is one we have never heard of", () => {
    const topUp = through(authenticating(), [at(3), read({ status: "thinking" }, at(3))]);
    expect(topUp).toMatchObject({ state: "action_required", readAt: at(8) });
  });
});

describe("a purchase that is over", () => {
  test.each(["failed", "canceled", "expired"] as const)(
    "as %s is settled all the same when the payment succeeds",
    (state) => {
      const over = aTopUp({ state, paymentIntentId: "pi_1" });
      const settled = through(over, [at(90), read({ status: "succeeded" }, at(90))]);
      expect(settled).toMatchObject({ state: "processing", nextStepAt: at(90) });
    },
  );

  test("as paid is not moved by anything", () => {
    const paid = aTopUp({ state: "paid", paymentIntentId: "pi_1", nextStepAt: null });
    for (const status of ["succeeded", "canceled", "requires_payment_method"]) {
      expect(through(paid, [at(90), read({ status }, at(90))])).toEqual(paid);
    }
    expect(through(paid, [at(90), close("canceled")])).toEqual(paid);
    expect(through(paid, [at(90), { type: "review_wanted" }])).toEqual(paid);
  });

  test("does not hear of another payment", () => {
    const topUp = created();
    expect(through(topUp, [at(2), read({ id: "pi_2", status: "succeeded" }, at(2))])).toEqual(
      topUp,
    );
  });
});
