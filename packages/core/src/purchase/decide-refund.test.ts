import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { minor } from "../pricing/money.ts";
import { aLot, at, type LotFacts, noon } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { decideRefund, refundableOf } from "./decide-refund.ts";
import type { PurchaseMoney, RefundFacts } from "./reversal-target.ts";

const money = (change: Partial<PurchaseMoney> = {}): PurchaseMoney => ({
  quantity: credits(7),
  totalMinor: minor(66_50),
  refunds: [],
  disputes: [],
  ...change,
});
const unspent = (remaining: number, facts: LotFacts = {}) =>
  aLot({ granted: 7, remaining, ...facts });
const ours = (id: string, count: number, amount: number): RefundFacts => ({
  id,
  credits: credits(count),
  amountMinor: minor(amount),
  status: "succeeded",
});

interface Asking {
  readonly purchase?: PurchaseMoney | null;
  readonly lot?: ReturnType<typeof aLot> | null;
  readonly credits?: number;
  readonly amount?: number;
}

function asked({ purchase = money(), lot = unspent(7), ...wanted }: Asking) {
  const outcome = decideRefund(
    { purchase, lot, currency: "EUR", at: noon },
    {
      credits: wanted.credits === undefined ? null : credits(wanted.credits),
      amountMinor: wanted.amount === undefined ? null : minor(wanted.amount),
    },
  );
  return outcome.ok ? outcome.value : outcome.refusal;
}

describe("what can be refunded of a purchase is", () => {
  test("everything, while nothing is spent", () => {
    expect(asked({})).toEqual({ credits: 7, amountMinor: 66_50 });
  });

  test("its unspent credits at the price that was paid for each", () => {
    expect(asked({ lot: unspent(2) })).toEqual({ credits: 2, amountMinor: 19_00 });
    expect(asked({ credits: 1 })).toEqual({ credits: 1, amountMinor: 9_50 });
  });

  test("nothing of credits that are spent, frozen or past their date", () => {
    for (const lot of [
      null,
      unspent(0),
      unspent(0, { frozen: 7 }),
      unspent(7, { expiresAt: noon }),
    ]) {
      expect(asked({ lot })).toMatchObject({ code: "not_refundable", reason: "nothing_left" });
    }
    expect(asked({ lot: unspent(7, { expiresAt: at(0, 1) }) })).toMatchObject({ credits: 7 });
  });

  test("no credits whose money has left already", () => {
    const purchase = money({ refunds: [ours("re", 5, 47_50)] });
    expect(asked({ purchase, lot: unspent(7) })).toEqual({ credits: 2, amountMinor: 19_00 });
  });
});

describe("a refund is refused", () => {
  test("of what was not paid", () => {
    expect(asked({ purchase: null })).toMatchObject({ reason: "not_paid", refundableCredits: 0 });
  });

  test("while a dispute is open, and not while the bank only asks", () => {
    const disputed = (status: string) =>
      asked({ purchase: money({ disputes: [{ id: "dp", amountMinor: minor(1_00), status }] }) });
    expect(disputed("needs_response")).toMatchObject({ reason: "disputed" });
    expect(disputed("warning_needs_response")).toMatchObject({ credits: 7 });
    expect(disputed("won")).toMatchObject({ credits: 7 });
  });

  test("of more than there is, with the most that there is", () => {
    const most = { reason: "too_much", refundableCredits: 3, refundableMinor: 28_50 };
    const lot = unspent(3);
    expect(asked({ lot, credits: 4 })).toMatchObject(most);
    expect(asked({ lot, amount: 28_51 })).toMatchObject(most);
    expect(asked({ lot, amount: 0 })).toMatchObject(most);
    expect(asked({ lot, amount: 28_50 })).toEqual({ credits: 3, amountMinor: 28_50 });
  });
});

test("an amount takes the credits it stands for, never more than are there", () => {
  expect(asked({ amount: 19_00 })).toEqual({ credits: 2, amountMinor: 19_00 });
  expect(asked({ amount: 4_74 })).toEqual({ credits: 0, amountMinor: 4_74 });
  expect(asked({ amount: 4_75 })).toEqual({ credits: 1, amountMinor: 4_75 });
  expect(asked({ amount: 5_00, credits: 3 })).toEqual({ credits: 3, amountMinor: 5_00 });
});

test("however a purchase is refunded in parts, the parts add up to what was paid", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 50, max: 20_000 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
      (quantity, total, parts) => {
        const refunds: RefundFacts[] = [];
        let left = quantity;
        for (const [index, part] of [...parts, quantity].entries()) {
          const count = Math.min(part, left);
          if (count === 0) break;
          const purchase = money({
            quantity: credits(quantity),
            totalMinor: minor(total),
            refunds: [...refunds],
          });
          const lot = aLot({ granted: quantity, remaining: left });
          expect(refundableOf(purchase, lot, noon).credits).toBe(left);
          const size = asked({ purchase, lot, credits: count });
          if (!("amountMinor" in size)) throw new Error(size.reason);
          refunds.push(ours(`re-${index}`, count, size.amountMinor));
          left -= count;
        }
        const sum = refunds.reduce((all, { amountMinor }) => all + amountMinor, 0);
        if (left === 0) expect(sum).toBe(total);
        else expect(sum).toBeLessThan(total);
      },
    ),
  );
});
