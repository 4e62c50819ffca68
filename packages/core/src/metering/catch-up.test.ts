import { describe, expect, test } from "vitest";
import { type Journal, SpentLotsNotRead } from "../ledger/journal.ts";
import {
  aLot,
  aScan,
  at,
  type BooksFacts,
  books,
  listening,
  listeningFrom,
  lotId,
  lotIn,
  noon,
  scanIn,
} from "../testing/builders.ts";
import { catchUp, type Service } from "./catch-up.ts";

const DAY = 24 * 60;

function caughtUp(facts: BooksFacts, service: Service = listening): Journal {
  const journal = books(facts);
  catchUp(journal, service);
  return journal;
}

const booked = (journal: Journal) =>
  journal.postings.map(({ kind, bookedAt }) => [kind, bookedAt] as const);

describe("an hour", () => {
  const scans = [aScan({ lastSeenAt: at(59) })];

  test("is debited at sixty minutes, and not a millisecond before", () => {
    expect(caughtUp({ now: at(60, -1), lots: [aLot()], scans }).postings).toEqual([]);
    expect(caughtUp({ now: at(60), lots: [aLot()], scans }).postings).toMatchObject([
      { kind: "debit", hour: 2, bookedAt: at(60), entries: [{ amount: 1, lotId: lotId("a") }] },
    ]);
  });

  test("is debited once, however often somebody looks", () => {
    const journal = caughtUp({ now: at(60), lots: [aLot()], scans });
    catchUp(journal, listening);
    expect(journal.postings).toHaveLength(1);
  });

  test("that came due while nobody worked is booked at its own boundary", () => {
    const journal = caughtUp({
      now: at(190),
      lots: [aLot()],
      scans: [aScan({ lastSeenAt: at(189) })],
    });
    expect(booked(journal)).toEqual([
      ["debit", at(60)],
      ["debit", at(120)],
      ["debit", at(180)],
    ]);
    expect(journal.postings[0]).toMatchObject({ recordedAt: at(190) });
  });

  test("beyond the fifth costs nothing", () => {
    const journal = caughtUp({
      now: at(999),
      lots: [aLot()],
      scans: [aScan({ lastSeenAt: at(998) })],
    });
    expect(booked(journal).map(([, bookedAt]) => bookedAt)).toEqual([
      at(60),
      at(120),
      at(180),
      at(240),
    ]);
    expect(scanIn(journal)).toMatchObject({ state: "running", nextDueAt: at(3 * DAY) });
  });

  test("of an unlimited scan is never debited", () => {
    const scan = aScan({ mode: "unlimited", hours: 0, lastSeenAt: at(998) });
    expect(caughtUp({ now: at(999), lots: [aLot()], scans: [scan] }).postings).toEqual([]);
  });

  test("is not reached while the scan is paused", () => {
    const scan = aScan({ state: "paused", activeSince: null, activeMs: 1, lastSeenAt: at(998) });
    expect(caughtUp({ now: at(999), lots: [aLot()], scans: [scan] }).postings).toEqual([]);
  });
});

describe("a late hour is judged against the lots of its own boundary", () => {
  const scans = [aScan({ lastSeenAt: at(70) })];

  test("so a lot that has expired since still pays", () => {
    const lots = [aLot({ remaining: 1, expiresAt: at(60, 1) }), aLot({ id: "b" })];
    const journal = caughtUp({ now: at(70), lots, scans });
    expect(booked(journal)).toEqual([["debit", at(60)]]);
    expect(lotIn(journal, "a").remaining).toBe(0);
  });

  test("so a lot that expired at the boundary does not pay, and is written off first", () => {
    const lots = [aLot({ remaining: 1, expiresAt: at(60) }), aLot({ id: "b", remaining: 1 })];
    const journal = caughtUp({ now: at(70), lots, scans });
    expect(booked(journal)).toEqual([
      ["breakage", at(60)],
      ["debit", at(60)],
    ]);
    expect(lotIn(journal, "b").remaining).toBe(0);
  });

  test("so a lot that became effective since does not pay", () => {
    const lots = [aLot({ effectiveAt: at(60, 1) })];
    expect(scanIn(caughtUp({ now: at(70), lots, scans })).state).toBe("paused");
  });
});

describe("out of credits, a scan", () => {
  const lots = [aLot({ remaining: 1 })];
  const scans = [aScan({ lastSeenAt: at(150) })];

  test("is paused as of the boundary, waiting for credits", () => {
    const journal = caughtUp({ now: at(151), lots, scans });
    expect(booked(journal)).toEqual([
      ["debit", at(60)],
      ["scan_paused", at(120)],
    ]);
    expect(scanIn(journal)).toMatchObject({
      state: "paused",
      pausedFor: "credits",
      waitingSince: at(120),
      activeMs: 120 * 60_000,
      activeSince: null,
      nextDueAt: at(120 + DAY),
    });
  });

  test("goes on and owes the hour, if its account chose that admitted scans finish", () => {
    const journal = caughtUp({ now: at(151), lots, scans, whenOutOfCredits: "finish" });
    expect(journal.postings.at(-1)).toMatchObject({
      kind: "debit",
      hour: 3,
      entries: [{ from: "customer", to: "usage", amount: 1, lotId: null }],
      balanceAfter: 0,
      debtAfter: 1,
    });
    expect(scanIn(journal).state).toBe("running");
  });

  test("owes at most four hours", () => {
    const journal = caughtUp({
      now: at(999),
      scans: [aScan({ lastSeenAt: at(998) })],
      whenOutOfCredits: "finish",
    });
    expect(journal.account.debt).toBe(4);
  });
});

describe("waiting for credits", () => {
  const waiting = (lastSeenAt: number) =>
    aScan({
      state: "paused",
      pausedFor: "credits",
      activeSince: null,
      activeMs: 3_600_000,
      waitingSince: at(60),
      lastSeenAt: at(lastSeenAt),
    });

  test("ends the scan as stopped after twenty-four hours, and not a millisecond before", () => {
    const scans = [waiting(60 + DAY)];
    expect(caughtUp({ now: at(60 + DAY, -1), scans }).postings).toEqual([]);
    expect(scanIn(caughtUp({ now: at(60 + DAY), scans }))).toMatchObject({
      state: "stopped",
      endedAt: at(60 + DAY),
      endedBy: "platform",
      endReason: "waited_for_credits",
    });
  });

  test("keeps the hours that were started", () => {
    expect(scanIn(caughtUp({ now: at(61 + DAY), scans: [waiting(60 + DAY)] })).hours).toHaveLength(
      1,
    );
  });

  test("does not end by itself when credits are there; somebody has to resume it", () => {
    const journal = caughtUp({ now: at(70), lots: [aLot()], scans: [waiting(70)] });
    expect(journal.postings).toEqual([]);
  });
});

describe("a scan may stay open for seventy-two hours", () => {
  test("and is stopped at that instant, keeping its hours", () => {
    const scans = [aScan({ hours: 5, lastSeenAt: at(3 * DAY) })];
    expect(caughtUp({ now: at(3 * DAY, -1), scans }).postings).toEqual([]);
    const ended = scanIn(caughtUp({ now: at(3 * DAY), scans }));
    expect(ended).toMatchObject({
      state: "stopped",
      endReason: "open_limit",
      endedAt: at(3 * DAY),
    });
    expect(ended.hours).toHaveLength(5);
  });

  test("paused or not", () => {
    const paused = aScan({ state: "paused", activeSince: null, lastSeenAt: at(3 * DAY) });
    expect(scanIn(caughtUp({ now: at(3 * DAY), scans: [paused] })).state).toBe("stopped");
  });
});

describe("what comes due for one scan at the same instant", () => {
  const limit = at(3 * DAY);

  test("is its loss, if its runner is lost just when the scan has been open for too long", () => {
    const scans = [aScan({ hours: 5, lastSeenAt: at(3 * DAY - 5) })];
    expect(scanIn(caughtUp({ now: limit, scans }))).toMatchObject({
      state: "lost",
      endedAt: limit,
    });
  });

  test("is its end, not the hour that would have started there", () => {
    const resumed = { activeMs: 0, activeSince: at(3 * DAY - 60), lastSeenAt: at(3 * DAY - 1) };
    const journal = caughtUp({ now: limit, lots: [aLot()], scans: [aScan(resumed)] });
    expect(booked(journal)).toEqual([["scan_ended", limit]]);
  });
});

describe("a silent runner", () => {
  const lots = [aLot({ granted: 10, remaining: 3 })];

  test("is lost after five minutes, and not a millisecond before", () => {
    const scans = [aScan({ lastSeenAt: at(10) })];
    expect(caughtUp({ now: at(15, -1), lots, scans }).postings).toEqual([]);
    expect(scanIn(caughtUp({ now: at(15), lots, scans }))).toMatchObject({
      state: "lost",
      endedAt: at(15),
      endedBy: "platform",
      endReason: "lost",
      activeMs: 10 * 60_000,
    });
  });

  test("that is noticed late is lost as of its five minutes all the same", () => {
    const journal = caughtUp({ now: at(500), lots, scans: [aScan({ lastSeenAt: at(10) })] });
    expect(booked(journal)).toEqual([["scan_ended", at(15)]]);
  });

  test("gets an hour back whose boundary lies after its last sign of life", () => {
    const journal = caughtUp({ now: at(70), lots, scans: [aScan({ lastSeenAt: at(58) })] });
    expect(booked(journal)).toEqual([
      ["debit", at(60)],
      ["scan_ended", at(63)],
      ["return", at(63)],
    ]);
    expect(journal.postings[2]).toMatchObject({
      hour: 2,
      reverses: journal.postings[0]?.version,
      entries: [{ from: "usage", to: "customer", amount: 1, lotId: lotId("a") }],
    });
    expect(lotIn(journal).remaining).toBe(3);
    expect(scanIn(journal).hours).toHaveLength(1);
  });

  test("pays what the scan would have cost if it had ended at its last sign of life", () => {
    const seen = (ms: number) =>
      scanIn(caughtUp({ now: at(70), lots, scans: [aScan({ lastSeenAt: at(60, ms) })] })).hours
        .length;
    expect(seen(-1)).toBe(1);
    expect(seen(0)).toBe(1);
    expect(seen(1)).toBe(2);
  });

  test("pays its first hour, even if it was never heard again", () => {
    expect(scanIn(caughtUp({ now: at(5), lots, scans: [aScan()] })).hours).toHaveLength(1);
  });

  test("gets the hour back even if its user paused the scan after the last sign of life", () => {
    const seen = (ms: number) => {
      const paused = aScan({
        hours: 2,
        lastSeenAt: at(60, ms),
        state: "paused",
        pausedFor: "user",
        activeMs: 62 * 60_000,
        activeSince: null,
      });
      return scanIn(caughtUp({ now: at(66), lots, scans: [paused] })).hours.length;
    };
    expect(seen(-1)).toBe(1);
    expect(seen(0)).toBe(1);
    expect(seen(1)).toBe(2);
  });

  test("is lost while paused, too", () => {
    const paused = aScan({ state: "paused", activeSince: null, lastSeenAt: at(10) });
    expect(scanIn(caughtUp({ now: at(15), lots, scans: [paused] })).state).toBe("lost");
  });

  test("of an unlimited scan is lost and owes nothing", () => {
    const journal = caughtUp({
      now: at(15),
      scans: [aScan({ mode: "unlimited", hours: 0, lastSeenAt: at(10) })],
    });
    expect(booked(journal)).toEqual([["scan_ended", at(15)]]);
  });
});

describe("a credit that comes back to a lot past its date is forfeited", () => {
  const scans = [aScan({ hours: 1, lastSeenAt: at(58) })];

  test("at once, if the date passed before it came back", () => {
    const lots = [aLot({ remaining: 1, expiresAt: at(63) })];
    const journal = caughtUp({ now: at(70), lots, scans });
    expect(booked(journal)).toEqual([
      ["debit", at(60)],
      ["scan_ended", at(63)],
      ["return", at(63)],
      ["breakage", at(63)],
    ]);
    expect(journal.account.balance).toBe(0);
  });

  test("at that date, if it came back a millisecond before", () => {
    const lots = [aLot({ remaining: 1, expiresAt: at(63, 1) })];
    const journal = caughtUp({ now: at(70), lots, scans });
    expect(booked(journal).at(-1)).toEqual(["breakage", at(63, 1)]);
  });
});

describe("for whoever asked for renewal, paid credits past their date", () => {
  const renewing = { keepsExpired: true };

  test("are frozen at it, and written off when their time is over, however late somebody looks", () => {
    const lots = [
      aLot({ id: "a", remaining: 3, expiresAt: at(20) }),
      aLot({ id: "b", remaining: 2, expiresAt: at(10) }),
      aLot({ id: "gift", kind: "free", remaining: 1, expiresAt: at(15) }),
    ];
    const frozen = caughtUp({ now: at(14 * DAY + 10, -1), lots, ...renewing });
    expect(booked(frozen)).toEqual([
      ["freeze", at(10)],
      ["breakage", at(15)],
      ["freeze", at(20)],
    ]);
    expect(lotIn(frozen, "a")).toMatchObject({ remaining: 0, frozen: 3, kept: 3 });
    const gone = caughtUp({ now: at(99 * DAY), lots, ...renewing });
    expect(booked(gone).slice(3)).toEqual([
      ["breakage", at(14 * DAY + 10)],
      ["breakage", at(14 * DAY + 20)],
    ]);
    expect(lotIn(gone, "a")).toMatchObject({ remaining: 0, frozen: 0, kept: 0 });
  });

  test("are out of reach of an hour of that instant", () => {
    const lots = [aLot({ expiresAt: at(60) })];
    const scans = [aScan({ lastSeenAt: at(59) })];
    const journal = caughtUp({ now: at(60), lots, scans, ...renewing });
    expect(booked(journal)).toEqual([
      ["freeze", at(60)],
      ["scan_paused", at(60)],
    ]);
  });

  test("keep the time they have left, although renewal was switched off since", () => {
    const kept = aLot({ remaining: 0, kept: 4, expiresAt: at(10) });
    expect(caughtUp({ now: at(14 * DAY + 10, -1), lots: [kept] }).postings).toEqual([]);
    expect(booked(caughtUp({ now: at(14 * DAY + 10), lots: [kept] }))).toEqual([
      ["breakage", at(14 * DAY + 10)],
    ]);
  });

  test("leave what a dispute froze of the same lot to it", () => {
    const lots = [aLot({ remaining: 1, frozen: 4, expiresAt: at(10) })];
    const journal = caughtUp({ now: at(99 * DAY), lots, ...renewing });
    expect(lotIn(journal)).toMatchObject({ remaining: 0, frozen: 4, kept: 0 });
  });

  test("take in one that comes back, as long as its neighbours are kept", () => {
    const scans = [aScan({ hours: 2, lastSeenAt: at(58) })];
    const back = (expiresAt: number) => {
      const lots = [aLot({ remaining: 0, kept: 2, expiresAt: at(expiresAt) })];
      return lotIn(caughtUp({ now: at(63), lots, scans, ...renewing }));
    };
    expect(back(10)).toMatchObject({ remaining: 0, kept: 3 });
    expect(back(63 - 14 * DAY)).toMatchObject({ remaining: 0, kept: 0 });
  });
});

describe("an hour that was debt comes back", () => {
  const lost = aScan({
    lastSeenAt: at(58),
    hours: [
      { version: 1, boundary: noon, lotId: lotId("a") },
      { version: 2, boundary: at(60), lotId: null },
    ],
  });

  test("as less debt while there is some", () => {
    const journal = caughtUp({ now: at(63), lots: [aLot()], scans: [lost], debt: 2 });
    expect(journal.account.debt).toBe(1);
    expect(lotIn(journal).remaining).toBe(10);
  });

  test("as a paid credit once a purchase has repaid it", () => {
    const lots = [
      aLot({ id: "gift", kind: "free", remaining: 1, expiresAt: at(9_000) }),
      aLot({ id: "full", granted: 4, remaining: 4, expiresAt: at(9_000) }),
      aLot({ id: "sooner", remaining: 1, expiresAt: at(7_000) }),
      aLot({ id: "payer", remaining: 1, expiresAt: at(8_000) }),
      aLot({ id: "spent", granted: 4, remaining: 0, expiresAt: at(9_000) }),
    ];
    const journal = caughtUp({ now: at(63), lots, scans: [lost] });
    expect(lotIn(journal, "payer").remaining).toBe(2);
  });

  test("to a living lot, spent as it may be, before one whose date has passed", () => {
    const lots = [
      aLot({ id: "kept", remaining: 0, kept: 2, expiresAt: at(1) }),
      aLot({ id: "spent", granted: 4, remaining: 0, expiresAt: at(9_000) }),
    ];
    const journal = caughtUp({ now: at(63), lots, scans: [lost] });
    expect(lotIn(journal, "spent").remaining).toBe(1);
    expect(lotIn(journal, "kept").kept).toBe(2);
  });

  test("without ever overfilling a lot another hour comes back to", () => {
    const lots = [
      aLot({ id: "a", granted: 1, remaining: 0, expiresAt: at(9_000) }),
      aLot({ id: "b", granted: 1, remaining: 0, expiresAt: at(8_000) }),
    ];
    const started = [
      { version: 1, boundary: noon, lotId: lotId("b") },
      { version: 2, boundary: at(60), lotId: lotId("a") },
      { version: 3, boundary: at(120), lotId: null },
    ];
    const journal = caughtUp({
      now: at(63),
      lots,
      scans: [aScan({ lastSeenAt: at(58), hours: started })],
    });
    expect([lotIn(journal, "a").remaining, lotIn(journal, "b").remaining]).toEqual([1, 1]);
  });

  test("asks for the spent lots if no other can take it", () => {
    expect(() => caughtUp({ now: at(63), scans: [lost] })).toThrow(SpentLotsNotRead);
  });
});

describe("after the service was away", () => {
  const lots = [aLot({ granted: 10, remaining: 3 })];
  const scans = [aScan({ lastSeenAt: at(10) })];
  const back = listeningFrom(at(130));

  test("silence counts from the return, because nobody could be heard before", () => {
    expect(scanIn(caughtUp({ now: at(135, -1), lots, scans }, back)).state).toBe("running");
    expect(scanIn(caughtUp({ now: at(135), lots, scans }, back))).toMatchObject({
      state: "lost",
      endedAt: at(135),
      activeMs: 10 * 60_000,
    });
  });

  test("an hour that nobody can vouch for waits for a sign of life", () => {
    expect(caughtUp({ now: at(131), lots, scans }, back).postings).toEqual([]);
  });

  test("a sign of life vouches for all hours until then, each at its own boundary", () => {
    const heard = [aScan({ lastSeenAt: at(131) })];
    expect(booked(caughtUp({ now: at(131), lots, scans: heard }, back))).toEqual([
      ["debit", at(60)],
      ["debit", at(120)],
    ]);
  });

  test("a runner that is lost after all pays for none of them", () => {
    const journal = caughtUp({ now: at(200), lots, scans }, back);
    expect(booked(journal)).toEqual([["scan_ended", at(135)]]);
  });

  test("an hour is proven by a sign of life less than five minutes before it", () => {
    const seen = (ms: number) =>
      caughtUp({ now: at(131), lots, scans: [aScan({ lastSeenAt: at(55, ms) })] }, back).postings;
    expect(seen(0)).toEqual([]);
    expect(seen(1)).toHaveLength(1);
  });

  test("an unproven hour keeps the lots that it may still draw from", () => {
    const dying = [aLot({ granted: 10, remaining: 3, expiresAt: at(60, 1) })];
    expect(caughtUp({ now: at(131), lots: dying, scans }, back).postings).toEqual([]);
    const heard = [aScan({ lastSeenAt: at(131) })];
    expect(booked(caughtUp({ now: at(131), lots: dying, scans: heard }, back))).toEqual([
      ["debit", at(60)],
      ["breakage", at(60, 1)],
      ["scan_paused", at(120)],
    ]);
  });

  test("an unproven hour keeps no lot that had expired by its boundary", () => {
    const dead = [aLot({ expiresAt: at(60) })];
    expect(booked(caughtUp({ now: at(131), lots: dead, scans }, back))).toEqual([
      ["breakage", at(60)],
    ]);
  });

  test("one scan's unproven hour does not hold back the hours of another", () => {
    const other = aScan({ id: "u", startedAt: at(20), lastSeenAt: at(131) });
    const journal = caughtUp({ now: at(131), lots, scans: [...scans, other] }, back);
    expect(scanIn(journal, "u").hours).toHaveLength(2);
    expect(scanIn(journal, "s").hours).toHaveLength(1);
  });
});

describe("what is due is done in the order of its instants", () => {
  test("so the hour that started first gets the last credit, however the scans were read", () => {
    const first = aScan({ id: "z", startedAt: at(0), lastSeenAt: at(61) });
    const second = aScan({ id: "a", startedAt: at(0, 1), lastSeenAt: at(61) });
    for (const scans of [
      [first, second],
      [second, first],
    ]) {
      const journal = caughtUp({ now: at(61), lots: [aLot({ remaining: 1 })], scans });
      expect(scanIn(journal, "z").state).toBe("running");
      expect(scanIn(journal, "a").state).toBe("paused");
    }
  });

  test("at the same instant the smaller id comes first, however the scans were read", () => {
    const twins = [aScan({ id: "a", lastSeenAt: at(59) }), aScan({ id: "b", lastSeenAt: at(59) })];
    for (const scans of [twins, twins.toReversed()]) {
      const journal = caughtUp({ now: at(60), lots: [aLot({ remaining: 1 })], scans });
      expect(scanIn(journal, "a").state).toBe("running");
      expect(scanIn(journal, "b").state).toBe("paused");
    }
  });

  test("so a credit given back by a lost runner pays an hour a millisecond later, not one of its instant", () => {
    const lost = aScan({ id: "a", hours: 2, lastSeenAt: at(58) });
    const paying = (ms: number) => {
      const other = aScan({ id: "b", startedAt: at(3, ms), lastSeenAt: at(63) });
      const lots = [aLot({ granted: 9, remaining: 0 })];
      return scanIn(caughtUp({ now: at(64), lots, scans: [lost, other] }), "b").state;
    };
    expect(paying(0)).toBe("paused");
    expect(paying(1)).toBe("running");
  });

  test("so lots are written off at their dates, the earliest first", () => {
    const lots = [
      aLot({ id: "a", remaining: 1, expiresAt: at(20) }),
      aLot({ id: "b", remaining: 2, expiresAt: at(10) }),
    ];
    const journal = caughtUp({ now: at(20), lots });
    expect(booked(journal)).toEqual([
      ["breakage", at(10)],
      ["breakage", at(20)],
    ]);
    expect(journal.account.balance).toBe(0);
  });
});
