import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { minor, shareHalfUp } from "../pricing/money.ts";
import { partOf } from "./credit-note.ts";
import type { Amounts } from "./issued-document.ts";

/** An invoice of any amount and rate, and the parts it is refunded in, the last of which is what is left. */
const refundedInParts = fc
  .record({
    netMinor: fc.integer({ min: 1, max: 99_999_999 }),
    basisPoints: fc.integer({ min: 0, max: 3_000 }),
    cuts: fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 12 }),
  })
  .map(({ netMinor, basisPoints, cuts }) => {
    const taxMinor = shareHalfUp(netMinor, { part: basisPoints, whole: 10_000 });
    const total = netMinor + taxMinor;
    const places = [...new Set(cuts.map((cut) => Math.floor((cut * total) / 1_000)))]
      .filter((place) => place > 0 && place < total)
      .sort((a, b) => a - b);
    const parts = [...places, total].map((place, at) => place - (places[at - 1] ?? 0));
    const invoice: Amounts = {
      currency: "EUR",
      netMinor: minor(netMinor),
      taxMinor: minor(taxMinor),
      totalMinor: minor(total),
    };
    return { invoice, parts };
  });

function creditEach(invoice: Amounts, parts: readonly number[]): Amounts[] {
  let credited = 0;
  return parts.map((part) => {
    const amounts = partOf(invoice, {
      amountMinor: minor(part),
      creditedBeforeMinor: minor(credited),
    });
    credited += part;
    return amounts;
  });
}

const sumOf = (notes: readonly Amounts[], figure: "netMinor" | "taxMinor" | "totalMinor") =>
  notes.reduce((sum, note) => sum + note[figure], 0);

describe("the credit notes of an invoice, whatever parts it is refunded in", () => {
  test.prop([refundedInParts])("add up to it in net, tax and total", ({ invoice, parts }) => {
    const notes = creditEach(invoice, parts);
    expect(sumOf(notes, "totalMinor")).toBe(invoice.totalMinor);
    expect(sumOf(notes, "taxMinor")).toBe(invoice.taxMinor);
    expect(sumOf(notes, "netMinor")).toBe(invoice.netMinor);
  });

  test.prop([refundedInParts])(
    "each are net plus tax, and at most a unit off their exact share",
    ({ invoice, parts }) => {
      for (const note of creditEach(invoice, parts)) {
        expect(note.netMinor + note.taxMinor).toBe(note.totalMinor);
        expect(note.netMinor).toBeGreaterThanOrEqual(0);
        const exact = (note.totalMinor * invoice.taxMinor) / invoice.totalMinor;
        expect(Math.abs(note.taxMinor - exact)).toBeLessThanOrEqual(1);
      }
    },
  );
});
