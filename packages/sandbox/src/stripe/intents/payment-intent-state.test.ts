import { describe, expect, test } from "vitest";
import { declines } from "../cards/declines.ts";
import type { Verdict } from "../cards/verdict.ts";
import {
  CONFIRMATIONS_MAX,
  isAllowed,
  type PaymentIntentCommand,
  restingStatus,
  statusAfter,
} from "./payment-intent-state.ts";

const commands: PaymentIntentCommand[] = ["update", "confirm", "authenticate", "cancel"];
const declined: Verdict = { kind: "declined", decline: declines.generic_decline };

describe("a payment intent", () => {
  test.each(["succeeded", "canceled"] as const)("that is %s never changes again", (status) => {
    expect(commands.filter((command) => isAllowed(status, command))).toEqual([]);
  });

  test("can be confirmed, changed and canceled as long as it is open", () => {
    for (const status of ["requires_payment_method", "requires_confirmation"] as const) {
      const allowed = commands.filter((command) => isAllowed(status, command));
      expect(allowed).toEqual(["update", "confirm", "cancel"]);
    }
  });

  test("accepts an answer from the bank's page only while it waits for one", () => {
    expect(isAllowed("requires_action", "authenticate")).toBe(true);
    expect(isAllowed("requires_confirmation", "authenticate")).toBe(false);
  });

  test("waits for a card without one, for the confirmation with one", () => {
    expect(restingStatus(false)).toBe("requires_payment_method");
    expect(restingStatus(true)).toBe("requires_confirmation");
  });

  test("succeeds when the bank approves, waits when it wants to see the customer", () => {
    expect(statusAfter({ kind: "approved" }, 1)).toBe("succeeded");
    expect(statusAfter({ kind: "needs_authentication" }, 1)).toBe("requires_action");
  });

  test("takes another card after a decline, until the last confirmation it allows", () => {
    expect(statusAfter(declined, CONFIRMATIONS_MAX - 1)).toBe("requires_payment_method");
    expect(statusAfter(declined, CONFIRMATIONS_MAX)).toBe("canceled");
  });

  test("that is approved at the last confirmation it allows succeeds", () => {
    expect(statusAfter({ kind: "approved" }, CONFIRMATIONS_MAX)).toBe("succeeded");
  });
});
