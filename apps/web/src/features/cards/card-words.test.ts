import { expect, test } from "vitest";
import { cardExpiry, cardInWords, hasExpired } from "./card-words.ts";

const card = { brand: "visa", last4: "4242", expMonth: 4, expYear: 2030 };

test("a card is called by its brand and last digits, also when its brand is new to us", () => {
  expect(cardInWords(card)).toBe("Visa ending in 4242");
  expect(cardInWords({ ...card, brand: "moon" })).toBe("Card ending in 4242");
  expect(cardExpiry(card)).toBe("04/2030");
});

test("a card is good to the last day of its month", () => {
  expect(hasExpired(card, Date.UTC(2030, 3, 30, 23, 59))).toBe(false);
  expect(hasExpired(card, Date.UTC(2030, 4, 1))).toBe(true);
  expect(hasExpired({ ...card, expMonth: 12 }, Date.UTC(2030, 11, 31))).toBe(false);
});
