import { describe, expect, test } from "vitest";
import { balanceAt } from "../ledger/balance.ts";
import type { Journal } from "../ledger/journal.ts";
import type { Lot } from "../ledger/lot.ts";
import { someSettings } from "../testing/auto-top-ups.ts";
import { aLot, at, books, lotId, lotIn, noon, reopened } from "../testing/builders.ts";
import { aTopUp } from "../testing/purchases.ts";
import { credits, type Instant, instant } from "../units.ts";
import {
  decideForfeit,
  decideFreezeAtExpiry,
  decideRevive,
  type ExpiryHold,
  joinHolds,
  keepsExpired,
  keptAt,
  listToForfeit,
  planFrozenExpiry,
} from "./frozen-expiry.ts";

const DAY = 24 * 60;
const nextYear = instant(Date.UTC(2027, 2, 11, 12));
const expired = (change: Parameters<typeof aLot>[0] = {}) =>
  aLot({ remaining: 3, expiresAt: noon, ...change });

function frozen(journal: Journal, lot: Lot, isKept = true): ExpiryHold | null {
  return decideFreezeAtExpiry(journal, {
    lot,
    amount: lot.remaining,
    bookedAt: lot.expiresAt,
    isKept,
  });
}

function held(journal: Journal, lot: Lot): ExpiryHold {
  const hold = frozen(journal, lot);
  if (hold === null) throw new Error("It was forfeited.");
  return hold;
}

const revived = (journal: Journal, holds: readonly ExpiryHold[]) =>
  decideRevive(journal, {
    holds,
    paymentIntentId: "pi_1",
    topUpId: aTopUp().id,
    newExpiresAt: nextYear,
  });

test("credits are kept for whoever asked for renewal, and for nobody else", () => {
  expect(keepsExpired(someSettings())).toBe(true);
  expect(keepsExpired(someSettings({ triggers: { beforeExpiry: false } }))).toBe(false);
  expect(keepsExpired(someSettings({ enabled: false }))).toBe(false);
});

describe("at their date", () => {
  test("paid credits are frozen and not forfeited: out of reach, and still in their lot", () => {
    const lot = expired();
    const journal = books({ now: at(1), lots: [lot] });
    expect(frozen(journal, lot)).toEqual({
      lotId: lotId("a"),
      amount: 3,
      frozenAt: noon,
      forfeitAt: at(14 * DAY),
    });
    expect(journal.postings).toMatchObject([
      {
        kind: "freeze",
        bookedAt: noon,
        recordedAt: at(1),
        entries: [{ from: "customer", to: "holds", amount: 3, lotId: lotId("a") }],
        reason: "frozen_at_expiry",
        balanceAfter: 0,
      },
    ]);
    expect(lotIn(journal)).toMatchObject({ remaining: 0, frozen: 3 });
    expect(balanceAt(journal.account, journal.lots, at(1))).toMatchObject({ available: 0 });
  });

  test("they are forfeited for whoever did not ask for renewal", () => {
    const lot = expired();
    const journal = books({ now: at(1), lots: [lot] });
    expect(frozen(journal, lot, false)).toBeNull();
    expect(journal.postings).toMatchObject([{ kind: "breakage", bookedAt: noon }]);
  });

  test("free credits are forfeited in any case", () => {
    const lot = expired({ kind: "free" });
    const journal = books({ now: at(1), lots: [lot] });
    expect(frozen(journal, lot)).toBeNull();
    expect(journal.postings).toMatchObject([{ kind: "breakage" }]);
  });

  test("the plan names what is paid, past its date and not gone, in the order of the dates", () => {
    const lots = [
      expired({ id: "b" }),
      expired({ id: "free", kind: "free" }),
      expired({ id: "alive", expiresAt: at(0, 1) }),
      expired({ id: "spent", remaining: 0, frozen: 2 }),
      expired({ id: "a", expiresAt: at(-60), effectiveAt: at(-90) }),
      expired({ id: "long ago", expiresAt: at(-14 * DAY), effectiveAt: at(-20 * DAY) }),
    ];
    const plan = planFrozenExpiry(lots, noon);
    expect(plan.map((hold) => hold.lotId)).toEqual([lotId("a"), lotId("b")]);
  });

  test("a credit that comes back later joins the others and is kept no longer than they are", () => {
    const lot = expired();
    const journal = books({ now: at(5 * DAY), lots: [lot] });
    const comesBack = (bookedAt: Instant) =>
      decideFreezeAtExpiry(journal, { lot, amount: credits(1), bookedAt, isKept: true });
    const late = comesBack(at(5 * DAY)) as ExpiryHold;
    expect(late).toMatchObject({ amount: 1, forfeitAt: at(14 * DAY) });
    expect(joinHolds(null, late)).toBe(late);
    expect(joinHolds(late, late).amount).toBe(2);
    expect(comesBack(at(14 * DAY))).toBeNull();
    expect(journal.postings.map(({ kind }) => kind)).toEqual(["freeze", "breakage"]);
    expect(new Set(journal.postings.map(({ key }) => key)).size).toBe(2);
  });
});

describe("the next successful purchase", () => {
  function kept(...lots: Lot[]) {
    const journal = books({ now: noon, lots });
    const holds = lots.filter((lot) => lot.remaining > 0).map((lot) => held(journal, lot));
    return { journal, holds };
  }

  test("revives them with the new date, in one posting under the payment's own key", () => {
    const { journal, holds } = kept(expired({ id: "b", remaining: 2 }), expired({ id: "a" }));
    const later = reopened(journal, at(DAY));
    expect(revived(later, holds)).toEqual([
      { lotId: lotId("a"), oldExpiresAt: noon, newExpiresAt: nextYear },
      { lotId: lotId("b"), oldExpiresAt: noon, newExpiresAt: nextYear },
    ]);
    expect(later.postings).toMatchObject([
      {
        kind: "release",
        key: "revival-pi_1",
        entries: [
          { from: "holds", to: "customer", amount: 3 },
          { from: "holds", to: "customer", amount: 2 },
        ],
        reason: "revived",
        topUpId: "top_1",
      },
    ]);
    expect(lotIn(later)).toMatchObject({ remaining: 3, frozen: 0, expiresAt: nextYear });
    expect(balanceAt(later.account, later.lots, at(DAY)).available).toBe(5);
  });

  test("leaves what a dispute holds in the same lot where it is", () => {
    const { journal, holds } = kept(expired({ frozen: 4 }));
    const later = reopened(journal, at(DAY));
    revived(later, holds);
    expect(lotIn(later)).toMatchObject({ remaining: 3, frozen: 4 });
  });

  test("comes in time up to the last millisecond, and not at the instant they are gone", () => {
    for (const [now, count] of [
      [at(14 * DAY, -1), 1],
      [at(14 * DAY), 0],
    ] as const) {
      const { journal, holds } = kept(expired());
      const later = reopened(journal, now);
      expect(revived(later, holds)).toHaveLength(count);
      expect(later.postings).toHaveLength(count);
    }
  });

  test("books nothing when nothing is kept", () => {
    const journal = books();
    expect(revived(journal, [])).toEqual([]);
    expect(journal.postings).toEqual([]);
  });
});

describe("credits nobody came back for", () => {
  test("are written off from the instant their time is over, dated at it", () => {
    const lot = expired({ frozen: 4 });
    const journal = books({ now: noon, lots: [lot] });
    const hold = held(journal, lot);
    expect(listToForfeit([hold], at(14 * DAY, -1))).toEqual([]);
    expect(listToForfeit([hold], at(14 * DAY))).toEqual([hold]);
    const later = reopened(journal, at(20 * DAY));
    decideForfeit(later, hold);
    expect(later.postings).toMatchObject([
      {
        kind: "breakage",
        bookedAt: at(14 * DAY),
        recordedAt: at(20 * DAY),
        entries: [
          { from: "holds", to: "customer", amount: 3 },
          { from: "customer", to: "breakage", amount: 3 },
        ],
        reason: "kept_too_long",
        balanceAfter: 0,
      },
    ]);
    expect(lotIn(later)).toMatchObject({ remaining: 0, frozen: 4 });
  });

  test("go in the order in which their time ended", () => {
    const hold = (id: string, day: number): ExpiryHold => ({
      lotId: lotId(id),
      amount: credits(1),
      frozenAt: noon,
      forfeitAt: at(day * DAY),
    });
    const holds = [hold("c", 2), hold("b", 1), hold("a", 2)];
    expect(listToForfeit(holds, at(3 * DAY)).map((one) => one.lotId)).toEqual(
      ["b", "a", "c"].map(lotId),
    );
  });

  test("were shown until then, with the first instant at which some of them go", () => {
    const holds: ExpiryHold[] = [
      { lotId: lotId("a"), amount: credits(3), frozenAt: noon, forfeitAt: at(20) },
      { lotId: lotId("b"), amount: credits(2), frozenAt: at(5), forfeitAt: at(10) },
    ];
    expect(keptAt(holds, at(5))).toEqual({ credits: 5, until: at(10) });
    expect(keptAt(holds, at(10))).toEqual({ credits: 3, until: at(20) });
    expect(keptAt(holds, at(20))).toBeNull();
  });
});
