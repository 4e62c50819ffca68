import type { LotView } from "@scanmeter/contracts/live";
import { expect, test } from "vitest";
import { isKept, keptInWords } from "./kept-words.ts";

const place = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const lot = (expiresAt: string) => ({ expiresAt }) as LotView;
const now = "2027-03-20T12:00:00.000Z";
const early = lot("2027-03-14T09:12:00.000Z");
const late = lot("2027-03-19T09:12:00.000Z");
const living = lot("2027-09-01T00:00:00.000Z");
const told = (credits: number, ...lots: LotView[]) =>
  keptInWords({ kept: { credits, until: "2027-03-28T08:12:00.000Z" }, lots, now }, place);

test("a lot is kept from its date on", () => {
  expect([-1, 0].map((ms) => isKept(early, Date.parse(early.expiresAt) + ms))).toEqual([
    false,
    true,
  ]);
});

test("what is kept is told with its old date, the last day and the way to have it back", () => {
  expect(told(12, living, early)).toBe(
    "12 credits expired on 14 March 2027, 09:12 (Lisbon) and are kept until 28 March 2027, 09:12 (Lisbon): the next purchase brings them back.",
  );
  expect(told(1, early)).toMatch(/^1 credit expired on .* and is kept .* brings it back\.$/);
});

test("of several dates only the next day that matters is told", () => {
  expect(told(12, early, late)).toBe(
    "12 credits expired and are kept, the first of them until 28 March 2027, 09:12 (Lisbon): the next purchase brings them back.",
  );
});
