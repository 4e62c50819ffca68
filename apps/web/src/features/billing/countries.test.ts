import { expect, test } from "vitest";
import { addressFormatOf } from "./address-format.ts";
import { countries, countryName } from "./countries.ts";

test("all 249 countries and territories are there, once, each with a name", () => {
  const list = countries("en-GB");
  expect(list).toHaveLength(249);
  expect(new Set(list.map(({ code }) => code)).size).toBe(249);
  expect(list.filter(({ code, name }) => code === name)).toEqual([]);
});

test("they are in the order of the reader's language", () => {
  const germany = (locale: string) => countries(locale).findIndex(({ code }) => code === "DE");
  expect(countryName("DE", "de-DE")).toBe("Deutschland");
  expect(germany("de-DE")).toBeLessThan(germany("en-GB"));
});

test("an unknown code is its own name", () => {
  expect(countryName("ZZZZ", "en-GB")).toBe("ZZZZ");
});

test("an address asks for a state where addresses have one, in the local words", () => {
  expect(addressFormatOf("US")).toMatchObject({ state: "State", postalCode: "ZIP code" });
  expect(addressFormatOf("AU")).toMatchObject({ isStateOptional: false, postalCode: "Postcode" });
  expect(addressFormatOf("CA").state).toContain("Province");
  expect(addressFormatOf("DE")).toMatchObject({ state: null, postalCode: "Postal code" });
});

test("an address asks for no postal code where there is none", () => {
  expect(addressFormatOf("HK").isPostalCodeOptional).toBe(true);
  expect(addressFormatOf("IE").isPostalCodeOptional).toBe(true);
  expect(addressFormatOf("DE").isPostalCodeOptional).toBe(false);
});
