import { postingKinds } from "@scanmeter/core";
import { expect, test } from "vitest";
import { amountClass } from "./amount-class.ts";
import { kindInWords, lotInWords, moveInWords } from "./posting-words.ts";

const lisbon = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const lot = {
  id: "lot_1",
  kind: "paid",
  source: "purchase",
  expiresAt: "2027-03-14T09:12:00Z",
} as const;

test("every kind of posting has a name, and one that is new here is told as it is called", () => {
  for (const kind of postingKinds) expect(kindInWords(kind)).toMatch(/^[A-Z][a-z ]+$/);
  expect(kindInWords("something_new")).toBe("Something new");
});

test("red is for what was lost, and nothing that moved is quiet", () => {
  expect(amountClass({ kind: "breakage", credits: -3 })).toContain("lost");
  expect(amountClass({ kind: "debit", credits: -1 })).toBe("amount");
  expect(amountClass({ kind: "grant", credits: 5 })).toContain("gained");
  expect(amountClass({ kind: "extension", credits: 0 })).toBe("quiet");
});

test("a line names the lot it moved, and how many others there were", () => {
  expect(lotInWords({ kind: "free", source: "operator grant", others: 0 })).toBe(
    "Operator grant, free",
  );
  expect(lotInWords({ kind: "paid", source: "purchase", others: 1 })).toBe(
    "Purchase, paid, and 1 other",
  );
  expect(lotInWords({ kind: "paid", source: "purchase", others: 2 })).toMatch(/and 2 others$/);
  expect(lotInWords(undefined)).toBe("");
});

test("what was moved is told with its lot and where it went, or as what is owed", () => {
  expect(moveInWords({ credits: -1, text: "spent on scanning", lot }, lisbon)).toBe(
    "1 credit out of Purchase, paid, until 14 Mar 2027, 09:12: spent on scanning.",
  );
  expect(moveInWords({ credits: 10, text: "came in as paid credits", lot }, lisbon)).toMatch(
    /^10 credits into Purchase, paid, until /,
  );
  expect(moveInWords({ credits: -1, text: "spent on scanning", lot: null }, lisbon)).toBe(
    "1 credit owed: spent on scanning.",
  );
  expect(moveInWords({ credits: 2, text: "returned from scanning", lot: null }, lisbon)).toBe(
    "2 credits no longer owed: returned from scanning.",
  );
});
