import type { PostingKind } from "@scanmeter/core";
import { at } from "@scanmeter/core/testing";
import { expect, test } from "vitest";
import { type ScanPostingFacts, scanStepsOf } from "./scan-steps.ts";

const posting = (about: Partial<ScanPostingFacts>): ScanPostingFacts => ({
  version: 1,
  kind: "debit",
  bookedAt: at(0),
  hour: null,
  reason: null,
  credits: 0,
  balanceAfter: 4,
  lotId: null,
  lotSource: null,
  lotKind: null,
  askedBy: null,
  ...about,
});

test.each<[PostingKind, string | null, string]>([
  ["scan_started", null, "Started, covered by a subscription"],
  ["scan_paused", "credits", "Paused: waiting for credits"],
  ["scan_paused", "user", "Paused by the user"],
  ["scan_paused", "runner", "Paused by the runner"],
  ["scan_resumed", "credits", "Resumed: credits arrived"],
  ["scan_resumed", "user", "Resumed by the user"],
  ["scan_ended", "completed", "Ended: completed"],
  ["scan_ended", "stopped_by_user", "Ended: stopped by the user"],
  ["scan_ended", "waited_for_credits", "Ended: waited too long for credits"],
  ["scan_ended", "failed_platform", "Ended: failed through our fault; the credits were returned"],
  ["scan_ended", "from_the_future", "Ended: from_the_future"],
  ["scan_paused", null, "Paused"],
])("%s because of %s is told as %j", (kind, reason, text) => {
  expect(scanStepsOf([posting({ kind, reason })])).toMatchObject([{ text, credits: 0, lot: null }]);
});

test.each<[PostingKind, string, string]>([
  ["scan_paused", "user", "Paused by Ada Lovelace"],
  ["scan_resumed", "user", "Resumed by Ada Lovelace"],
  ["scan_ended", "stopped_by_user", "Ended: stopped by Ada Lovelace"],
])("%s because of %s names the person: %j", (kind, reason, text) => {
  const step = posting({ kind, reason, askedBy: "Ada Lovelace" });
  expect(scanStepsOf([step])).toMatchObject([{ text }]);
});

test("a name that looks like a pattern is told as it is", () => {
  const step = posting({ kind: "scan_paused", reason: "user", askedBy: "$& $1 Ltd" });
  expect(scanStepsOf([step])).toMatchObject([{ text: "Paused by $& $1 Ltd" }]);
});

test("an hour names the lot that paid it, also when it comes back, and nobody when it is owed", () => {
  const lot = { lotId: "lot_1", lotSource: "purchase", lotKind: "paid" } as const;
  const steps = scanStepsOf([
    posting({ hour: 1, credits: -1, ...lot }),
    posting({ version: 2, hour: 2, credits: -1, balanceAfter: 0 }),
    posting({ version: 3, kind: "return", bookedAt: at(65), hour: 1, credits: 1, ...lot }),
  ]);
  const paid = { id: "lot_1", source: "purchase", kind: "paid" };
  expect(steps).toMatchObject([
    { kind: "hour", text: "Hour 1 started", credits: -1, lot: paid },
    { kind: "hour", text: "Hour 2 started", credits: -1, lot: null, balanceAfter: 0 },
    { kind: "returned", text: "Hour 1 returned", credits: 1, lot: paid },
  ]);
  expect(steps[2]).toMatchObject({ version: 3, at: "2026-03-10T13:05:00.000Z" });
});
