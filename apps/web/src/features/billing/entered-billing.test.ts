import type { BillingView } from "@scanmeter/contracts/checkout";
import { describe, expect, test } from "vitest";
import {
  billingInput,
  billingProblems,
  type EnteredBilling,
  enteredFrom,
  hasSameTaxFacts,
  isSaved,
  taxIdAdvice,
} from "./entered-billing.ts";

const person = { name: "Ada", email: "ada@acme.test" };
const saved: BillingView = {
  name: "Ada Acme",
  company: "Acme GmbH",
  email: "bills@acme.test",
  address: {
    line1: "Hauptstraße 1",
    line2: null,
    city: "Berlin",
    postalCode: "10115",
    state: null,
    country: "DE",
  },
  taxId: "DE123456789",
};
const entered = (change: Partial<EnteredBilling> = {}): EnteredBilling => ({
  ...enteredFrom(saved, person),
  ...change,
});

test("a first customer finds who is signed in, and no country that was guessed", () => {
  const first = enteredFrom(null, person);
  expect(first).toMatchObject({ name: "Ada", email: "ada@acme.test", country: "" });
  expect(Object.keys(billingProblems(first)).sort()).toEqual([
    "city",
    "country",
    "line1",
    "postalCode",
  ]);
});

describe("what is missing", () => {
  test("is nothing when company, second line and tax id are blank", () => {
    expect(billingProblems(entered({ company: "", line2: "", taxId: "" }))).toEqual({});
  });

  test("is told in the words of the country", () => {
    const american = entered({ country: "US", postalCode: " ", state: "" });
    expect(billingProblems(american)).toEqual({
      postalCode: "Enter the ZIP code.",
      state: "Enter the state.",
    });
  });

  test("never blocks over a VAT id that looks wrong", () => {
    expect(billingProblems(entered({ taxId: "nonsense" }))).toEqual({});
  });
});

describe("what is sent", () => {
  test("has no blank fields and no spaces around the others", () => {
    expect(billingInput(entered({ name: " Ada ", company: "  ", taxId: "" }))).toEqual({
      name: "Ada",
      email: "bills@acme.test",
      address: { line1: "Hauptstraße 1", city: "Berlin", postalCode: "10115", country: "DE" },
    });
  });

  test("leaves out a state that was typed before another country was chosen", () => {
    expect(billingInput(entered({ state: "Ohio" })).address.state).toBeUndefined();
    expect(billingInput(entered({ state: "Ohio", country: "US" })).address.state).toBe("Ohio");
  });
});

test("details are saved when nothing but spaces or the writing of the id differs", () => {
  expect(isSaved(entered(), saved)).toBe(true);
  expect(isSaved(entered({ city: " Berlin", taxId: "de 123 456 789" }), saved)).toBe(true);
  expect(isSaved(entered({ city: "Bonn" }), saved)).toBe(false);
  expect(isSaved(entered(), null)).toBe(false);
});

test("tax follows the country and the VAT id alone", () => {
  expect(hasSameTaxFacts(entered({ city: "Bonn" }), saved)).toBe(true);
  expect(hasSameTaxFacts(entered({ country: "AT" }), saved)).toBe(false);
  expect(hasSameTaxFacts(entered({ taxId: "" }), saved)).toBe(false);
});

test("a VAT id is commented on only where its form is known", () => {
  expect(taxIdAdvice(entered())).toContain("looks like");
  expect(taxIdAdvice(entered({ taxId: "DE1" }))).toContain("does not look like");
  expect(taxIdAdvice(entered({ country: "US", state: "Ohio", taxId: "12-3456789" }))).toBe("");
  expect(taxIdAdvice(entered({ taxId: "" }))).toBe("");
});
