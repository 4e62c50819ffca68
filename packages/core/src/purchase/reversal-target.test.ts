import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { minor } from "../pricing/money.ts";
import { credits } from "../units.ts";
import {
  creditsFor,
  type DisputeFacts,
  type PurchaseMoney,
  type RefundFacts,
  reversalTarget,
} from "./reversal-target.ts";

const refund = (amount: number, status = "succeeded", own: number | null = null): RefundFacts => ({
  id: `re_${amount}`,
  amountMinor: minor(amount),
  status,
  credits: own === null ? null : credits(own),
});
const dispute = (amount: number, status: string): DisputeFacts => ({
  id: `dp_${amount}`,
  amountMinor: minor(amount),
  status,
});

/** Ten credits for 95.00. */
const target = (refunds: readonly RefundFacts[], disputes: readonly DisputeFacts[] = []) =>
  reversalTarget({ quantity: credits(10), totalMinor: minor(95_00), refunds, disputes });

describe("the credits that have to be gone", () => {
  test("are none while all the money is here", () => {
    expect(target([])).toBe(0);
  });

  test("are the refunded share, half a credit rounded up", () => {
    expect(target([refund(9_50)])).toBe(1);
    expect(target([refund(4_75)])).toBe(1);
    expect(target([refund(4_74)])).toBe(0);
    expect(target([refund(95_00)])).toBe(10);
  });

  test("are rounded once for all refunds together, not for each", () => {
    expect(target([refund(4_74), refund(4_74), refund(4_74)])).toBe(1);
  });

  test("are what a refund started here says, whatever its amount rounds to", () => {
    expect(target([refund(4_00, "succeeded", 3)])).toBe(3);
    expect(target([refund(4_00, "succeeded", 3), refund(9_50)])).toBe(4);
  });

  test("are all once all the money has left", () => {
    expect(target([refund(90_00, "succeeded", 3), refund(5_00)])).toBe(10);
  });

  test("count a refund that is under way, and no more once it failed or was canceled", () => {
    expect(target([refund(9_50, "pending")])).toBe(1);
    expect(target([refund(9_50, "requires_action")])).toBe(1);
    expect(target([refund(9_50, "a_status_of_the_future")])).toBe(1);
    expect(target([refund(9_50, "failed")])).toBe(0);
    expect(target([refund(9_50, "canceled", 3)])).toBe(0);
  });

  test.each([
    ["warning_needs_response", 0],
    ["warning_under_review", 0],
    ["warning_closed", 0],
    ["needs_response", 0],
    ["under_review", 0],
    ["appeal_needs_response", 0],
    ["a_status_of_the_future", 0],
    ["won", 0],
    ["lost", 10],
    ["prevented", 10],
  ])("of a dispute that is %s are %i", (status, expected) => {
    expect(target([], [dispute(95_00, status)])).toBe(expected);
  });

  test("are never more than were bought", () => {
    const twice = [dispute(95_00, "lost"), dispute(95_00, "lost")];
    expect(target([refund(95_00, "succeeded", 12)], twice)).toBe(10);
  });

  test("follow the story that went wrong elsewhere: refund a part, win a dispute, refund the rest", () => {
    const part = refund(28_50);
    expect(target([part])).toBe(3);
    expect(target([part], [dispute(66_50, "needs_response")])).toBe(3);
    expect(target([part], [dispute(66_50, "won")])).toBe(3);
    expect(target([part, refund(66_50)], [dispute(66_50, "won")])).toBe(10);
  });
});

test("an amount larger than the price stands for the whole purchase", () => {
  const purchase = { quantity: credits(10), totalMinor: minor(95_00) };
  expect(creditsFor(purchase, 95_01)).toBe(10);
  expect(creditsFor(purchase, 190_00)).toBe(10);
});

const arbitraryPurchase: fc.Arbitrary<PurchaseMoney> = fc
  .record({
    quantity: fc.integer({ min: 1, max: 10_000 }),
    totalMinor: fc.integer({ min: 50, max: 99_999_999 }),
  })
  .chain(({ quantity, totalMinor }) => {
    const amount = fc.integer({ min: 1, max: totalMinor });
    return fc.record({
      quantity: fc.constant(credits(quantity)),
      totalMinor: fc.constant(minor(totalMinor)),
      refunds: fc.array(
        fc
          .tuple(
            amount,
            fc.constantFrom("pending", "succeeded", "failed", "new"),
            fc.option(fc.integer({ min: 1, max: quantity })),
          )
          .map((facts) => refund(...facts)),
        { maxLength: 4 },
      ),
      disputes: fc.array(
        fc
          .tuple(amount, fc.constantFrom("needs_response", "won", "lost", "new"))
          .map((facts) => dispute(...facts)),
        { maxLength: 3 },
      ),
    });
  });

describe("whatever happens to the money of a purchase, the credits that have to be gone", () => {
  test("are a whole number from none to all that were bought", () => {
    fc.assert(
      fc.property(arbitraryPurchase, (purchase) => {
        const found = reversalTarget(purchase);
        expect(Number.isInteger(found)).toBe(true);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(purchase.quantity);
      }),
    );
  });

  test("never get fewer when more money leaves", () => {
    fc.assert(
      fc.property(
        arbitraryPurchase,
        fc.integer({ min: 1, max: 99_999_999 }),
        (purchase, amount) => {
          const { refunds, disputes } = purchase;
          const more = [
            { ...purchase, refunds: [...refunds, refund(amount, "pending")] },
            { ...purchase, refunds: [...refunds, refund(amount, "succeeded", 1)] },
            { ...purchase, disputes: [...disputes, dispute(amount, "lost")] },
            { ...purchase, refunds: refunds.map((one) => ({ ...one, status: "succeeded" })) },
            { ...purchase, disputes: disputes.map((one) => ({ ...one, status: "lost" })) },
          ];
          for (const changed of more) {
            expect(reversalTarget(changed)).toBeGreaterThanOrEqual(reversalTarget(purchase));
          }
        },
      ),
    );
  });

  test("do not depend on the order in which it was heard of", () => {
    fc.assert(
      fc.property(arbitraryPurchase, (purchase) => {
        const backwards = {
          ...purchase,
          refunds: [...purchase.refunds].reverse(),
          disputes: [...purchase.disputes].reverse(),
        };
        expect(reversalTarget(backwards)).toBe(reversalTarget(purchase));
      }),
    );
  });
});
