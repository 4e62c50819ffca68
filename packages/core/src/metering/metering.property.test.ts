/** What a scan costs and when, whatever happens to it. The time it ran is added up here, by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Journal } from "../ledger/journal.ts";
import { settings } from "../settings.ts";
import { arbitraryDuration, arbitraryInstant, arbitraryLots } from "../testing/arbitraries.ts";
import {
  aLot,
  aScan,
  at,
  books,
  listening,
  listeningFrom,
  lotId,
  noon,
  reopened,
  scanIn,
} from "../testing/builders.ts";
import { instant } from "../units.ts";
import { catchUp, type Service } from "./catch-up.ts";
import { decideFinish } from "./finish-scan.ts";
import { decideHeartbeat } from "./heartbeat.ts";
import { decidePause, decideResume } from "./pause-scan.ts";
import type { Scan } from "./scan.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

function cost(activeMs: number): number {
  return Math.min(5, Math.max(1, Math.ceil(activeMs / HOUR)));
}

const arbitraryLife = fc.record({
  // Less than three days altogether, so that the scan is not stopped for being open too long.
  stages: fc.array(
    fc.record({
      runs: arbitraryDuration,
      pauses: arbitraryDuration,
      by: fc.constantFrom("user" as const, "runner" as const),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  /** How a stage is lived through: looked at now and then, or left alone until its end. */
  looks: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
});

describe("a scan with credits enough", () => {
  test("costs its started hours, at least one and at most five, however it was paused", () => {
    fc.assert(
      fc.property(arbitraryLife, ({ stages, looks }) => {
        let journal = books({ lots: [aLot({ granted: 100, remaining: 99 })], scans: [aScan()] });
        let now: number = noon;
        let ran = 0;
        // However long nobody looked: the service was away, and hears the runner now.
        const look = (ms: number) => {
          journal = reopened(journal, instant(ms));
          catchUp(journal, listeningFrom(journal.now));
          decideHeartbeat(journal, scanIn(journal));
        };
        const pass = (ms: number) => {
          for (const part of looks.toSorted()) look(now + Math.floor(ms * part));
          now += ms;
          look(now);
        };
        for (const { runs, pauses, by } of stages) {
          pass(runs);
          ran += runs;
          decidePause(journal, scanIn(journal), by);
          pass(pauses);
          expect(decideResume(journal, scanIn(journal), by).ok).toBe(true);
        }
        decideFinish(journal, scanIn(journal), { outcome: "completed", fault: null, by: "runner" });
        const scan = scanIn(journal);
        expect(scan.activeMs).toBe(ran);
        expect(scan.hours).toHaveLength(cost(ran));
        expect(journal.account.balance).toBe(99 + 1 - cost(ran));
      }),
    );
  });
});

const letters = ["p", "q", "r"];

const arbitraryScan = fc.record({
  startedAt: arbitraryInstant({ from: -30, to: 90 }),
  seenForMs: fc.oneof(fc.constant(24 * HOUR), arbitraryDuration),
  isUnlimited: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  isOwed: fc.boolean(),
});

const arbitraryAccount = fc
  .record({
    lots: arbitraryLots({ max: 5, remainingMax: 2 }),
    scans: fc.array(arbitraryScan, { minLength: 1, maxLength: letters.length }),
    whenOutOfCredits: fc.constantFrom("pause" as const, "finish" as const),
    debt: fc.integer({ min: 0, max: 5 }),
    keepsExpired: fc.boolean(),
    keptUntil: arbitraryInstant(),
  })
  .map(({ lots, scans, keptUntil, ...rest }) => ({
    ...rest,
    lots: [
      ...lots,
      aLot({
        id: "k",
        remaining: 0,
        kept: 2,
        effectiveAt: instant(0),
        expiresAt: instant(keptUntil - settings.keptForMs),
      }),
      // The lot that paid the first hours, far from its date, with room to take them back.
      aLot({ id: "z", granted: 20, remaining: 0, expiresAt: at(99_999) }),
    ],
    scans: scans.map(({ startedAt, seenForMs, isUnlimited, isOwed }, index) =>
      aScan({
        id: letters[index] ?? "",
        startedAt,
        lastSeenAt: instant(startedAt + seenForMs),
        mode: isUnlimited ? "unlimited" : "credits",
        hours: isUnlimited
          ? []
          : [{ version: 1, boundary: startedAt, lotId: isOwed ? null : lotId("z") }],
      }),
    ),
  }));

/** Everything a posting says but for when it was written down. */
const said = (journal: Journal) => journal.postings.map(({ recordedAt: _, ...rest }) => rest);

/** Catches up at each of the instants and at the end, and tells what was booked on the way. */
function lookAtEach(start: Journal, instants: readonly number[], service: Service) {
  let journal = start;
  const postings: ReturnType<typeof said> = [];
  for (const now of [...instants].sort((a, b) => a - b)) {
    journal = reopened(journal, instant(now));
    // A sign of life that is still to come proves nothing yet.
    catchUp(journal, service);
    postings.push(...said(journal));
  }
  return { postings, journal };
}

describe("catching up", () => {
  test("in one late go books the same as catching up at every instant", () => {
    fc.assert(
      fc.property(
        arbitraryAccount,
        fc.array(arbitraryInstant({ from: 90, to: 600 })),
        (facts, looks) => {
          const end = at(30 * 60);
          const late = books({ ...facts, now: end });
          catchUp(late, listening);
          const dues = late.postings.map(({ bookedAt }) => bookedAt);
          const around = dues.flatMap((due) => [due - 1, due, due + 1]);
          const onTime = lookAtEach(books(facts), [...looks, ...around, end], listening);
          expect(onTime.postings).toEqual(said(late));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("in one late go after an outage leaves the same as catching up at every instant since", () => {
    fc.assert(
      fc.property(
        arbitraryAccount,
        arbitraryInstant({ from: 120, to: 400 }),
        fc.array(fc.integer({ min: 0, max: 10 * MINUTE })),
        (facts, back, looks) => {
          const heardOf = (scan: Scan) => ({
            ...scan,
            lastSeenAt: instant(Math.min(scan.lastSeenAt, back)),
          });
          const scans = facts.scans.map(heardOf);
          const service = listeningFrom(back);
          const end = at(30 * 60);
          const late = books({ ...facts, scans, now: end });
          catchUp(late, service);
          const instants = [back, ...looks.map((ms) => back + ms), end];
          const onTime = lookAtEach(books({ ...facts, scans }), instants, service).journal;
          const left = (journal: Journal) => ({
            lots: [...journal.lots],
            account: journal.account,
          });
          expect(left(onTime)).toEqual(left(late));
        },
      ),
    );
  });

  test("twice at the same instant books nothing the second time", () => {
    fc.assert(
      fc.property(arbitraryAccount, arbitraryInstant({ from: 0, to: 600 }), (facts, now) => {
        const journal = books({ ...facts, now });
        catchUp(journal, listening);
        const count = journal.postings.length;
        catchUp(journal, listening);
        expect(journal.postings).toHaveLength(count);
      }),
    );
  });

  test("does not depend on the order in which lots and scans were read", () => {
    fc.assert(
      fc.property(arbitraryAccount, arbitraryInstant({ from: 0, to: 600 }), (facts, now) => {
        const one = books({ ...facts, now });
        const other = books({
          ...facts,
          now,
          lots: facts.lots.toReversed(),
          scans: facts.scans.toReversed(),
        });
        catchUp(one, listening);
        catchUp(other, listening);
        expect(other.postings).toEqual(one.postings);
      }),
    );
  });
});
