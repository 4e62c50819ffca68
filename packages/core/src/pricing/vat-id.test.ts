import { describe, expect, test } from "vitest";
import { normalizeVatId, vatIdPlausibility } from "./vat-id.ts";

describe("a VAT id looks right", () => {
  test.each([
    ["AT", "ATU12345678"],
    ["BE", "BE 0123.456.789"],
    ["DE", "de 123 456 789"],
    ["ES", "ESX1234567R"],
    ["ES", "ES12345678Z"],
    ["FR", "FR AB 123456789"],
    ["GR", "EL123456789"],
    ["IE", "IE1234567WA"],
    ["NL", "NL123456789B01"],
    ["PT", "PT123456789"],
    ["SE", "SE123456789001"],
  ])("in %s as %s", (country, id) => {
    expect(vatIdPlausibility(id, country)).toBe("plausible");
  });
});

describe("a VAT id looks wrong", () => {
  test.each([
    ["DE", "DE12345678", "a digit short"],
    ["DE", "DE1234567890", "a digit long"],
    ["DE", "123456789", "without its country"],
    ["FR", "DE123456789", "of another country"],
    ["ES", "ES123456789", "without a letter"],
    ["GR", "GR123456789", "with the wrong name of Greece"],
    ["PT", "", "empty"],
  ])("in %s as %j, %s", (country, id) => {
    expect(vatIdPlausibility(id, country)).toBe("implausible");
  });
});

test("of a country outside the EU nothing is said, nor of a word every object knows", () => {
  expect(vatIdPlausibility("GB123456789", "GB")).toBe("unknown");
  expect(vatIdPlausibility("anything", "toString")).toBe("unknown");
});

test("an id is kept in capitals, without what people put between", () => {
  expect(normalizeVatId(" be 0123.456-789 ")).toBe("BE0123456789");
});
