import { describe, expect, test } from "vitest";
import { decideGrant } from "../ledger/grant.ts";
import type { Journal } from "../ledger/journal.ts";
import { bookExpired, bookKeptTooLong, decideRevive } from "../ledger/kept-credits.ts";
import { catchUp } from "../metering/catch-up.ts";
import { decideResume } from "../metering/pause-scan.ts";
import {
  accountId,
  aLot,
  aScan,
  at,
  books,
  listening,
  lotId,
  noon,
  reopened,
  scanIn,
} from "../testing/builders.ts";
import { aTopUp } from "../testing/purchases.ts";
import { credits } from "../units.ts";
import { noticesOfPostings } from "./of-postings.ts";

const DAY = 24 * 60;
const HOUR = 60;

const keeping = (...lots: Parameters<typeof aLot>[0][]) =>
  books({
    keepsExpired: true,
    now: at(5),
    lots: lots.map((lot) => aLot({ expiresAt: noon, ...lot })),
  });

function freeze(journal: Journal) {
  for (const lot of [...journal.lots]) {
    bookExpired(journal, { lot, amount: lot.remaining, bookedAt: lot.expiresAt });
  }
}

describe("credits at their date", () => {
  test("that are kept are told once for the date, with how long there is to bring them back", () => {
    const journal = keeping({ id: "a", remaining: 3 }, { id: "b", remaining: 4 });
    freeze(journal);
    expect(noticesOfPostings(journal)).toEqual([
      {
        key: `kept-${accountId}-${noon}`,
        accountId,
        at: at(5),
        kind: "kept",
        data: { credits: 7, expiredAt: noon, until: at(14 * DAY) },
      },
    ]);
  });

  test("that were forfeited at once are not told to be kept", () => {
    const journal = books({ now: at(5), lots: [aLot({ expiresAt: noon })] });
    freeze(journal);
    expect(journal.postings).toMatchObject([{ kind: "breakage" }]);
    expect(noticesOfPostings(journal)).toEqual([]);
  });

  test("that a purchase brought back in the same commit are kept no more", () => {
    const journal = keeping({ remaining: 3 });
    freeze(journal);
    decideRevive(journal, {
      paymentIntentId: "pi_1",
      topUpId: aTopUp().id,
      newExpiresAt: at(365 * DAY),
    });
    expect(noticesOfPostings(journal)).toEqual([]);
  });

  test("are told once more when they are written off", () => {
    const before = keeping({ id: "a", remaining: 3 }, { id: "b", remaining: 1 });
    freeze(before);
    const journal = reopened(before, at(15 * DAY));
    for (const lot of [...journal.lots]) bookKeptTooLong(journal, lot);
    expect(noticesOfPostings(journal)).toMatchObject([
      {
        key: `written-off-${accountId}-${at(14 * DAY)}`,
        at: at(15 * DAY),
        data: { credits: 4, writtenOffAt: at(14 * DAY) },
      },
    ]);
  });
});

describe("scans that run out of credits", () => {
  const running = (id: string) =>
    aScan({ id, label: `scan ${id}`, startedAt: noon, lastSeenAt: at(HOUR + DAY) });
  const outOfCredits = (now = at(HOUR)) => {
    const scans = [running("s"), running("t")];
    const journal = books({ now, scans, creditEpoch: 4 });
    catchUp(journal, listening);
    return journal;
  };

  test("are told once for the time of running out, however many there are", () => {
    expect(noticesOfPostings(outOfCredits())).toEqual([
      {
        key: `scan_paused-${accountId}-4`,
        accountId,
        at: at(HOUR),
        kind: "scan_paused",
        data: {
          scanId: scanIn(outOfCredits()).id,
          label: "scan s",
          count: 2,
          until: at(HOUR + DAY),
        },
      },
    ]);
  });

  test("are told to go on under the grant that brought the credits", () => {
    const journal = reopened(outOfCredits(), at(2 * HOUR));
    decideGrant(journal, {
      lotId: lotId("n"),
      credits: credits(9),
      kind: "paid",
      source: "purchase",
      expiresAt: at(365 * DAY),
      key: "k",
      fingerprint: "",
    });
    decideResume(journal, scanIn(journal), "credits");
    expect(noticesOfPostings(journal)).toMatchObject([
      { key: `scan_resumed-${accountId}-5`, data: { label: "scan s", count: 1 } },
    ]);
  });

  test("and are found paused and stopped at once are told to be stopped, and nothing else", () => {
    const told = noticesOfPostings(outOfCredits(at(HOUR + DAY)));
    expect(told.map(({ kind }) => kind)).toEqual(["scan_stopped"]);
    expect(told).toMatchObject([{ key: `scan_stopped-${accountId}-4`, data: { count: 2 } }]);
  });

  test("and others are told apart: what a user paused or ended is their own doing", () => {
    const journal = books({ lots: [aLot()], scans: [aScan()] });
    journal.book({
      kind: "scan_paused",
      key: "p",
      bookedAt: noon,
      scanId: scanIn(journal).id,
      reason: "user",
    });
    journal.book({
      kind: "scan_resumed",
      key: "r",
      bookedAt: noon,
      scanId: scanIn(journal).id,
      reason: "runner",
    });
    journal.book({
      kind: "scan_ended",
      key: "e",
      bookedAt: noon,
      scanId: scanIn(journal).id,
      reason: "lost",
    });
    expect(noticesOfPostings(journal)).toEqual([]);
  });
});
