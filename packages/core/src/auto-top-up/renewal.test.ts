import { describe, expect, test } from "vitest";
import { someSettings } from "../testing/auto-top-ups.ts";
import { aLot, at, books, lotId, noon } from "../testing/builders.ts";
import { armRenewal, bookNothingToRenew, lookAtRenewal, renewalOf } from "./renewal.ts";

const DAY = 24 * 60;
const facts = (change: Partial<Parameters<typeof armRenewal>[0]> = {}) => ({
  settings: someSettings(),
  lots: [aLot({ expiresAt: at(10 * DAY) })],
  timeZone: "UTC",
  now: noon,
  ...change,
});
const armed = { expiresAt: at(10 * DAY), dueAt: at(7 * DAY) };

describe("the date a renewal is about", () => {
  test("is the earliest of paid credits that are left", () => {
    const lots = [
      aLot({ id: "later", expiresAt: at(9 * DAY) }),
      aLot({ id: "free", kind: "free", expiresAt: at(DAY) }),
      aLot({ id: "spent", remaining: 0, expiresAt: at(2 * DAY) }),
      aLot({ id: "disputed", remaining: 0, frozen: 3, expiresAt: at(3 * DAY) }),
      aLot({ id: "over", expiresAt: noon }),
      aLot({ id: "first", expiresAt: at(4 * DAY) }),
    ];
    expect(renewalOf(lots, noon)).toEqual({ lotId: lotId("first"), expiresAt: at(4 * DAY) });
  });

  test("of lots with the same date names the same one in whatever order they are read", () => {
    const lots = ["b", "a", "c"].map((id) => aLot({ id }));
    expect(renewalOf(lots, noon)?.lotId).toBe(lotId("a"));
    expect(renewalOf(lots.toReversed(), noon)?.lotId).toBe(lotId("a"));
  });

  test("is none without paid credits", () => {
    expect(renewalOf([aLot({ kind: "free" })], noon)).toBeNull();
  });
});

describe("a renewal is armed", () => {
  test("for three days before, a year ahead if need be", () => {
    expect(armRenewal(facts())).toEqual(armed);
    expect(armRenewal(facts({ lots: [aLot()] }))?.dueAt).toBe(at((365 - 3) * DAY));
  });

  test("also when that is over already, and not when it was not asked for", () => {
    const soon = facts({ lots: [aLot({ expiresAt: at(DAY) })] });
    expect(armRenewal(soon)).toEqual({ expiresAt: at(DAY), dueAt: at(-2 * DAY) });
    expect(armRenewal(facts({ settings: someSettings({ enabled: false }) }))).toBeNull();
    const settings = someSettings({ triggers: { beforeExpiry: false } });
    expect(armRenewal(facts({ settings }))).toBeNull();
  });
});

describe("a wake-up for a renewal", () => {
  const look = (change: Partial<Parameters<typeof armRenewal>[0]> = {}) =>
    lookAtRenewal(armed, facts({ now: at(7 * DAY), ...change }));

  test("is due at its instant and late for ever after, and early a millisecond before", () => {
    expect(look()).toEqual({ is: "due" });
    expect(look({ now: at(9 * DAY) })).toEqual({ is: "due" });
    expect(look({ now: at(7 * DAY, -1) })).toEqual({ is: "early" });
  });

  test("that was armed for an older date does nothing but arm the new one", () => {
    const lots = [aLot({ expiresAt: at(300 * DAY) })];
    const to = { expiresAt: at(300 * DAY), dueAt: at(297 * DAY) };
    expect(look({ lots })).toEqual({ is: "moved", to });
  });

  test("that finds another time zone arms the new instant", () => {
    const expiresAt = at(20 * DAY);
    const lots = [aLot({ expiresAt })];
    // Clocks go forward on 29 March 2026, between the two.
    const inUtc = { expiresAt, dueAt: at(17 * DAY) };
    const look = lookAtRenewal(inUtc, facts({ lots, timeZone: "Europe/Lisbon" }));
    expect(look).toEqual({ is: "moved", to: { expiresAt, dueAt: at(17 * DAY + 60) } });
  });

  test("finds nothing left when every paid credit is spent", () => {
    expect(look({ lots: [aLot({ remaining: 0 }), aLot({ id: "b", kind: "free" })] })).toEqual({
      is: "nothing_left",
    });
  });

  test("does not speak too early of credits that are spent: more may be bought", () => {
    expect(look({ lots: [], now: noon })).toEqual({ is: "early" });
  });

  test("finds it switched off", () => {
    expect(look({ settings: someSettings({ enabled: false }) })).toEqual({ is: "off" });
  });
});

test("the history says that nothing was bought, under a key that exists once per date", () => {
  const journal = books();
  bookNothingToRenew(journal, armed);
  expect(journal.postings).toMatchObject([
    { kind: "extension", entries: [], extensions: [], reason: "nothing_to_renew" },
  ]);
  expect(journal.postings[0]?.key).toContain(String(armed.expiresAt));
});
