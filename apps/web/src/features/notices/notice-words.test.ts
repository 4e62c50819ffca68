import { describe, expect, test } from "vitest";
import { arrivalInWords, bellInWords, countAtBell, newInWords } from "./notice-words.ts";

describe("the bell", () => {
  test("says how many notices are unread, and nothing before that is known", () => {
    expect(bellInWords(null)).toBe("Notices");
    expect(bellInWords({ count: 0, newestTitle: null })).toBe("Notices, none unread");
    expect(bellInWords({ count: 3, newestTitle: "No credits left" })).toBe("Notices, 3 unread");
  });

  test("shows a number that has room", () => {
    expect([1, 99, 100, 4_711].map(countAtBell)).toEqual(["1", "99", "99+", "99+"]);
  });
});

test("the line above the list counts what is new", () => {
  expect([0, 1, 12].map(newInWords)).toEqual(["Nothing new", "1 new", "12 new"]);
});

describe("the announcement", () => {
  const unread = (count: number, newestTitle: string | null = "No credits left") => ({
    count,
    newestTitle,
  });

  test("names what was told", () => {
    expect(arrivalInWords(unread(0, null), unread(1))).toBe("New notice: No credits left.");
    expect(arrivalInWords(unread(4, "5 credits left"), unread(5))).toBe(
      "New notice: No credits left.",
    );
  });

  test("of several at once is one", () => {
    expect(arrivalInWords(unread(1), unread(4))).toBe(
      "3 new notices. The latest: No credits left.",
    );
  });

  test("is silent when nothing was told or some of it was read", () => {
    expect(arrivalInWords(unread(2), unread(2))).toBe("");
    expect(arrivalInWords(unread(2), unread(0))).toBe("");
  });
});
