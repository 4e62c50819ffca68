import { describe, expect, test } from "vitest";
import {
  aLot,
  aScan,
  at,
  books,
  listeningFrom,
  lotIn,
  type ScanFacts,
  scanId,
  scanIn,
} from "../testing/builders.ts";
import type { Instant } from "../units.ts";
import { catchUp } from "./catch-up.ts";
import { decideHeartbeat } from "./heartbeat.ts";

function beating(now: Instant, facts: ScanFacts = {}) {
  const journal = books({ now, lots: [aLot()], scans: [aScan(facts)] });
  const outcome = decideHeartbeat(journal, scanIn(journal));
  return { journal, outcome };
}

describe("a heartbeat", () => {
  test("is a sign of life and books nothing", () => {
    const { journal, outcome } = beating(at(4));
    expect(outcome).toMatchObject({ ok: true, value: { lastSeenAt: at(4), nextDueAt: at(60) } });
    expect(journal.postings).toEqual([]);
    expect([...journal.changedScans]).toEqual([scanId("s")]);
  });

  test("within a second of the last one writes nothing", () => {
    expect([...beating(at(1, 999), { lastSeenAt: at(1) }).journal.changedScans]).toEqual([]);
    expect([...beating(at(1, 1_000), { lastSeenAt: at(1) }).journal.changedScans]).toHaveLength(1);
  });

  test("keeps a paused scan alive as well", () => {
    const paused = { state: "paused", pausedFor: "user", activeSince: null } as const;
    expect(beating(at(4), paused).outcome).toMatchObject({ value: { lastSeenAt: at(4) } });
  });
});

describe("after the service was away, a heartbeat", () => {
  const service = listeningFrom(at(130));

  test("is the proof that the hours until now were waiting for", () => {
    const journal = books({ now: at(131), lots: [aLot()], scans: [aScan({ lastSeenAt: at(10) })] });
    catchUp(journal, service);
    expect(journal.postings).toEqual([]);
    decideHeartbeat(journal, scanIn(journal));
    expect(journal.postings).toMatchObject([
      { kind: "debit", hour: 2, bookedAt: at(60), recordedAt: at(131) },
      { kind: "debit", hour: 3, bookedAt: at(120), recordedAt: at(131) },
    ]);
  });

  test("lets what was held back go on", () => {
    const lots = [aLot({ granted: 9, remaining: 1, expiresAt: at(90) })];
    const journal = books({ now: at(131), lots, scans: [aScan({ lastSeenAt: at(10) })] });
    catchUp(journal, service);
    decideHeartbeat(journal, scanIn(journal));
    expect(lotIn(journal).remaining).toBe(0);
    expect(scanIn(journal)).toMatchObject({ state: "paused", waitingSince: at(120) });
  });

  test("says nothing about the runners of other scans", () => {
    const silent = aScan({ id: "u", lastSeenAt: at(10) });
    const scans = [aScan({ lastSeenAt: at(10) }), silent];
    const journal = books({ now: at(131), lots: [aLot()], scans });
    catchUp(journal, service);
    decideHeartbeat(journal, scanIn(journal));
    expect(scanIn(journal, "u")).toEqual(silent);
  });

  test("answers with the end, if the scan had been open for too long by then", () => {
    const threeDays = 3 * 24 * 60;
    const facts = { hours: 5, lastSeenAt: at(10) };
    expect(beating(at(threeDays + 60), facts).outcome).toMatchObject({
      value: { state: "stopped", endReason: "open_limit", endedAt: at(threeDays) },
    });
  });
});

describe("the heartbeat of a scan that is over", () => {
  const over = { state: "stopped", activeSince: null, endedAt: at(3) } as const;

  test.each(["user", "platform"] as const)(
    "answers with the scan if the %s ended it, so that the runner learns to stop",
    (endedBy) => {
      const { journal, outcome } = beating(at(4), { ...over, endedBy });
      expect(outcome).toEqual({ ok: true, value: scanIn(journal) });
      expect([...journal.changedScans]).toEqual([]);
    },
  );

  test("is refused if the runner ended it itself", () => {
    expect(beating(at(4), { ...over, endedBy: "runner" }).outcome).toEqual({
      ok: false,
      refusal: { code: "scan_already_ended", scanId: scanId("s"), state: "stopped" },
    });
  });
});
