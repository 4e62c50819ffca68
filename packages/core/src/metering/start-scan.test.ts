import { describe, expect, test } from "vitest";
import { idOf } from "../ids.ts";
import {
  aLot,
  aScan,
  at,
  type BooksFacts,
  books,
  lotId,
  lotIn,
  noon,
  scanId,
  scanIn,
} from "../testing/builders.ts";
import { decideStartScan, type StartScan } from "./start-scan.ts";

const target = { id: idOf("target", "t"), mode: "credits", isArchived: false } as const;

function starting(facts: BooksFacts, change: Partial<StartScan> = {}) {
  const journal = books(facts);
  const outcome = decideStartScan(journal, {
    scanId: scanId("new"),
    targetId: target.id,
    target,
    runnerKeyId: idOf("runnerKey", "k"),
    label: "nightly",
    startKey: "key",
    fingerprint: "this target, nightly",
    earlier: null,
    ...change,
  });
  return { journal, outcome };
}

const refusal = (facts: BooksFacts, change?: Partial<StartScan>) => {
  const { outcome, journal } = starting(facts, change);
  expect(journal.postings).toEqual([]);
  expect([...journal.changedScans]).toEqual([]);
  return outcome.ok ? null : outcome.refusal;
};

describe("starting a scan", () => {
  test("debits its first hour in the same posting that creates it", () => {
    const { journal, outcome } = starting({ lots: [aLot({ remaining: 3 })] });
    expect(journal.postings).toMatchObject([
      {
        kind: "debit",
        key: `hour-${scanId("new")}-1`,
        hour: 1,
        bookedAt: noon,
        entries: [{ from: "customer", to: "usage", amount: 1, lotId: lotId("a") }],
        balanceAfter: 2,
      },
    ]);
    expect(outcome).toEqual({ ok: true, value: scanIn(journal, "new") });
    expect(scanIn(journal, "new")).toMatchObject({
      state: "running",
      startedAt: noon,
      activeSince: noon,
      lastSeenAt: noon,
      hours: [{ version: 101, boundary: noon, lotId: lotId("a") }],
      nextDueAt: at(60),
      label: "nightly",
      revision: 0,
    });
  });

  test("needs one credit, not the five it may cost", () => {
    expect(starting({ lots: [aLot({ remaining: 1 })] }).outcome.ok).toBe(true);
  });

  test("without a credit is refused, and says what is missing", () => {
    expect(refusal({ lots: [aLot({ remaining: 0 })] })).toEqual({
      code: "insufficient_credits",
      required: 1,
      available: 0,
    });
  });

  test("is paid by a lot in its last millisecond, and not at the instant it expires", () => {
    const lots = [aLot({ remaining: 1, expiresAt: at(60) })];
    expect(starting({ now: at(60, -1), lots }).outcome.ok).toBe(true);
    expect(refusal({ now: at(60), lots })).toMatchObject({ code: "insufficient_credits" });
  });

  test("needs a credit beyond what the account owes", () => {
    const lots = [aLot({ kind: "free", remaining: 3 })];
    expect(starting({ lots, debt: 2 }).outcome.ok).toBe(true);
    expect(refusal({ lots, debt: 3 })).toMatchObject({ required: 1, available: 0 });
  });

  test("never makes debt, even for an account whose scans may finish on it", () => {
    expect(refusal({ whenOutOfCredits: "finish" })).toMatchObject({ code: "insufficient_credits" });
  });
});

describe("a scan of an unlimited target", () => {
  const unlimited = { ...target, mode: "unlimited" } as const;

  test("costs nothing and needs no credits, and is still on record", () => {
    const { journal } = starting({}, { target: unlimited });
    expect(scanIn(journal, "new")).toMatchObject({ mode: "unlimited", hours: [] });
    expect(journal.postings).toMatchObject([{ kind: "scan_started", entries: [] }]);
  });

  test("takes no credit from an account that has some", () => {
    const { journal } = starting({ lots: [aLot({ remaining: 3 })] }, { target: unlimited });
    expect(lotIn(journal).remaining).toBe(3);
  });
});

test("an unknown target and an archived one are refused alike", () => {
  const expected = { code: "target_not_found", targetId: target.id };
  expect(refusal({ lots: [aLot()] }, { target: null })).toEqual(expected);
  expect(refusal({ lots: [aLot()] }, { target: { ...target, isArchived: true } })).toEqual(
    expected,
  );
});

describe("the same key again", () => {
  const earlier = aScan({ id: "old", startFingerprint: "this target, nightly", hours: 3 });

  test("answers with the scan it started, as it stands now, and books nothing", () => {
    const { journal, outcome } = starting({ lots: [aLot()] }, { earlier });
    expect(outcome).toEqual({ ok: true, value: earlier });
    expect(journal.postings).toEqual([]);
  });

  test("answers so even if the credits are gone and the target is archived", () => {
    const archived = { ...target, isArchived: true };
    expect(starting({}, { earlier, target: archived }).outcome.ok).toBe(true);
  });

  test("for another scan is refused, before anything else that may be wrong", () => {
    expect(refusal({}, { earlier, fingerprint: "something else", target: null })).toEqual({
      code: "idempotency_key_reused",
      key: "key",
    });
  });
});

test("a missing target is told before missing credits", () => {
  expect(refusal({}, { target: null })).toMatchObject({ code: "target_not_found" });
});
