import { expect, test } from "vitest";
import { costInWords } from "./scan-cost-words.ts";

const over = {
  mode: "credits",
  creditsDebited: 2,
  creditsMax: 5,
  creditsReturned: 0,
  endedAt: "2027-03-14T12:30:00.000Z",
} as const;

test("a scan that is over says what it cost and what came back", () => {
  expect(costInWords(over)).toBe("It cost 2 credits.");
  expect(costInWords({ ...over, creditsReturned: 1 })).toBe(
    "It cost 2 credits; 1 credit came back.",
  );
  expect(costInWords({ ...over, creditsDebited: 0, creditsReturned: 2 })).toBe(
    "It cost nothing: 2 credits came back.",
  );
});

test("one that runs says what it has cost so far and what it can cost", () => {
  expect(costInWords({ ...over, endedAt: null })).toBe("2 credits so far, at most 5.");
});

test("one of an unlimited target costs nothing", () => {
  expect(costInWords({ ...over, mode: "unlimited", creditsDebited: 0, creditsMax: 0 })).toMatch(
    /costs no credits/,
  );
});
