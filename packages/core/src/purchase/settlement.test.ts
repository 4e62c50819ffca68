import { expect, test } from "vitest";
import { minor } from "../pricing/money.ts";
import { credits } from "../units.ts";
import type { DisputeFacts, RefundFacts } from "./reversal-target.ts";
import { settlementOf } from "./settlement.ts";

const refund = (amount: number, status = "succeeded"): RefundFacts => ({
  id: `re-${amount}-${status}`,
  amountMinor: minor(amount),
  status,
  credits: null,
});
const dispute = (status: string): DisputeFacts => ({
  id: `dp-${status}`,
  amountMinor: minor(100_00),
  status,
});

test.each<[string, readonly RefundFacts[], readonly DisputeFacts[]]>([
  ["none", [], []],
  ["none", [refund(100_00, "failed"), refund(50_00, "canceled")], [dispute("won")]],
  ["refund_pending", [refund(1_00, "pending"), refund(99_00)], []],
  ["refund_pending", [refund(1_00, "starting")], [dispute("warning_needs_response")]],
  ["partially_refunded", [refund(99_99)], [dispute("warning_closed")]],
  ["refunded", [refund(60_00), refund(40_00)], [dispute("warning_needs_response")]],
  ["inquiry", [refund(60_00)], [dispute("warning_under_review")]],
  ["dispute_lost", [refund(60_00, "pending")], [dispute("lost"), dispute("won")]],
  ["disputed", [refund(100_00)], [dispute("lost"), dispute("under_review")]],
  ["disputed", [], [dispute("a status we have never heard of")]],
])("what has to be known first is told: %s", (expected, refunds, disputes) => {
  const purchase = { quantity: credits(10), totalMinor: minor(100_00), refunds, disputes };
  expect(settlementOf(purchase)).toBe(expected);
});
