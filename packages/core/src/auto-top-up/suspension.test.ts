import { describe, expect, test } from "vitest";
import type { TopUpEvent } from "../purchase/advance.ts";
import type { PaymentFailure } from "../purchase/payment-intent.ts";
import { openTopUp, type TopUp } from "../purchase/top-up.ts";
import { at, noon } from "../testing/builders.ts";
import { anIntent, aTopUp, declined, through } from "../testing/purchases.ts";
import type { Instant } from "../units.ts";
import {
  isLiftedBy,
  type SuspensionLift,
  type SuspensionReason,
  suspensionAfter,
  worseOf,
} from "./suspension.ts";

const HOUR = 60;
const confirm: TopUpEvent = { type: "attempt_stored", action: "confirm", params: "{}" };
const refuses = (number: number, failure: PaymentFailure): TopUpEvent => ({
  type: "answered",
  number,
  answer: { is: "declined", failure },
});
const withCode = (declineCode: string): PaymentFailure => ({ ...declined, declineCode });

function charged(number = 1): TopUp {
  return through(
    openTopUp({ ...aTopUp(), trigger: "out_of_credits" }, noon),
    [noon, { type: "attempt_stored", action: "create", params: "{}" }],
    [noon, { type: "answered", number, answer: { is: "intent", intent: anIntent() } }],
    [noon, confirm],
  );
}

describe("automatic top-ups stop", () => {
  test.each<[string, SuspensionReason]>([
    ["lost_card", "card_refused"],
    ["a_code_of_the_future", "card_refused"],
    ["expired_card", "card_details"],
  ])("with the first decline for %s: %s", (code, reason) => {
    expect(suspensionAfter(through(charged(), [noon, refuses(2, withCode(code))]))).toBe(reason);
  });

  test("with the fourth decline that might have passed, and not before", () => {
    let topUp = through(charged(), [noon, refuses(2, declined)]);
    for (const [number, hours] of [24, 72, 120].entries()) {
      expect(suspensionAfter(topUp)).toBeNull();
      const now = at(hours * HOUR);
      topUp = through(topUp, [now, confirm], [now, refuses(number + 3, declined)]);
    }
    expect(suspensionAfter(topUp)).toBe("retries_exhausted");
  });

  test("when the customer lets the bank's question time out, and not when they call it off", () => {
    const asked = through(charged(), [noon, refuses(2, withCode("authentication_required"))]);
    const closed = (now: Instant) =>
      through(asked, [now, { type: "closing_wanted", as: "canceled" }]);
    expect(suspensionAfter(asked)).toBeNull();
    expect(suspensionAfter(closed(at(72 * HOUR, -1)))).toBeNull();
    expect(suspensionAfter(closed(at(72 * HOUR)))).toBe("authentication_unanswered");
  });

  test("not when a purchase was called off while it waited to be tried again", () => {
    const waiting = through(charged(), [noon, refuses(2, declined)]);
    const off = through(waiting, [at(5), { type: "closing_wanted", as: "canceled" }]);
    expect(suspensionAfter(off)).toBeNull();
  });

  test("not when nobody answered, or would not carry out the call: the bank said nothing", () => {
    const silent = through(
      charged(),
      [noon, { type: "answered", number: 2, answer: { is: "unknown" } }],
      [at(15), { type: "closing_wanted", as: "failed" }],
    );
    const rejected = through(charged(), [
      noon,
      { type: "answered", number: 2, answer: { is: "rejected", failure: declined } },
    ]);
    expect([silent, rejected].map(suspensionAfter)).toEqual([null, null]);
    expect(rejected.closing).not.toBeNull();
  });

  test("not because of a purchase by hand", () => {
    const byHand = through(
      { ...charged(), trigger: "manual" },
      [noon, refuses(2, withCode("lost_card"))],
      [noon, { type: "closing_wanted", as: "failed" }],
    );
    expect(suspensionAfter(byHand)).toBeNull();
  });
});

describe("a suspension is lifted", () => {
  const lifts: readonly SuspensionLift[] = [
    "card_changed",
    "card_updated",
    "switched_on",
    "paid",
    "dispute_over",
    "operator",
  ];
  const thatLift = (reason: SuspensionReason) =>
    lifts.filter((lift) => isLiftedBy({ reason, since: noon, topUpId: null }, lift));

  test.each<[SuspensionReason, SuspensionLift[]]>([
    ["card_refused", ["card_changed", "paid", "operator"]],
    ["card_details", ["card_changed", "card_updated", "paid", "operator"]],
    ["retries_exhausted", ["card_changed", "switched_on", "paid", "operator"]],
    ["authentication_unanswered", ["card_changed", "switched_on", "paid", "operator"]],
    ["inquiry", ["dispute_over", "operator"]],
    ["dispute", ["dispute_over", "operator"]],
    ["fraud_warning", ["operator"]],
    ["operator", ["operator"]],
  ])("for %s by %j and nothing else", (reason, expected) => {
    expect(thatLift(reason)).toEqual(expected);
  });
});

test("of two reasons the one that is harder to lift stays, whichever came first", () => {
  const dispute = { reason: "dispute", since: noon, topUpId: "top_1" } as const;
  const refused = { reason: "card_refused", since: at(1), topUpId: "top_2" } as const;
  expect(worseOf(null, refused)).toBe(refused);
  expect(worseOf(dispute, refused)).toBe(dispute);
  expect(worseOf(refused, dispute)).toBe(dispute);
  expect(worseOf(refused, { ...refused, since: at(5) })).toBe(refused);
});
