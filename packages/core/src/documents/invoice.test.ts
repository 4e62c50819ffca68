import { describe, expect, test } from "vitest";
import { aBuyer, anInvoice, tenCredits } from "../testing/documents.ts";
import { credits } from "../units.ts";

const plain = (text: string | undefined) => text?.replaceAll("\u00a0", " ");
const domestic = { treatment: "domestic", basisPoints: 19_00 } as const;

describe("an invoice", () => {
  test("says who sold and who bought, with both VAT ids", () => {
    const { seller, buyer } = anInvoice().document;
    expect(seller.lines).toEqual([
      "Musterstraße 1",
      "10115 Berlin",
      "Germany",
      "VAT ID DE000000000",
      "billing@scanmeter.test",
    ]);
    expect(buyer).toEqual({
      name: "Acme Sicherheit GmbH",
      lines: [
        "Łukasz Čapek",
        "Ringstraße 12",
        "1010 Wien",
        "Austria",
        "VAT ID ATU12345678",
        "rechnung@acme.example",
      ],
    });
  });

  test("of a person without company or VAT id names the person, and leaves no empty line", () => {
    const { buyer } = anInvoice({
      billing: {
        ...aBuyer,
        company: null,
        taxId: null,
        address: { ...aBuyer.address, line2: "", postalCode: "", state: "Vienna" },
      },
    }).document;
    expect(buyer.name).toBe("Łukasz Čapek");
    expect(buyer.lines).toEqual([
      "Ringstraße 12",
      "Wien, Vienna",
      "Austria",
      "rechnung@acme.example",
    ]);
  });

  test("prints a name that looks like a formula as it was typed, on one line", () => {
    const { buyer } = anInvoice({
      billing: { ...aBuyer, company: "=1+1\r\n@SUM(A1)", name: "-2+3" },
    }).document;
    expect([buyer.name, buyer.lines[0]]).toEqual(["=1+1 @SUM(A1)", "-2+3"]);
  });

  test("adds up: the line is the net, net and tax are the total that was charged", () => {
    const { rows, sums, total } = anInvoice({ terms: { ...tenCredits, tax: domestic } }).document;
    expect(rows.map((row) => row.map(plain))).toEqual([
      [
        "Scan credits, usable until 10 March 2027, 13:00 (Vienna)",
        "10",
        "EUR 10.00",
        "−EUR 5.00 (5 %)",
        "EUR 95.00",
      ],
    ]);
    expect(sums.map(({ label, text }) => [plain(label), plain(text)])).toEqual([
      ["Net amount", "EUR 95.00"],
      ["VAT 19 %", "EUR 18.05"],
    ]);
    expect([total.label, plain(total.text)]).toEqual(["Total paid", "EUR 113.05"]);
  });

  test("whose price was capped says so instead of a percentage that would not add up", () => {
    const capped = {
      ...tenCredits,
      quantity: credits(24),
      cap: { quantity: 25, discountPercent: 10 },
    };
    const { rows, notes } = anInvoice({ terms: capped }).document;
    expect(plain(rows[0]?.[3])).toBe("−EUR 15.00");
    expect(notes).toContain("The price is no more than that of 25 credits.");
  });

  test("without tax carries the sentence that says why", () => {
    const reverse = { treatment: "reverse_charge", basisPoints: 0 } as const;
    const { notes, sums } = anInvoice({ terms: { ...tenCredits, tax: reverse } }).document;
    expect(notes.join()).toContain("Reverse charge");
    expect(plain(sums[1]?.label)).toBe("VAT 0 %, reverse charge");
    expect(anInvoice({ terms: { ...tenCredits, tax: domestic } }).document.notes).toEqual([]);
  });

  test("says when it was paid, in the account's zone, by which card, and why it was bought", () => {
    const { particulars } = anInvoice({ receipt: { trigger: "before_expiry" } }).document;
    expect(Object.fromEntries(particulars.map(({ label, text }) => [label, text]))).toEqual({
      "Date of issue": "10 March 2026",
      "Paid and supplied": "10 March 2026, 13:00 (Vienna)",
      "Paid by": "Visa ending in 4242",
      Ordered: "Automatically, before credits expired",
      Purchase: "top_1",
    });
    const unknown = anInvoice({ card: null }).document.particulars;
    expect(unknown).toContainEqual({ label: "Paid by", text: "Card" });
  });

  test("lists each lot with its old and its new date", () => {
    expect(anInvoice().document.lots).toEqual({
      heading: "What this purchase did",
      headings: ["Credits", "Lot", "Expiry before (Vienna)", "Expiry now (Vienna)"],
      rows: [
        ["10", "lot_new", "Bought now", "10 March 2027, 13:00"],
        ["3", "lot_old", "22 May 2026, 14:00", "10 March 2027, 13:00"],
      ],
    });
  });

  test("says what of it repaid debt, and that a test is no sale", () => {
    const { notes } = anInvoice({ receipt: { debtRepaid: credits(1) }, livemode: false }).document;
    expect(notes).toContain("Of what was bought, 1 credit repaid scan hours that were owed.");
    expect(notes.at(-1)).toBe("Made in test mode. No money was moved.");
  });
});
