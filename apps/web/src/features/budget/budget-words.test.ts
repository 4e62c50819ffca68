import { describe, expect, test } from "vitest";
import { type Budget, likelyInShort, likelyInWords, shortfallInWords } from "./budget-words.ts";

const metered: Budget = { typicalCredits: 2, creditsMax: 5 };
const unlimited: Budget = { typicalCredits: null, creditsMax: 0 };
const unknown: Budget = { typicalCredits: null, creditsMax: 5 };

describe("what a scan costs", () => {
  test("is told as what is likely and what is the most", () => {
    expect(likelyInWords(metered)).toBe("Likely 2 credits, at most 5.");
    expect(likelyInWords({ ...metered, typicalCredits: 1 })).toBe("Likely 1 credit, at most 5.");
    expect(likelyInShort(metered)).toBe("likely 2, at most 5");
  });

  test("is not said twice when the two are the same", () => {
    expect(likelyInWords({ ...metered, typicalCredits: 5 })).toBe(
      "Likely 5 credits, which is the most a scan can cost.",
    );
  });

  test("is not guessed without a history", () => {
    expect(likelyInWords(unknown)).toMatch(/^1 credit per started hour, at most 5\./);
    expect(likelyInShort(unknown)).toBe("at most 5");
  });

  test("is nothing where the target is unlimited", () => {
    expect(likelyInWords(unlimited)).toMatch(/^Costs no credits/);
    expect(likelyInShort(unlimited)).toBe("none, unlimited");
  });
});

describe("a balance", () => {
  const told = (available: number, { debt = 0, budget = metered } = {}) =>
    shortfallInWords(budget, { available, debt });

  test("that covers the most a scan can cost needs no word", () => {
    expect(told(5)).toBeNull();
    expect(told(4)).not.toBeNull();
  });

  test("is told apart at what is likely", () => {
    expect(told(2)).toBe(
      "You have 2 credits: enough for what is likely, not for the most it can cost.",
    );
    expect(told(1)).toBe(
      "You have 1 credit, which is likely not enough for a scan of this target.",
    );
  });

  test("of nothing starts no scan", () => {
    expect(told(0)).toMatch(/^No credits are left/);
    expect(told(0, { debt: 3 })).toMatch(/^No credits are left/);
  });

  test("is worth what is left of it once the debt is repaid", () => {
    expect(told(7, { debt: 2 })).toBeNull();
    expect(told(6, { debt: 2 })).toMatch(/^You have 4 credits:/);
    expect(told(2, { debt: 2 })).toMatch(/owed for earlier hours/);
  });

  test("is not judged by a guess", () => {
    expect(told(4, { budget: unknown })).toMatch(/may not be enough for a long scan/);
    expect(told(5, { budget: unknown })).toBeNull();
  });

  test("does not matter to an unlimited target", () => {
    expect(told(0, { budget: unlimited })).toBeNull();
  });
});
