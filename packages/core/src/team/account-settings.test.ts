import { expect, test } from "vitest";
import { decideAccountSettings } from "./account-settings.ts";

const facts = { currency: "EUR", hasBought: false, sold: "EUR" };
const wanted = { name: "Acme", timeZone: "Asia/Tokyo" };

test("a name and a zone are taken, and the currency stays unless another is asked for", () => {
  expect(decideAccountSettings(facts, wanted)).toEqual({
    ok: true,
    value: { ...wanted, currency: "EUR" },
  });
});

test.each(["Mars/Olympus", "+01:00", "", "2020-01-01T00:00Z[Europe/Lisbon]", " UTC"])(
  "“%s” is no time zone",
  (timeZone) => {
    expect(decideAccountSettings(facts, { ...wanted, timeZone })).toEqual({
      ok: false,
      refusal: { code: "unknown_time_zone" },
    });
  },
);

test("only what is sold can be bought in, and only before anything was", () => {
  const dollars = { ...facts, currency: "USD", hasBought: true };
  const decided = (about: object, currency: string) =>
    decideAccountSettings({ ...facts, ...about }, { ...wanted, currency });
  expect(decided({}, "USD")).toMatchObject({ refusal: { code: "currency_not_sold", sold: "EUR" } });
  expect(decided(dollars, "EUR")).toMatchObject({
    refusal: { code: "currency_in_use", currency: "USD" },
  });
  expect(decided({ ...dollars, hasBought: false }, "EUR")).toMatchObject({ ok: true });
  // What is no longer sold stays what it is.
  expect(decided(dollars, "USD")).toMatchObject({ ok: true, value: { currency: "USD" } });
});
