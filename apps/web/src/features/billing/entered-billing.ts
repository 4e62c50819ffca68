/** Billing details as they are typed: checked before they are sent, and sent without what is blank. */
import type { BillingView } from "@scanmeter/contracts/checkout";
import { isInEu, normalizeVatId, vatIdPlausibility } from "@scanmeter/core";
import type { FieldProblems } from "../../api/create-submission.ts";
import { emailProblem } from "../../format/email.ts";
import { addressFormatOf } from "./address-format.ts";
import { countryName } from "./countries.ts";

/** What the server takes. */
export interface BillingInput {
  name: string;
  company?: string;
  email: string;
  address: {
    line1: string;
    line2?: string;
    city: string;
    postalCode: string;
    state?: string;
    country: string;
  };
  taxId?: string;
}

/** One text for each field of the form. */
export interface EnteredBilling {
  readonly country: string;
  readonly name: string;
  readonly company: string;
  readonly line1: string;
  readonly line2: string;
  readonly postalCode: string;
  readonly city: string;
  readonly state: string;
  readonly taxId: string;
  readonly email: string;
}

export type BillingField = keyof EnteredBilling;
export type BillingProblems = FieldProblems<BillingField>;

/** Before anything is known, only who is signed in. */
export function enteredFrom(
  billing: BillingView | null,
  person: { name: string; email: string },
): EnteredBilling {
  return {
    country: billing?.address.country ?? "",
    name: billing?.name ?? person.name,
    company: billing?.company ?? "",
    line1: billing?.address.line1 ?? "",
    line2: billing?.address.line2 ?? "",
    postalCode: billing?.address.postalCode ?? "",
    city: billing?.address.city ?? "",
    state: billing?.address.state ?? "",
    taxId: billing?.taxId ?? "",
    email: billing?.email ?? person.email,
  };
}

export function billingProblems(entered: EnteredBilling): BillingProblems {
  const format = addressFormatOf(entered.country);
  const missing = (text: string, sentence: string) => (text.trim() === "" ? sentence : undefined);
  return withoutBlanks({
    country: missing(entered.country, "Choose the country you are billed in."),
    name: missing(entered.name, "Enter the name that documents are made out to."),
    line1: missing(entered.line1, "Enter the street and number."),
    postalCode: format.isPostalCodeOptional
      ? undefined
      : missing(entered.postalCode, `Enter the ${lowerFirst(format.postalCode)}.`),
    city: missing(entered.city, `Enter the ${lowerFirst(format.city)}.`),
    state:
      format.state === null || format.isStateOptional
        ? undefined
        : missing(entered.state, `Enter the ${lowerFirst(format.state)}.`),
    email: emailProblem(entered.email),
  });
}

/** A state that was typed for another country is not sent along with one that has none. */
export function billingInput(entered: EnteredBilling): BillingInput {
  const text = (field: BillingField) => entered[field].trim();
  const hasState = addressFormatOf(entered.country).state !== null;
  return {
    name: text("name"),
    email: text("email"),
    address: {
      line1: text("line1"),
      city: text("city"),
      postalCode: text("postalCode"),
      country: entered.country,
      ...(text("line2") && { line2: text("line2") }),
      ...(hasState && text("state") && { state: text("state") }),
    },
    ...(text("company") && { company: text("company") }),
    ...(text("taxId") && { taxId: text("taxId") }),
  };
}

/** Whether what is typed is what the server has; blanks around it do not count. */
export function isSaved(entered: EnteredBilling, billing: BillingView | null): boolean {
  if (billing === null) return false;
  const saved = billingInput(enteredFrom(billing, { name: "", email: "" }));
  const typed = billingInput(entered);
  // The server may keep an id the way documents print it.
  const comparable = (input: BillingInput) =>
    JSON.stringify({ ...input, taxId: normalizeVatId(input.taxId ?? "") });
  return comparable(typed) === comparable(saved);
}

/** Tax follows these two; nothing else on the form changes what is paid. */
export function hasSameTaxFacts(entered: EnteredBilling, billing: BillingView | null): boolean {
  return (
    billing !== null &&
    entered.country === billing.address.country &&
    normalizeVatId(entered.taxId) === normalizeVatId(billing.taxId ?? "")
  );
}

export const taxIdLabel = (country: string): string => (isInEu(country) ? "VAT ID" : "Tax ID");

/** What an id looks like to us. It forbids nothing: only the tax office knows which ids exist. */
export function taxIdAdvice({ taxId, country }: EnteredBilling): string {
  if (taxId.trim() === "" || country === "") return "";
  switch (vatIdPlausibility(taxId, country)) {
    case "plausible":
      return `${normalizeVatId(taxId)} looks like a VAT ID of ${countryName(country)}.`;
    case "implausible":
      return `This does not look like a VAT ID of ${countryName(country)}. You can go on; tax is charged as without one.`;
    case "unknown":
      return "";
  }
}

function withoutBlanks(problems: BillingProblems): BillingProblems {
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem));
}

/** "PIN code" and "ZIP code" keep their capitals. */
function lowerFirst(label: string): string {
  return /^[A-Z]{2}/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1);
}
