import { describe, expect, test } from "vitest";
import { type DeclineClass, declineVerdict } from "./decline-class.ts";

const verdict = (
  declineCode: string | null,
  { code = "card_declined", adviceCode = null as string | null } = {},
) => declineVerdict({ code, declineCode, adviceCode });

describe("a declined card", () => {
  test.each<[string, DeclineClass]>([
    ["insufficient_funds", "retry_later"],
    ["generic_decline", "retry_later"],
    ["processing_error", "retry_later"],
    ["authentication_required", "needs_authentication"],
    ["lost_card", "never_same_card"],
    ["stolen_card", "never_same_card"],
    ["highest_risk_level", "never_same_card"],
    ["revocation_of_authorization", "never_same_card"],
    ["expired_card", "customer_must_fix_card"],
    ["incorrect_cvc", "customer_must_fix_card"],
    ["duplicate_transaction", "wait_24h"],
  ])("with %s is of the class %s", (code, expected) => {
    expect(verdict(code)).toEqual({ class: expected, isKnown: true });
  });

  test.each([
    "incorrect_number",
    "lost_card",
    "pickup_card",
    "stolen_card",
    "revocation_of_authorization",
    "revocation_of_all_authorizations",
    "authentication_required",
    "highest_risk_level",
  ])("is never tried again by itself with %s, which the gateway forbids", (code) => {
    expect(["never_same_card", "needs_authentication"]).toContain(verdict(code).class);
  });

  test("is judged by the gateway's code when the bank gave none", () => {
    expect(verdict(null, { code: "expired_card" }).class).toBe("customer_must_fix_card");
  });

  test("is judged by the bank's code when there are both", () => {
    expect(verdict("lost_card", { code: "processing_error" }).class).toBe("never_same_card");
  });
});

describe("a code we have never heard of", () => {
  test.each(["a_code_of_the_future", "constructor", "__proto__", ""])(
    "such as %j is never tried again, and somebody is told",
    (code) => {
      expect(verdict(code)).toEqual({ class: "never_same_card", isKnown: false });
    },
  );

  test("stands, even beside one that we know", () => {
    expect(verdict("a_code_of_the_future", { code: "processing_error" }).isKnown).toBe(false);
  });

  test("is also no code at all, and no reason at all", () => {
    expect(verdict(null)).toEqual({ class: "never_same_card", isKnown: false });
    expect(declineVerdict(null)).toEqual({ class: "never_same_card", isKnown: false });
  });
});

describe("advice", () => {
  test("not to try again wins over every code", () => {
    const adviceCode = "do_not_try_again";
    expect(verdict("insufficient_funds", { adviceCode }).class).toBe("never_same_card");
    expect(verdict(null, { code: "card_decline_rate_limit_exceeded", adviceCode }).class).toBe(
      "never_same_card",
    );
  });

  test("to confirm the card's data makes a decline one that the customer mends", () => {
    const adviceCode = "confirm_card_data";
    expect(verdict("do_not_honor", { adviceCode }).class).toBe("customer_must_fix_card");
    expect(verdict("lost_card", { adviceCode }).class).toBe("never_same_card");
  });

  test("to try later softens nothing", () => {
    expect(verdict("lost_card", { adviceCode: "try_again_later" }).class).toBe("never_same_card");
  });
});

test("a card that was declined too often rests, whatever the bank says of it", () => {
  const code = "card_decline_rate_limit_exceeded";
  expect(verdict("insufficient_funds", { code }).class).toBe("wait_24h");
});
