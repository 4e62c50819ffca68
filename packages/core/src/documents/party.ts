import type { BillingDetails } from "../purchase/billing.ts";
import type { Party } from "./issued-document.ts";
import type { SellerDetails } from "./seller.ts";
import { countryWords, lineOf } from "./words.ts";

/** We, as every document names us. */
export function sellerParty(seller: SellerDetails): Party {
  const vatId = seller.vatId === null ? [] : [`VAT ID ${seller.vatId}`];
  return partyOf(seller.name, [
    ...seller.addressLines,
    countryWords(seller.country),
    ...vatId,
    seller.email,
  ]);
}

/** A company is billed as the company; the person's name is then who it goes to. */
export function buyerParty({ name, company, address, taxId, email }: BillingDetails): Party {
  const { line1, line2, city, postalCode, state, country } = address;
  const place = [postalCode, city].filter((part) => part !== "").join(" ");
  return partyOf(company ?? name, [
    ...(company === null ? [] : [name]),
    line1,
    line2 ?? "",
    state === null || state === "" ? place : `${place}, ${state}`,
    countryWords(country),
    taxId === null ? "" : `VAT ID ${taxId}`,
    email,
  ]);
}

function partyOf(name: string, lines: readonly string[]): Party {
  return { name: lineOf(name), lines: lines.map(lineOf).filter((line) => line !== "") };
}
