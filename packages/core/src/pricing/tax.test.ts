import { describe, expect, test } from "vitest";
import { defaultSeller, taxFor, taxNote } from "./tax.ts";

const tax = (country: string, taxId: string | null = null) =>
  taxFor(defaultSeller, { country, taxId });

describe("tax is", () => {
  test("the seller's rate at home, with a VAT id or without", () => {
    expect(tax("DE")).toEqual({ treatment: "domestic", basisPoints: 1900 });
    expect(tax("DE", "DE123456789")).toEqual({ treatment: "domestic", basisPoints: 1900 });
  });

  test("the seller's rate for consumers elsewhere in the EU", () => {
    expect(tax("FR")).toEqual({ treatment: "eu_consumer", basisPoints: 1900 });
  });

  test("none for a business elsewhere in the EU", () => {
    expect(tax("FR", "FR12123456789")).toEqual({ treatment: "reverse_charge", basisPoints: 0 });
  });

  test("charged in doubt: an id that looks wrong, or is another country's than the one billed", () => {
    expect(tax("FR", "FR1").treatment).toBe("eu_consumer");
    expect(tax("FR", "NL123456789B01").treatment).toBe("eu_consumer");
    expect(tax("FR", "DE123456789").treatment).toBe("eu_consumer");
  });

  test("none outside the EU", () => {
    expect(tax("CH")).toEqual({ treatment: "outside_eu", basisPoints: 0 });
    expect(tax("GB", "GB123456789").treatment).toBe("outside_eu");
  });
});

test("an invoice without tax says why, and one with tax need not", () => {
  expect(taxNote(tax("FR", "FR12123456789"))).toContain("Reverse charge");
  expect(taxNote(tax("CH"))).toContain("outside the European Union");
  expect(taxNote(tax("DE"))).toBeNull();
  expect(taxNote(tax("FR"))).toBeNull();
});
