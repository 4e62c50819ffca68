import type { NoticePreferencesView } from "@scanmeter/contracts/notices";
import { describe, expect, test } from "vitest";
import {
  enteredFrom,
  isSaved,
  lowBalanceProblem,
  mailedToInWords,
  preferencesInput,
  withMailed,
} from "./entered-preferences.ts";

const saved: NoticePreferencesView = {
  groups: [
    { name: "balance", label: "The balance", isMailed: true, isAlwaysMailed: false, alsoTo: [] },
    { name: "expiry", label: "The expiry", isMailed: false, isAlwaysMailed: false, alsoTo: [] },
    { name: "problems", label: "Problems", isMailed: true, isAlwaysMailed: true, alsoTo: [] },
  ],
  lowBalance: 5,
};
const entered = enteredFrom(saved);

describe("who is mailed of a group", () => {
  const group = { isAlwaysMailed: false, alsoTo: ["Ada", "Bob"] };

  test("is said with the others, as the reader chooses", () => {
    expect(mailedToInWords(group, true, "en")).toBe("Also mailed to Ada and Bob.");
    expect(mailedToInWords(group, false, "en")).toBe("Mailed to Ada and Bob.");
    expect(mailedToInWords({ ...group, alsoTo: [] }, true)).toBeUndefined();
  });

  test("is said to be nobody before it is saved", () => {
    expect(mailedToInWords({ ...group, alsoTo: [] }, false)).toBe("Mailed to nobody.");
  });

  test("says what cannot be switched off", () => {
    const always = { isAlwaysMailed: true, alsoTo: ["Ada"] };
    expect(mailedToInWords(always, true, "en")).toMatch(/^Always mailed: .* Also mailed to Ada\.$/);
  });
});

describe("a low balance", () => {
  test.each(["0", "5", " 12 ", "1,000", "1,000,000"])("of %j can be saved", (text) => {
    expect(lowBalanceProblem(text, "en")).toBeUndefined();
  });

  test.each(["", " ", "1.5", "-1", "five", "1,000,001"])("of %j is a problem", (text) => {
    expect(lowBalanceProblem(text, "en")).toEqual(expect.any(String));
  });
});

describe("what is sent", () => {
  test("leaves a low balance alone that was not changed", () => {
    expect(preferencesInput(entered, saved)).toEqual({ muted: ["expiry"] });
    expect(preferencesInput({ ...entered, lowBalance: " 5 " }, saved)).toEqual({
      muted: ["expiry"],
    });
  });

  test("has what was changed", () => {
    const muted = withMailed(withMailed(entered.muted, "expiry", true), "balance", false);
    expect(preferencesInput({ muted, lowBalance: "1,200" }, saved, "en")).toEqual({
      muted: ["balance"],
      lowBalance: 1_200,
    });
  });
});

describe("what is entered", () => {
  test("is saved as long as it says the same, however it came about", () => {
    expect(isSaved(entered, saved)).toBe(true);
    const muted = withMailed(withMailed(entered.muted, "expiry", true), "expiry", false);
    expect(isSaved({ muted, lowBalance: "05" }, saved)).toBe(true);
  });

  test("is not saved when a mail or the number differs, or is no number", () => {
    expect(isSaved({ ...entered, muted: [] }, saved)).toBe(false);
    expect(isSaved({ ...entered, muted: ["balance"] }, saved)).toBe(false);
    expect(isSaved({ ...entered, lowBalance: "6" }, saved)).toBe(false);
    expect(isSaved({ ...entered, lowBalance: "" }, saved)).toBe(false);
  });

  test("switches a group once, however often it is pressed", () => {
    expect(withMailed(["expiry"], "expiry", false)).toEqual(["expiry"]);
    expect(withMailed(["balance"], "expiry", true)).toEqual(["balance"]);
  });
});
