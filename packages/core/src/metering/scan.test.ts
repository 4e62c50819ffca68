import { describe, expect, test } from "vitest";
import { aScan, at, listeningFrom, noon } from "../testing/builders.ts";
import { instant } from "../units.ts";
import {
  activeMsAt,
  lostAt,
  nextBoundary,
  nextDueAt,
  startedHours,
  waitingLimitAt,
} from "./scan.ts";

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;

describe("started hours", () => {
  test.each([
    [0, 0, 1],
    [0, 1, 1],
    [60, -1, 1],
    [60, 0, 1],
    [60, 1, 2],
    [120, 0, 2],
    [120, 1, 3],
    [180, 1, 4],
    [240, 0, 4],
    [240, 1, 5],
    [300, 1, 5],
    [72 * 60, 0, 5],
  ])("%d min and %d ms cost %d", (minutes, ms, cost) => {
    expect(startedHours(minutes * MINUTE + ms)).toBe(cost);
  });
});

describe("metered time", () => {
  test("runs while the scan runs", () => {
    expect(activeMsAt(aScan(), at(7))).toBe(7 * MINUTE);
  });

  test("adds to what was metered before a pause", () => {
    const resumed = aScan({ activeMs: 10 * MINUTE, activeSince: at(30) });
    expect(activeMsAt(resumed, at(35))).toBe(15 * MINUTE);
  });

  test("stands still while the scan is paused", () => {
    const paused = aScan({ state: "paused", activeMs: 10 * MINUTE, activeSince: null });
    expect(activeMsAt(paused, at(500))).toBe(10 * MINUTE);
  });

  test("is never negative, even for an instant before the clock went on", () => {
    expect(activeMsAt(aScan({ activeSince: at(5) }), noon)).toBe(0);
  });
});

describe("the next hour starts", () => {
  test("when sixty minutes of the one before are over", () => {
    expect(nextBoundary(aScan())).toBe(at(60));
    expect(nextBoundary(aScan({ hours: 4 }))).toBe(at(240));
  });

  test("later by as long as the scan was paused", () => {
    expect(nextBoundary(aScan({ activeMs: 10 * MINUTE, activeSince: at(30) }))).toBe(at(80));
  });

  test("at once when the scan resumes exactly where an hour ended", () => {
    expect(nextBoundary(aScan({ activeMs: 60 * MINUTE, activeSince: at(90) }))).toBe(at(90));
  });

  test.each([
    ["of five", aScan({ hours: 5 })],
    ["while paused", aScan({ state: "paused", activeSince: null })],
    ["of an unlimited scan", aScan({ mode: "unlimited", hours: 0 })],
  ])("never after the last %s", (_, scan) => {
    expect(nextBoundary(scan)).toBeNull();
  });
});

describe("a silent runner is lost", () => {
  test("five minutes after its last sign of life", () => {
    expect(lostAt(aScan({ lastSeenAt: at(10) }), instant(0))).toBe(at(15));
  });

  test("five minutes after the service listens again, if that is later", () => {
    const { listeningSince } = listeningFrom(at(100));
    expect(lostAt(aScan({ lastSeenAt: at(10) }), listeningSince)).toBe(at(105));
    expect(lostAt(aScan({ lastSeenAt: at(101) }), listeningSince)).toBe(at(106));
  });
});

describe("the stored due instant", () => {
  test("is the next hour while there is one", () => {
    expect(nextDueAt(aScan())).toBe(at(60));
  });

  test("is the end of seventy-two hours when nothing else comes", () => {
    expect(nextDueAt(aScan({ hours: 5 }))).toBe(at(3 * DAY_MINUTES));
    expect(nextDueAt(aScan({ mode: "unlimited", hours: 0 }))).toBe(at(3 * DAY_MINUTES));
    expect(nextDueAt(aScan({ state: "paused", activeSince: null }))).toBe(at(3 * DAY_MINUTES));
  });

  test("is the end of twenty-four hours of waiting for credits", () => {
    const waiting = aScan({ state: "paused", activeSince: null, waitingSince: at(60) });
    expect(waitingLimitAt(waiting)).toBe(at(60 + DAY_MINUTES));
    expect(nextDueAt(waiting)).toBe(at(60 + DAY_MINUTES));
  });

  test("is still the end of seventy-two hours when the waiting would end later", () => {
    const waiting = aScan({
      state: "paused",
      activeSince: null,
      waitingSince: at(2.5 * DAY_MINUTES),
    });
    expect(nextDueAt(waiting)).toBe(at(3 * DAY_MINUTES));
  });

  test("does not move with a heartbeat", () => {
    expect(nextDueAt(aScan({ lastSeenAt: at(30) }))).toBe(at(60));
  });

  test("is none once the scan has ended", () => {
    expect(nextDueAt(aScan({ state: "finished", activeSince: null, endedAt: at(1) }))).toBeNull();
  });
});
