import { describe, expect, test } from "vitest";
import { BrokenInvariant } from "../invariant.ts";
import { minor } from "../pricing/money.ts";
import { anInvoice, tenCredits } from "../testing/documents.ts";
import { credits, instant } from "../units.ts";
import { cancellationDocument, creditNoteDocument, partOf } from "./credit-note.ts";
import type { NumberedDocument } from "./issued-document.ts";

const invoice = anInvoice({
  terms: { ...tenCredits, tax: { treatment: "domestic", basisPoints: 19_00 } },
});
const issuedAt = instant(invoice.issuedAt + 3 * 86_400_000);
const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");

function creditNote(amount: number, before = 0) {
  return creditNoteDocument({
    invoice,
    amountMinor: minor(amount),
    creditedBeforeMinor: minor(before),
    credits: credits(3),
    issuedAt,
  });
}

describe("a credit note", () => {
  test("of the whole invoice has the invoice's net, tax and total", () => {
    expect(creditNote(113_05).amounts).toEqual(invoice.document.amounts);
    expect(creditNote(113_05).rows[0]?.[0]).toBe("Refund of invoice 2026-000042");
  });

  test("of a part is split in the invoice's proportion, half a cent rounded up", () => {
    // 33.33 of 113.05 with 18.05 of tax: 5.3216…
    expect(creditNote(33_33).amounts).toMatchObject({ taxMinor: 532, netMinor: 28_01 });
    expect(creditNote(33_33).rows[0]?.[0]).toBe("Partial refund of invoice 2026-000042");
  });

  test("of the last part takes what is left", () => {
    expect(creditNote(79_72, 33_33).amounts).toMatchObject({ taxMinor: 12_73, netMinor: 66_99 });
  });

  test("of a cent more than is left is refused", () => {
    expect(() => creditNote(79_73, 33_33)).toThrow(BrokenInvariant);
    expect(() => creditNote(113_06)).toThrow(BrokenInvariant);
    expect(() => creditNote(0)).toThrow(BrokenInvariant);
  });

  test("names the invoice, its date, and whom it was billed to", () => {
    const note = creditNote(33_33);
    expect(note.buyer).toEqual(invoice.document.buyer);
    expect(note.seller).toEqual(invoice.document.seller);
    expect(note.particulars).toEqual([
      { label: "Date of issue", text: "13 March 2026" },
      { label: "Invoice", text: "2026-000042" },
      { label: "Date of the invoice", text: "10 March 2026" },
    ]);
    expect(note.notes).toContain("Taken back: 3 credits.");
    expect(plain(note.total.text)).toBe("EUR 33.33");
  });

  // Each part rounded by itself would make 6 + 6 + 6 of a tax of 19.
  test("of three parts leaves no cent over", () => {
    const whole = {
      currency: "EUR",
      netMinor: minor(100),
      taxMinor: minor(19),
      totalMinor: minor(119),
    } as const;
    const taxOf = (amount: number, before: number) =>
      partOf(whole, { amountMinor: minor(amount), creditedBeforeMinor: minor(before) }).taxMinor;
    expect([taxOf(40, 0), taxOf(40, 40), taxOf(39, 80)]).toEqual([6, 7, 6]);
  });

  test("without tax has none in any part", () => {
    const taxFree = anInvoice().document.amounts;
    const part = { amountMinor: minor(1), creditedBeforeMinor: minor(0) };
    expect(partOf(taxFree, part)).toMatchObject({ taxMinor: 0, netMinor: 1 });
  });
});

test("a cancellation takes back what the credit note said, and names both documents", () => {
  const note: NumberedDocument = {
    number: "2026-000043",
    issuedAt,
    document: creditNote(33_33),
  };
  const cancellation = cancellationDocument({ invoice, creditNote: note, issuedAt });
  expect(cancellation.amounts).toEqual(note.document.amounts);
  expect(cancellation.kind).toBe("cancellation");
  expect(cancellation.particulars.map(({ text }) => text)).toEqual([
    "13 March 2026",
    "2026-000043",
    "2026-000042",
    "10 March 2026",
  ]);
});
