import { expect, test } from "vitest";
import { balanceAtInWords, movedInWords } from "./balance-at-words.ts";

const nothing = { available: 0, paid: 0, free: 0, frozen: 0, debt: 0 };

test("a balance is told with its parts, and with what is frozen or owed only if something is", () => {
  expect(
    balanceAtInWords("now", { ...nothing, available: 1_200, paid: 1_195, free: 5 }, "en-GB"),
  ).toBe("Balance now: 1,200 credits available, 1,195 paid, 5 free.");
  expect(balanceAtInWords("on 14 March 2027", nothing, "en-GB")).toBe(
    "Balance on 14 March 2027: 0 credits available.",
  );
  expect(balanceAtInWords("now", { ...nothing, frozen: 4, debt: 2 }, "en-GB")).toBe(
    "Balance now: 0 credits available, 4 frozen, 2 owed.",
  );
});

test("a moved clock says where it went and how much ran", () => {
  expect(movedInWords("noon", 0)).toBe("The test clock moved to noon. Nothing was due on the way.");
  expect(movedInWords("noon", 1)).toContain("1 thing that was due on the way ran, in order.");
  expect(movedInWords("noon", 12)).toContain("12 things that were due on the way ran, in order.");
});
