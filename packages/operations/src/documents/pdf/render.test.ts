import { credits, instant, type LotId, minor } from "@scanmeter/core";
import { creditNoteDocument } from "@scanmeter/core/documents";
import { aBuyer, anInvoice, tenCredits } from "@scanmeter/core/testing";
import { extractText, getDocumentProxy } from "unpdf";
import { describe, expect, test } from "vitest";
import { renderPdf } from "./render.ts";

const domestic = { treatment: "domestic", basisPoints: 19_00 } as const;
const invoice = anInvoice({ terms: { ...tenCredits, tax: domestic } });

/** What a reader finds on each page, with any space as one. */
async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)));
  return text.map((page) => page.replace(/\s+/g, " "));
}

describe("a printed document", () => {
  test("says everything the document says, on one page", async () => {
    const [page, ...more] = await pagesOf(await renderPdf(invoice));
    expect(more).toEqual([]);
    const { document } = invoice;
    const said = [
      document.title,
      "Invoice number",
      "2026-000042",
      document.seller.name,
      ...document.seller.lines,
      document.buyer.name,
      ...document.buyer.lines,
      ...document.particulars.flatMap(({ label, text }) => [label, text]),
      ...document.headings,
      ...(document.rows[0] ?? []),
      ...[...document.sums, document.total].flatMap(({ label, text }) => [label, text]),
      ...(document.lots?.rows.flat() ?? []),
      "page 1 of 1",
    ];
    for (const words of said) expect(page).toContain(words.replace(/\s+/g, " "));
  });

  test("prints names in Latin with all marks, Greek and Cyrillic, and a long one on several lines", async () => {
    const names = {
      name: "Łukasz Čapek",
      company: `Общество «Длинное название» ${"и партнёры ".repeat(20).trim()}`,
    };
    const address = { ...aBuyer.address, line1: "Οδός Παπαδιαμαντοπούλου 4", city: "Đà Nẵng" };
    const billing = { ...aBuyer, ...names, address };
    const [page] = await pagesOf(await renderPdf(anInvoice({ billing })));
    for (const words of [names.name, names.company, address.line1, address.city]) {
      expect(page).toContain(words);
    }
  });

  test("is the same, byte for byte, whenever it is printed", async () => {
    const [first, second] = [await renderPdf(invoice), await renderPdf(invoice)];
    expect(first.equals(second)).toBe(true);
    const later = await renderPdf({ ...invoice, number: "2026-000043" });
    expect(first.equals(later)).toBe(false);
  });

  test("goes on over as many pages as its lots need, and numbers them", async () => {
    const lots = Array.from({ length: 60 }, (_, at) => ({
      lotId: `lot_${at}` as LotId,
      credits: credits(at),
      oldExpiresAt: instant(invoice.issuedAt + at),
      newExpiresAt: instant(invoice.issuedAt + 1e10),
    }));
    const pages = await pagesOf(await renderPdf(anInvoice({ receipt: { lots } })));
    expect(pages.length).toBeGreaterThan(1);
    for (const [at, page] of pages.entries()) {
      expect(page).toContain(`page ${at + 1} of ${pages.length}`);
      expect(page).toContain("Expiry now (Vienna)");
    }
    const all = pages.join(" ");
    for (const { lotId } of lots) expect(all).toContain(`${lotId} `);
  });

  test("may be a credit note, which names its invoice", async () => {
    const document = creditNoteDocument({
      invoice,
      amountMinor: minor(33_33),
      creditedBeforeMinor: minor(0),
      credits: credits(3),
      issuedAt: invoice.issuedAt,
    });
    const numbered = { number: "2026-000043", issuedAt: invoice.issuedAt, document };
    const [page] = await pagesOf(await renderPdf(numbered));
    for (const words of ["Credit note 2026-000043", "2026-000042", "EUR 33.33", "Taken back"]) {
      expect(page).toContain(words);
    }
  });

  test("is A4 and says what it is, by whom, and of which day", async () => {
    const pdf = await getDocumentProxy(new Uint8Array(await renderPdf(invoice)));
    const [, , width, height] = (await pdf.getPage(1)).view;
    expect([Math.round(width ?? 0), Math.round(height ?? 0)]).toEqual([595, 842]);
    const { info } = await pdf.getMetadata();
    expect(info).toMatchObject({
      Title: "Invoice 2026-000042",
      Author: "Scanmeter Demo GmbH",
      CreationDate: "D:20260310120000Z",
    });
  });
});
