/**
 * VAT as a rate that is fixed in the row before anything is charged: what was shown is what is
 * charged, whatever the customer's address or the law says afterwards. Where and whether tax is due
 * is our own small table; a tax service may replace `taxFor` and nothing else.
 */
import { isInEu, vatIdPlausibility } from "./vat-id.ts";

/** Why a rate is what it is. Invoices say so. */
export const taxTreatments = ["domestic", "eu_consumer", "reverse_charge", "outside_eu"] as const;
export type TaxTreatment = (typeof taxTreatments)[number];

export interface Tax {
  readonly treatment: TaxTreatment;
  /** Hundredths of a percent: 1900 is 19 %. */
  readonly basisPoints: number;
}

export interface Seller {
  readonly country: string;
  readonly taxBasisPoints: number;
}

export interface Buyer {
  /** ISO 3166-1, two letters, as billed. */
  readonly country: string;
  readonly taxId: string | null;
}

export const WHOLE_BASIS_POINTS = 10_000;

/** More than any country takes; price lists leave room for it. */
export const TAX_MAX_BASIS_POINTS = 30_00;

export const defaultSeller: Seller = { country: "DE", taxBasisPoints: 19_00 };

/**
 * The tax of a sale: the seller's rate at home and to consumers in the EU (the seller is below the
 * threshold for distance sales), none to businesses elsewhere in the EU, who owe it themselves, and
 * none outside. An id counts only if it looks like one of the country that is billed; in doubt tax
 * is charged, because it can be given back and cannot be asked for later.
 */
export function taxFor(seller: Seller, { country, taxId }: Buyer): Tax {
  if (country === seller.country) return taxedAs("domestic", seller);
  if (!isInEu(country)) return { treatment: "outside_eu", basisPoints: 0 };
  const isBusiness = taxId !== null && vatIdPlausibility(taxId, country) === "plausible";
  return isBusiness
    ? { treatment: "reverse_charge", basisPoints: 0 }
    : taxedAs("eu_consumer", seller);
}

function taxedAs(treatment: TaxTreatment, seller: Seller): Tax {
  return { treatment, basisPoints: seller.taxBasisPoints };
}

/** The sentence an invoice must carry when no tax is on it. */
export function taxNote({ treatment }: Tax): string | null {
  switch (treatment) {
    case "reverse_charge":
      return "Reverse charge: VAT is to be accounted for by the recipient (Article 196 of Directive 2006/112/EC).";
    case "outside_eu":
      return "Not subject to VAT: the place of supply is outside the European Union.";
    case "domestic":
    case "eu_consumer":
      return null;
  }
}
