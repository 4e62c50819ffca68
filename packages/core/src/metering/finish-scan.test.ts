import { describe, expect, test } from "vitest";
import { Journal, SpentLotsNotRead } from "../ledger/journal.ts";
import type { Lot } from "../ledger/lot.ts";
import {
  aLot,
  aScan,
  at,
  books,
  listening,
  listeningFrom,
  lotIn,
  reopened,
  type ScanFacts,
  scanId,
  scanIn,
} from "../testing/builders.ts";
import type { Instant } from "../units.ts";
import { catchUp, type Service } from "./catch-up.ts";
import { decideFinish, type FinishScan } from "./finish-scan.ts";

const completed: FinishScan = { outcome: "completed", fault: null, by: "runner" };
const failedByUs: FinishScan = { outcome: "failed", fault: "platform", by: "runner" };
const stoppedByUser: FinishScan = { outcome: "stopped", fault: null, by: "user" };

interface Facts {
  readonly now: Instant;
  readonly scan?: ScanFacts;
  readonly lots?: Lot[];
  readonly service?: Service;
}

/** Catches up first, as every command does. */
function finishing(
  how: FinishScan,
  { now, scan = {}, lots = [aLot()], service = listening }: Facts,
) {
  const journal = books({ now, lots, scans: [aScan(scan)] });
  catchUp(journal, service);
  return { journal, outcome: decideFinish(journal, scanIn(journal), how) };
}

describe("a scan costs one credit per started hour", () => {
  test.each([
    ["0 ms", at(0), 1],
    ["1 ms", at(0, 1), 1],
    ["59:59.999", at(60, -1), 1],
    ["60:00.000", at(60), 1],
    ["60:00.001", at(60, 1), 2],
    ["120:00.000", at(120), 2],
    ["120:00.001", at(120, 1), 3],
    ["240:00.000", at(240), 4],
    ["240:00.001", at(240, 1), 5],
    ["300:00.001", at(300, 1), 5],
    ["71 hours", at(71 * 60), 5],
  ])("%s", (_, now, cost) => {
    const { journal } = finishing(completed, { now, scan: { lastSeenAt: now } });
    expect(scanIn(journal).hours).toHaveLength(cost);
    expect(journal.account.balance).toBe(10 - (cost - 1));
  });

  test("a scan that ends exactly where an hour does gives the next one back", () => {
    const { journal } = finishing(completed, { now: at(60), scan: { lastSeenAt: at(59) } });
    expect(journal.postings).toMatchObject([
      { kind: "debit", hour: 2, bookedAt: at(60) },
      { kind: "scan_ended", bookedAt: at(60) },
      { kind: "return", hour: 2, bookedAt: at(60), reverses: journal.postings[0]?.version },
    ]);
  });

  test("a scan that was paused exactly where an hour ended gives the next one back, however late it ends", () => {
    const paused = { state: "paused", pausedFor: "user", activeSince: null } as const;
    const scan = { ...paused, hours: 2, activeMs: 3_600_000, lastSeenAt: at(99) };
    expect(scanIn(finishing(completed, { now: at(100), scan }).journal).hours).toHaveLength(1);
  });
});

describe("the end of a scan", () => {
  test.each([
    [completed, "finished", "completed"],
    [{ ...completed, outcome: "stopped" }, "stopped", "stopped"],
    [{ ...completed, outcome: "failed" }, "failed", "failed"],
    [{ ...completed, outcome: "failed", fault: "target" }, "failed", "failed_target"],
    [failedByUs, "failed", "failed_platform"],
    [stoppedByUser, "stopped", "stopped_by_user"],
  ] as const)("as %j is %s, because %s", (how, state, reason) => {
    const { journal, outcome } = finishing(how, { now: at(30), scan: { lastSeenAt: at(29) } });
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        state,
        endedAt: at(30),
        endedBy: how.by,
        endReason: reason,
        activeMs: 30 * 60_000,
        activeSince: null,
        nextDueAt: null,
      },
    });
    expect(journal.postings[0]).toMatchObject({ kind: "scan_ended", reason, entries: [] });
  });

  test("may come while the scan is paused", () => {
    const paused = { state: "paused", pausedFor: "credits", waitingSince: at(10) } as const;
    const scan = { ...paused, activeSince: null, activeMs: 5, lastSeenAt: at(29) };
    expect(finishing(completed, { now: at(30), scan }).outcome).toMatchObject({
      value: { state: "finished", pausedFor: null, waitingSince: null, activeMs: 5 },
    });
  });
});

describe("a scan that failed through our fault", () => {
  const scan = { hours: 3, lastSeenAt: at(150) };

  test("returns every credit to the lot it came from, with its date", () => {
    const lot = aLot({ granted: 10, remaining: 2, expiresAt: at(999) });
    const { journal } = finishing(failedByUs, { now: at(151), scan, lots: [lot] });
    expect(lotIn(journal)).toEqual({ ...lot, remaining: 5 });
    expect(scanIn(journal).hours).toEqual([]);
    expect(journal.postings.map(({ kind, hour }) => [kind, hour])).toEqual([
      ["scan_ended", null],
      ["return", 3],
      ["return", 2],
      ["return", 1],
    ]);
  });

  test("forfeits a credit whose lot expired meanwhile, and nothing else", () => {
    const lot = aLot({ granted: 10, remaining: 0, expiresAt: at(151) });
    const { journal } = finishing(failedByUs, {
      now: at(151),
      scan,
      lots: [lot, aLot({ id: "b" })],
    });
    expect(journal.postings.filter(({ kind }) => kind === "breakage")).toHaveLength(3);
    expect(lotIn(journal).remaining).toBe(0);
    expect(lotIn(journal, "b").remaining).toBe(10);
  });

  test("leaves credits alone that an unproven hour of another scan may still draw", () => {
    const unproven = aScan({ id: "u", lastSeenAt: at(10) });
    const lot = aLot({ granted: 10, remaining: 2, expiresAt: at(65) });
    const failing = aScan({ startedAt: at(20), lastSeenAt: at(71) });
    const journal = books({ now: at(71), lots: [lot], scans: [failing, unproven] });
    catchUp(journal, listeningFrom(at(70)));
    decideFinish(journal, scanIn(journal), failedByUs);
    expect(lotIn(journal).remaining).toBe(2);
  });

  test.each(["target", "runner", null] as const)("keeps its hours if the fault was %s", (fault) => {
    const { journal } = finishing({ ...failedByUs, fault }, { now: at(151), scan });
    expect(scanIn(journal).hours).toHaveLength(3);
  });

  test("returns credits only if it failed at all", () => {
    const how = { ...completed, fault: "platform" } as const;
    expect(scanIn(finishing(how, { now: at(151), scan }).journal).hours).toHaveLength(3);
  });
});

test("a scan its user stops keeps its started hours", () => {
  const { journal } = finishing(stoppedByUser, { now: at(61), scan: { lastSeenAt: at(60) } });
  expect(scanIn(journal).hours).toHaveLength(2);
});

describe("the end told again", () => {
  function again(first: FinishScan, second: FinishScan) {
    const { journal } = finishing(first, { now: at(30), scan: { lastSeenAt: at(29) } });
    const over = scanIn(journal);
    const later = reopened(journal, at(31));
    const outcome = decideFinish(later, over, second);
    expect(later.postings).toEqual([]);
    expect([...later.changedScans]).toEqual([]);
    return { outcome, over };
  }

  test("is answered with the scan as it ended, because runners retry", () => {
    const { outcome, over } = again(completed, completed);
    expect(outcome).toEqual({ ok: true, value: over });
  });

  test("in other words is refused", () => {
    expect(again(completed, failedByUs).outcome).toEqual({
      ok: false,
      refusal: { code: "scan_already_ended", scanId: scanId("s"), state: "finished" },
    });
  });

  test("by a runner that was told to stop is an answer, not a refusal", () => {
    expect(again(stoppedByUser, { ...completed, outcome: "stopped" }).outcome.ok).toBe(true);
  });
});

describe("after the service was away", () => {
  const facts = { now: at(150), scan: { lastSeenAt: at(10) }, service: listeningFrom(at(149)) };

  test("a runner that reports its end pays for the hours of the outage", () => {
    const { journal } = finishing(completed, facts);
    expect(scanIn(journal).hours.map(({ boundary }) => boundary)).toEqual([at(0), at(60), at(120)]);
    expect(scanIn(journal).activeMs).toBe(150 * 60_000);
  });

  test("a user who stops a scan whose runner was not heard since pays for what was proven", () => {
    const { journal } = finishing(stoppedByUser, facts);
    expect(scanIn(journal)).toMatchObject({ state: "stopped", activeMs: 60 * 60_000 });
    expect(scanIn(journal).hours).toHaveLength(1);
  });
});

test("which spent lot takes a credit back does not depend on which lots were read", () => {
  const scan = aScan({
    hours: [{ version: 1, boundary: at(0), lotId: null }],
    lastSeenAt: at(1),
  });
  const whole = books({ now: at(1), lots: [aLot({ granted: 1, remaining: 0 })], scans: [scan] });
  const partial = new Journal(whole.account, whole.lots, [scan], whole.now, false);
  expect(() => decideFinish(partial, scan, failedByUs)).toThrow(SpentLotsNotRead);
});
