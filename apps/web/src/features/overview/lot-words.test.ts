import { expect, test } from "vitest";
import { sourceInWords } from "./lot-words.ts";

test("a source reads as a sentence, whatever joins its words", () => {
  expect(["sign_up", "purchase", "operator-grant", ""].map(sourceInWords)).toEqual([
    "Sign up",
    "Purchase",
    "Operator grant",
    "Unknown",
  ]);
});
