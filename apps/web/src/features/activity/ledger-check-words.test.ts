import type { LedgerCheckView } from "@scanmeter/contracts/activity";
import { expect, test } from "vitest";
import { checkInWords, standingOf } from "./ledger-check-words.ts";

const lisbon = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const aCheck = (about: Partial<LedgerCheckView> = {}): LedgerCheckView => ({
  begunAt: "2026-11-22T16:00:00Z",
  checkedAt: "2026-11-22T17:02:05Z",
  checked: 1_204,
  postings: 1_204,
  hash: "hash",
  broken: null,
  ...about,
});
const said = (about: Partial<LedgerCheckView>) => checkInWords(aCheck(about), lisbon);

test("a whole ledger says how much was checked, and when", () => {
  expect(said({})).toBe(
    "All 1,204 postings are as they were booked, checked 22 Nov 2026, 17:02:05.",
  );
  expect(said({ checked: 1, postings: 1 })).toMatch(/^The only posting is as it was/);
  expect(standingOf(aCheck())).toBe("whole");
});

test("one that is not through says how far it is, and claims nothing about the rest", () => {
  expect(said({ checked: 5_000, postings: 12_000 })).toBe(
    "Checking the ledger: 5,000 of 12,000 postings so far, all in order.",
  );
});

test("one that is broken says where, and an empty one that there is nothing", () => {
  expect(said({ checked: 16, broken: "17 is not what was booked" })).toBe(
    "The ledger is not in order: posting 17 is not what was booked. Whoever runs Scanmeter was told.",
  );
  expect(standingOf(aCheck({ checked: 0, postings: 0 }))).toBe("none");
});
