import { describe, expect, test } from "vitest";
import {
  aLot,
  aScan,
  at,
  type BooksFacts,
  books,
  listeningFrom,
  type ScanFacts,
  scanId,
  scanIn,
} from "../testing/builders.ts";
import { catchUp } from "./catch-up.ts";
import { decidePause, decideResume, type PausedBy } from "./pause-scan.ts";

const MINUTE = 60_000;

function pausing(by: PausedBy, facts: ScanFacts = {}) {
  const journal = books({ now: at(30), lots: [aLot()], scans: [aScan(facts)] });
  return { journal, outcome: decidePause(journal, scanIn(journal), by) };
}

function resuming(by: PausedBy | "credits", scan: ScanFacts, facts: BooksFacts = {}) {
  const journal = books({ now: at(90), lots: [aLot()], scans: [aScan(scan)], ...facts });
  return { journal, outcome: decideResume(journal, scanIn(journal), by) };
}

const paused = (change: ScanFacts = {}): ScanFacts => ({
  state: "paused",
  pausedFor: "user",
  activeMs: 10 * MINUTE,
  activeSince: null,
  lastSeenAt: at(89),
  ...change,
});
const ended: ScanFacts = { state: "finished", activeSince: null, endedAt: at(1), endedBy: "user" };

describe("a pause", () => {
  test.each(["user", "runner"] as const)("by the %s stops the meter", (by) => {
    const { journal, outcome } = pausing(by);
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        state: "paused",
        pausedFor: by,
        activeMs: 30 * MINUTE,
        activeSince: null,
        waitingSince: null,
        nextDueAt: at(72 * 60),
      },
    });
    expect(journal.postings).toMatchObject([
      { kind: "scan_paused", reason: by, bookedAt: at(30), entries: [] },
    ]);
  });

  test("asked for again changes nothing", () => {
    const facts = paused({ lastSeenAt: at(30) });
    expect(pausing("user", facts).journal.postings).toEqual([]);
    expect(pausing("runner", facts).outcome).toMatchObject({ value: { pausedFor: "user" } });
    expect(pausing("runner", { ...facts, pausedFor: "runner" }).journal.postings).toEqual([]);
  });

  test.each(["runner", "credits"] as const)(
    "for the %s that its user takes over is the user's",
    (why) => {
      const waitingSince = why === "credits" ? at(10) : null;
      const { outcome } = pausing("user", paused({ pausedFor: why, waitingSince }));
      expect(outcome).toMatchObject({
        value: { pausedFor: "user", activeMs: 10 * MINUTE, waitingSince: null },
      });
    },
  );

  test("for lack of credits stays one when the runner pauses, too", () => {
    const { outcome } = pausing("runner", paused({ pausedFor: "credits", waitingSince: at(10) }));
    expect(outcome).toMatchObject({ value: { pausedFor: "credits", waitingSince: at(10) } });
  });

  test("of a scan that is over is refused", () => {
    expect(pausing("user", ended).outcome).toEqual({
      ok: false,
      refusal: { code: "scan_already_ended", scanId: scanId("s"), state: "finished" },
    });
  });
});

describe("a resumption", () => {
  test("lets the meter go on where it stood, and what is left of the hour is paid already", () => {
    const { journal, outcome } = resuming("user", paused());
    expect(outcome).toMatchObject({
      value: { state: "running", pausedFor: null, activeMs: 10 * MINUTE, activeSince: at(90) },
    });
    expect(journal.postings).toMatchObject([{ kind: "scan_resumed", reason: "user", entries: [] }]);
    expect(scanIn(journal).nextDueAt).toBe(at(140));
  });

  test("exactly where an hour ended debits the next one now", () => {
    const { journal, outcome } = resuming("user", paused({ activeMs: 60 * MINUTE }));
    expect(outcome).toMatchObject({ value: { state: "running", nextDueAt: at(150) } });
    expect(journal.postings).toMatchObject([
      { kind: "debit", hour: 2, bookedAt: at(90) },
      { kind: "scan_resumed" },
    ]);
  });

  test("a millisecond before an hour's end debits nothing yet", () => {
    const { journal } = resuming("user", paused({ activeMs: 60 * MINUTE - 1 }));
    expect(journal.postings.map(({ kind }) => kind)).toEqual(["scan_resumed"]);
    expect(scanIn(journal).nextDueAt).toBe(at(90, 1));
  });

  test("exactly where an hour ended is refused without a credit, and nothing changes", () => {
    const facts = paused({ pausedFor: "credits", activeMs: 60 * MINUTE, waitingSince: at(70) });
    const { journal, outcome } = resuming("credits", facts, { lots: [] });
    expect(outcome).toEqual({
      ok: false,
      refusal: { code: "insufficient_credits", required: 1, available: 0 },
    });
    expect(journal.postings).toEqual([]);
    expect(scanIn(journal).state).toBe("paused");
  });

  test("within an hour needs no credit", () => {
    expect(resuming("user", paused(), { lots: [] }).outcome.ok).toBe(true);
  });

  test("after the fifth hour needs no credit", () => {
    const facts = paused({ hours: 5, activeMs: 300 * MINUTE });
    expect(resuming("user", facts, { lots: [] }).outcome.ok).toBe(true);
  });

  test("without a credit owes the hour, if the account chose that admitted scans finish", () => {
    const facts = paused({ activeMs: 60 * MINUTE });
    const { journal } = resuming("user", facts, { lots: [], whenOutOfCredits: "finish" });
    expect(journal.account.debt).toBe(1);
  });

  test("of a running scan changes nothing", () => {
    const { journal, outcome } = resuming("user", { lastSeenAt: at(89), hours: 2 });
    expect(outcome.ok).toBe(true);
    expect(journal.postings).toEqual([]);
  });

  test("by the runner does not lift a pause its user asked for", () => {
    expect(resuming("runner", paused()).outcome).toEqual({
      ok: false,
      refusal: { code: "scan_paused_by_user", scanId: scanId("s") },
    });
  });

  test.each(["runner", "credits"] as const)(
    "by the runner lifts a pause for the %s",
    (pausedFor) => {
      expect(resuming("runner", paused({ pausedFor })).outcome.ok).toBe(true);
    },
  );

  test("by the user lifts any pause", () => {
    expect(resuming("user", paused({ pausedFor: "runner" })).outcome.ok).toBe(true);
  });

  test("ends the waiting for credits", () => {
    const facts = paused({ pausedFor: "credits", waitingSince: at(70) });
    expect(resuming("credits", facts).outcome).toMatchObject({ value: { waitingSince: null } });
  });

  test("of a scan that is over is refused", () => {
    expect(resuming("user", ended).outcome).toMatchObject({
      refusal: { code: "scan_already_ended", state: "finished" },
    });
  });
});

describe("paused time is not metered", () => {
  test("so the next hour moves by as long as the pause took", () => {
    const journal = books({ now: at(10), lots: [aLot()], scans: [aScan()] });
    decidePause(journal, scanIn(journal), "user");
    const later = books({ now: at(40), lots: [aLot()], scans: [scanIn(journal)] });
    decideResume(later, scanIn(later), "user");
    expect(scanIn(later).nextDueAt).toBe(at(90));
  });
});

describe("what a runner says is a sign of life", () => {
  test("a pause or a resumption by it counts, by its user it does not", () => {
    expect(scanIn(pausing("runner").journal).lastSeenAt).toBe(at(30));
    expect(scanIn(pausing("user").journal).lastSeenAt).toBe(at(0));
    const facts = paused({ pausedFor: "runner", lastSeenAt: at(87) });
    expect(scanIn(resuming("runner", facts).journal).lastSeenAt).toBe(at(90));
    expect(scanIn(resuming("user", facts).journal).lastSeenAt).toBe(at(87));
  });

  test("a runner that pauses right after an outage pays for the hours of it", () => {
    const journal = books({ now: at(71), lots: [aLot()], scans: [aScan({ lastSeenAt: at(10) })] });
    catchUp(journal, listeningFrom(at(70)));
    decidePause(journal, scanIn(journal), "runner");
    expect(journal.postings).toMatchObject([
      { kind: "debit", bookedAt: at(60) },
      { kind: "scan_paused", bookedAt: at(71) },
    ]);
  });

  test("a runner whose hours of an outage nobody could pay finds its scan waiting for credits", () => {
    const journal = books({ now: at(71), scans: [aScan({ lastSeenAt: at(10) })] });
    catchUp(journal, listeningFrom(at(70)));
    expect(decidePause(journal, scanIn(journal), "runner")).toMatchObject({
      value: { pausedFor: "credits", waitingSince: at(60), activeMs: 60 * MINUTE },
    });
  });

  test("a user who pauses before the runner is heard keeps the meter at the last paid hour", () => {
    const journal = books({ now: at(71), lots: [aLot()], scans: [aScan({ lastSeenAt: at(10) })] });
    catchUp(journal, listeningFrom(at(70)));
    decidePause(journal, scanIn(journal), "user");
    expect(scanIn(journal)).toMatchObject({ activeMs: 60 * MINUTE, state: "paused" });
  });
});
