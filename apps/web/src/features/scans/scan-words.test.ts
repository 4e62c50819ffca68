import type { ScanView } from "@scanmeter/contracts/scans";
import { describe, expect, test } from "vitest";
import {
  currentHour,
  nextDebit,
  scanTitle,
  stateAndWhy,
  stateInWords,
  stopConsequence,
} from "./scan-words.ts";

const NOON = Date.parse("2027-03-14T12:00:00.000Z");

function aScan(about: Partial<ScanView> = {}): ScanView {
  return {
    scanId: "scan_1",
    targetId: "tgt_1",
    targetUrl: "https://shop.acme.test/",
    label: null,
    mode: "credits",
    state: "running",
    creditsDebited: 2,
    creditsMax: 5,
    startedAt: "2027-03-14T10:30:00.000Z",
    activeSeconds: 5_400,
    nextDebitAt: "2027-03-14T12:30:00.000Z",
    endedAt: null,
    heartbeatEverySeconds: 30,
    directive: "continue",
    ...about,
  };
}

describe("the next debit", () => {
  test("counts down to its instant", () => {
    expect(nextDebit(aScan(), NOON)).toEqual({ countdown: "30:00" });
  });

  test("is due now at its instant and until the server has taken it", () => {
    const at = Date.parse("2027-03-14T12:30:00.000Z");
    expect(nextDebit(aScan(), at - 1)).toEqual({ countdown: "00:01" });
    expect(nextDebit(aScan(), at)).toEqual({ because: "due now" });
    expect(nextDebit(aScan(), at + 5_000)).toEqual({ because: "due now" });
  });

  test("does not exist while paused, once all hours are paid, or on an unlimited target", () => {
    const without: Partial<ScanView>[] = [
      { state: "paused", pausedFor: "credits" },
      { nextDebitAt: null, creditsDebited: 5 },
      { mode: "unlimited", nextDebitAt: null },
    ];
    for (const about of without) {
      expect(nextDebit(aScan(about), NOON)).toHaveProperty("because");
    }
  });
});

describe("the current hour", () => {
  test("of a metered scan is the last one that was debited", () => {
    expect(currentHour(aScan({ creditsDebited: 3 }), 0)).toBe(3);
  });

  test("is never before the first", () => {
    expect(currentHour(aScan({ creditsDebited: 0 }), 0)).toBe(1);
    expect(currentHour(aScan({ mode: "unlimited", activeSeconds: 0 }), 0)).toBe(1);
  });

  test("of an unlimited scan turns just after the full hour, and goes on after the reading", () => {
    const scan = aScan({ mode: "unlimited", activeSeconds: 3_590 });
    expect(currentHour(scan, 10_000)).toBe(1);
    expect(currentHour(scan, 10_001)).toBe(2);
  });

  test("of a paused unlimited scan stands still", () => {
    const scan = aScan({ mode: "unlimited", activeSeconds: 3_590, state: "paused" });
    expect(currentHour(scan, 3_600_000)).toBe(1);
  });
});

describe("words", () => {
  test("each reason for a pause is told apart", () => {
    const pausedFor = ["credits", "user", "runner"] as const;
    const told = pausedFor.map((reason) =>
      stateInWords(aScan({ state: "paused", pausedFor: reason })),
    );
    expect(told).toEqual([
      "Paused: waiting for credits",
      "Paused by the user",
      "Paused by the runner",
    ]);
  });

  test("a state comes with its reason, which does not say the state again", () => {
    const told = (state: ScanView["state"], directiveReason?: string) => {
      const { state: word, why } = stateAndWhy({
        state,
        ...(directiveReason && { directiveReason }),
      });
      return why === null ? word : `${word} | ${why}`;
    };
    expect([
      told("running"),
      told("paused", "waiting for credits"),
      told("paused", "paused by the user"),
      told("finished", "completed"),
      told("stopped", "stopped by the user"),
      told("stopped", "waited too long for credits"),
      told("failed", "failed"),
      told("failed", "failed through our fault; the credits were returned"),
      told("lost", "the runner was silent for too long"),
    ]).toEqual([
      "Running",
      "Paused | waiting for credits",
      "Paused | by the user",
      "Finished",
      "Stopped | by the user",
      "Stopped | waited too long for credits",
      "Failed",
      "Failed | through our fault; the credits were returned",
      "Lost | the runner was silent for too long",
    ]);
  });

  test("a scan is called by its label, or by its target without scheme and trailing slash", () => {
    expect(scanTitle(aScan({ label: "nightly" }))).toBe("nightly");
    expect(scanTitle(aScan())).toBe("shop.acme.test");
  });

  test("stopping says what stays spent before it is done", () => {
    expect(stopConsequence(aScan({ creditsDebited: 1 }))).toContain("1 credit ");
    expect(stopConsequence(aScan({ mode: "unlimited" }))).toContain("no credits");
  });
});
