import { expect, test } from "vitest";
import { aScan, ended, pausedForCredits } from "./testing/a-scan.ts";
import { changeWords, durationWords, spentWords, startedWords } from "./words.ts";

test.each([
  [0, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [3_599, "59 min"],
  [3_600, "1 h 00 min"],
  [3_899, "1 h 04 min"],
  [18_000, "5 h 00 min"],
])("%i seconds read as %s", (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});

test("a start names the scan, the target and the ceiling", () => {
  expect(startedWords(aScan())).toBe(
    "scan scan_1 of https://shop.example started: 1 credit now, at most 5",
  );
});

test("a start on an unlimited target says that it costs nothing", () => {
  const scan = aScan({ mode: "unlimited", creditsDebited: 0, creditsMax: 0 });
  expect(startedWords(scan)).toMatch(/: costs no credits, the target is unlimited$/);
});

test("nothing is said about a view that changes nothing people care about", () => {
  expect(changeWords(aScan(), aScan({ activeSeconds: 30 }))).toEqual([]);
});

test("a pause that changes its reason is told again", () => {
  const before = aScan(pausedForCredits);
  const after = aScan({ ...pausedForCredits, pausedFor: "user" });
  expect(changeWords(before, after)).toEqual(["paused by a user"]);
});

test("an hour debited on the way out of a pause is told before the resume", () => {
  const after = aScan({ creditsDebited: 2 });
  expect(changeWords(aScan(pausedForCredits), after)).toEqual([
    "hour 2 started, 2 of at most 5 credits",
    "resumed: credits arrived",
  ]);
});

test("an hour given back, as when a scan was lost, is no new hour", () => {
  expect(changeWords(aScan({ creditsDebited: 3 }), aScan({ creditsDebited: 2 }))).toEqual([]);
});

test("the end says the state, the credits and the active time", () => {
  const scan = aScan({ ...ended("lost"), creditsDebited: 2, activeSeconds: 3_899 });
  expect(spentWords(scan)).toBe("scan lost: 2 credits for 1 h 04 min");
});
