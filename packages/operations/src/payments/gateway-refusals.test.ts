import Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { answerOf, askedOf, failureIn, refusalIn } from "./gateway-refusals.ts";

interface ErrorBody {
  readonly type?: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly advice_code?: string;
}

const errorOf = (statusCode: number, body: ErrorBody) =>
  Stripe.errors.StripeError.generate({
    type: "invalid_request_error",
    ...body,
    statusCode,
  } as Parameters<typeof Stripe.errors.StripeError.generate>[0]);

const refusal = (statusCode: number, body: ErrorBody = {}, sendings = 1) =>
  refusalIn(errorOf(statusCode, body), sendings);

const card = { type: "card_error" };

describe("a refusal is believed only in the statuses and words Stripe refuses with", () => {
  test.each([
    [400, "rejected"],
    [401, "rejected"],
    [402, "declined"],
    [403, "rejected"],
    [404, "rejected"],
  ])("%i is %s", (status, is) => {
    expect(refusal(status).is).toBe(is);
  });

  test.each([200, 302, 399, 405, 408, 409, 410, 422, 424, 425, 429, 499, 500, 502, 503, 504, 599])(
    "%i leaves open what happened",
    (status) => {
      expect(refusal(status)).toEqual({ is: "unknown" });
      expect(refusal(status, { ...card, code: "card_declined" })).toEqual({ is: "unknown" });
    },
  );

  test.each(["api_error", "authentication_error", "Forbidden", ""])(
    "an error of type %j leaves open what happened",
    (type) => {
      for (const status of [400, 401, 402, 403, 404])
        expect(refusal(status, { type, code: "card_declined" })).toEqual({ is: "unknown" });
    },
  );

  test.each(["idempotency_key_in_use", "lock_timeout", "rate_limit"])(
    "%s leaves open what happened, whatever its status",
    (code) => {
      for (const status of [400, 402, 409, 429])
        expect(refusal(status, { code })).toEqual({ is: "unknown" });
    },
  );

  test("what is no answer at all leaves open what happened", () => {
    const broken = new Stripe.errors.StripeConnectionError({ message: "timeout" } as never);
    const page = new Stripe.errors.StripeAPIError({ message: "Invalid JSON" } as never);
    for (const error of [broken, page, new TypeError("no"), null, "no"])
      expect(refusalIn(error, 1)).toEqual({ is: "unknown" });
  });
});

describe("a decline", () => {
  test("keeps the bank's codes and the network's advice", () => {
    const declined = refusal(402, {
      ...card,
      code: "card_declined",
      decline_code: "stolen_card",
      advice_code: "do_not_try_again",
    });
    expect(declined).toEqual({
      is: "declined",
      failure: {
        code: "card_declined",
        declineCode: "stolen_card",
        adviceCode: "do_not_try_again",
      },
    });
  });

  test("for want of authentication stays one in any status, by its own code", () => {
    for (const status of [400, 402])
      expect(refusal(status, { ...card, code: "authentication_required" })).toMatchObject({
        is: "declined",
        failure: { code: "authentication_required" },
      });
  });

  test("stands after a repetition, being the answer that was kept under the key", () => {
    expect(refusal(402, { ...card, code: "card_declined" }, 2).is).toBe("declined");
  });
});

describe("after a repetition by the SDK", () => {
  test.each([400, 401, 403, 404])("%i says nothing of the first sending", (status) => {
    expect(refusal(status, { code: "resource_missing" }, 2)).toEqual({ is: "unknown" });
  });

  test("a key that belongs to other parameters has not carried out these", () => {
    const reused = refusal(400, { type: "idempotency_error" }, 2);
    expect(reused).toMatchObject({ is: "rejected", failure: { code: "idempotency_error" } });
  });

  test("a payment that has moved on is to be read all the same", () => {
    expect(refusal(400, { code: "payment_intent_unexpected_state" }, 2).is).toBe("moved_on");
  });
});

test("only what says that the object is missing is missing; an unknown address is not", () => {
  expect(refusal(404, { code: "resource_missing" }).is).toBe("missing");
  expect(refusal(404).is).toBe("rejected");
});

test("a code is a word: anything else is neither stored nor shown", () => {
  expect(failureIn({ code: "No such key: sk_live_1", type: "card_error" })?.code).toBe(
    "card_error",
  );
  expect(failureIn({ code: "x".repeat(101) })).toBeNull();
  expect(failureIn({ code: "card_declined", decline_code: 5 })?.declineCode).toBeNull();
  expect([failureIn(null), failureIn("card_declined"), failureIn([])]).toEqual([null, null, null]);
});

test("each caller hears a refusal in its own words", () => {
  const failure = { code: "any", declineCode: null, adviceCode: null };
  const heard = (["declined", "rejected", "missing", "moved_on"] as const).map((is) => [
    answerOf({ is, failure }).is,
    askedOf({ is, failure }).is,
  ]);
  expect(heard).toEqual([
    ["declined", "rejected"],
    ["rejected", "rejected"],
    ["rejected", "missing"],
    ["moved_on", "rejected"],
  ]);
  expect(answerOf({ is: "unknown" })).toEqual({ is: "unknown" });
  expect(askedOf({ is: "unknown" })).toEqual({ is: "unknown" });
});
