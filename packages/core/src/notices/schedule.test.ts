import { describe, expect, test } from "vitest";
import type { AutoTopUpFacts } from "../auto-top-up/facts.ts";
import { aSeenPurchase, someFacts, someSettings } from "../testing/auto-top-ups.ts";
import { accountId, aLot, at, lotId, noon } from "../testing/builders.ts";
import { someNoticeFacts } from "../testing/notices.ts";
import { credits, type Instant, instant } from "../units.ts";
import type { NoticeFacts } from "./facts.ts";
import { changedLevel } from "./level.ts";
import { dueNotices, nextNoticeAt } from "./schedule.ts";

const DAY = 24 * 60;
const MS = 1;

const kindsAt = (facts: NoticeFacts, now: Instant) =>
  dueNotices(facts, now).map(({ kind }) => kind);
const keysAt = (facts: NoticeFacts, now: Instant) => dueNotices(facts, now).map(({ key }) => key);

/** Twelve credits, so that the balance itself is no news. */
const holding = (change: Parameters<typeof aLot>[0] = {}, rest: Partial<NoticeFacts> = {}) =>
  someNoticeFacts({
    lots: [aLot({ remaining: 12, expiresAt: at(60 * DAY), ...change })],
    told: { level: "enough", number: 2 },
    timeZone: "UTC",
    ...rest,
  });

describe("the balance", () => {
  const balanceOf = (remaining: number, rest: Partial<NoticeFacts> & { lowBalance?: number }) =>
    someNoticeFacts({ lots: [aLot({ remaining })], ...rest });
  const from = (level: "enough" | "low" | "depleted", remaining: number, lowBalance = 5) =>
    dueNotices(balanceOf(remaining, { told: { level, number: 6 }, lowBalance }), noon);

  test("is low from its limit on and not above, and depleted at nothing", () => {
    expect(from("enough", 6)).toEqual([]);
    expect(from("enough", 5)).toMatchObject([
      { kind: "low_balance", key: `low_balance-${accountId}-7`, data: { available: 5 } },
    ]);
    expect(from("enough", 1)).toMatchObject([{ kind: "low_balance" }]);
    expect(from("enough", 0)).toMatchObject([{ kind: "depleted", key: `depleted-${accountId}-7` }]);
  });

  test("is told as it changes and not while it stays", () => {
    expect(from("low", 2)).toEqual([]);
    expect(from("low", 9)).toEqual([]);
    expect(from("depleted", 0)).toEqual([]);
    expect(from("low", 0)).toMatchObject([{ kind: "depleted" }]);
  });

  test("is back after nothing, however little came, and is not called low as well", () => {
    expect(from("depleted", 2)).toMatchObject([{ kind: "recovered", data: { available: 2 } }]);
    expect(from("depleted", 20)).toMatchObject([{ kind: "recovered" }]);
  });

  test("with a limit of nothing is never low", () => {
    expect(from("enough", 1, 0)).toEqual([]);
  });

  test("as it stands at first is no news, unless there were credits and there are none", () => {
    expect(dueNotices(balanceOf(3, { told: null }), noon)).toEqual([]);
    expect(kindsAt(balanceOf(0, { told: null }), noon)).toEqual(["depleted"]);
    const newcomer = balanceOf(0, { told: null });
    const account = { ...newcomer.account, creditEpoch: 0 };
    expect(dueNotices({ ...newcomer, account }, noon)).toEqual([]);
    expect(changedLevel({ ...newcomer, account }, noon)).toBeNull();
  });

  test("falls by the clock: at the date of the last credits and not a millisecond before", () => {
    const facts = holding({ expiresAt: noon, effectiveAt: at(-DAY) });
    expect(kindsAt(facts, at(0, -MS))).toEqual(["expiring"]);
    expect(kindsAt(facts, noon)).toEqual(["depleted"]);
    expect(nextNoticeAt(facts, at(-1))).toBe(noon);
  });

  test("says that more is coming when it is being bought", () => {
    const buying = balanceOf(0, { told: { level: "low", number: 1 }, autoTopUp: someFacts() });
    expect(dueNotices(buying, noon)).toMatchObject([{ data: { isBuying: true } }]);
    const alone = balanceOf(0, { told: { level: "low", number: 1 } });
    expect(dueNotices(alone, noon)).toMatchObject([{ data: { isBuying: false } }]);
  });
});

describe("a date", () => {
  const facts = holding();
  const date = at(60 * DAY);
  const key = (step: number) => `expiring-${accountId}-paid-${date}-${step}`;

  test("is told 30, 7 and 1 days before, from that instant on", () => {
    expect(dueNotices(facts, at(30 * DAY, -MS))).toEqual([]);
    for (const [days, step] of [
      [30, 30],
      [7, 7],
      [1, 1],
    ] as const) {
      const due = at((60 - days) * DAY);
      expect(dueNotices(facts, due)).toMatchObject([
        { key: key(step), at: due, kind: "expiring", data: { credits: 12, days, expiresAt: date } },
      ]);
      expect(nextNoticeAt(facts, instant(due - MS))).toBe(due);
    }
    expect(kindsAt(facts, date)).not.toContain("expiring");
  });

  test("is told by its nearest step alone after a long absence, with the days that are left", () => {
    expect(dueNotices(facts, at(55 * DAY, MS))).toMatchObject([{ key: key(7), data: { days: 5 } }]);
    expect(dueNotices(facts, at(60 * DAY, -MS))).toMatchObject([
      { key: key(1), data: { days: 1 } },
    ]);
  });

  test("is counted in the account's time zone, over a change of its clocks", () => {
    // Lisbon's clocks go forward on 29 March 2026, so seven days before are 167 hours.
    const lisbon = holding({ expiresAt: at(22 * DAY) }, { timeZone: "Europe/Lisbon" });
    const due = at(15 * DAY + 60);
    expect(keysAt(lisbon, instant(due - MS))).toMatchObject([expect.stringMatching(/-30$/)]);
    expect(dueNotices(lisbon, due)).toMatchObject([
      { key: expect.stringMatching(/-7$/), data: { days: 7 } },
    ]);
  });

  test("is one, whatever number of lots has it, and another kind of credits has its own", () => {
    const expiresAt = at(5 * DAY);
    const lots = [
      aLot({ id: "a", remaining: 2, expiresAt }),
      aLot({ id: "b", remaining: 9, expiresAt }),
      aLot({ id: "c", remaining: 4, expiresAt, kind: "free" }),
      aLot({ id: "d", remaining: 3, expiresAt: instant(expiresAt + MS) }),
    ];
    const told = dueNotices(holding({}, { lots }), noon);
    expect(told.map(({ data }) => data)).toMatchObject([
      { kind: "paid", credits: 11 },
      { kind: "free", credits: 4 },
      { kind: "paid", credits: 3 },
    ]);
  });

  test("of a lot that is spent or held in a dispute to the last credit is nobody's news", () => {
    const lot = { expiresAt: at(5 * DAY) };
    const spent = holding({}, { lots: [aLot({ ...lot, remaining: 0, frozen: 4 })] });
    expect(kindsAt(spent, noon)).not.toContain("expiring");
    expect(nextNoticeAt(spent, noon)).toBeNull();
  });
});

/** Renewed three days before 60 days from noon. */
const renewing = (change: Partial<AutoTopUpFacts> = {}) =>
  someFacts({
    available: credits(12),
    renewal: { lotId: lotId("a"), expiresAt: at(60 * DAY) },
    nextExpiryAt: at(60 * DAY),
    ...change,
  });
const withRenewal = (change: Partial<AutoTopUpFacts> = {}) =>
  holding({}, { autoTopUp: renewing(change) });

describe("an automatic purchase before a date", () => {
  const dueAt = at(57 * DAY);
  const upcoming = (facts: NoticeFacts, now: Instant) =>
    dueNotices(facts, now).filter(({ kind }) => kind === "upcoming_top_up");

  test("is announced 7 days and 1 day before it is due, with its price", () => {
    const facts = withRenewal();
    expect(upcoming(facts, at(50 * DAY, -MS))).toEqual([]);
    expect(upcoming(facts, at(50 * DAY))).toMatchObject([
      {
        key: `upcoming-${accountId}-${at(60 * DAY)}-7`,
        data: { dueAt, days: 7, quantity: 10, totalMinor: 95_00, expiresAt: at(60 * DAY) },
      },
    ]);
    expect(upcoming(facts, at(56 * DAY))).toMatchObject([
      { key: expect.stringMatching(/-1$/), data: { days: 1, hindrance: null } },
    ]);
    expect(upcoming(facts, dueAt)).toEqual([]);
    expect(nextNoticeAt(facts, at(50 * DAY, -MS))).toBe(at(50 * DAY));
    expect(nextNoticeAt(facts, at(56 * DAY, -MS))).toBe(at(56 * DAY));
  });

  test("is not announced when it is not asked for", () => {
    for (const settings of [
      someSettings({ enabled: false }),
      someSettings({ triggers: { beforeExpiry: false } }),
    ]) {
      expect(upcoming(withRenewal({ settings }), at(50 * DAY))).toEqual([]);
    }
  });

  test("takes the alarm out of the notice of that date, and of no other", () => {
    const facts = withRenewal();
    const lots = [...facts.lots, aLot({ id: "f", kind: "free", expiresAt: at(60 * DAY) })];
    const [paid, free] = dueNotices({ ...facts, lots }, at(30 * DAY));
    const renewal = { dueAt, isLate: false, hindrance: null };
    expect(paid?.data).toMatchObject({ kind: "paid", renewal });
    expect(free?.data).toMatchObject({ kind: "free", renewal: null });
  });

  test("says what is in the way, unless that goes by itself until then", () => {
    const hindranceWith = (change: Partial<AutoTopUpFacts>, now = at(50 * DAY)) =>
      upcoming(withRenewal(change), now)[0]?.data;
    expect(hindranceWith({ card: null })).toMatchObject({ hindrance: "no_card" });
    const suspension = { reason: "dispute", since: noon, topUpId: null } as const;
    expect(hindranceWith({ suspension })).toMatchObject({ hindrance: "suspended" });
    const underWay = { purchases: [aSeenPurchase({ state: "charging" })] };
    expect(hindranceWith(underWay)).toMatchObject({ hindrance: null });
    // The month that is full is April's; the purchase is due in May.
    const paidAt = at(45 * DAY);
    const full = {
      settings: someSettings({ monthlyLimitMinor: 100_00 }),
      purchases: [aSeenPurchase({ paidAt, createdAt: paidAt })],
    };
    expect(hindranceWith(full)).toMatchObject({ hindrance: null });
  });

  test("that should have been made is not promised any more", () => {
    const now = at(59 * DAY);
    const [notice] = dueNotices(withRenewal({ card: null }), now);
    expect(notice?.data).toMatchObject({
      days: 1,
      renewal: { dueAt, isLate: true, hindrance: "no_card" },
    });
  });
});

describe("a purchase that is not made although it is time", () => {
  const out = (change: Partial<AutoTopUpFacts> = {}) =>
    someNoticeFacts({ autoTopUp: someFacts(change) });

  test("for want of a card is told once until credits come", () => {
    const told = (epoch: number) => keysAt(out({ card: null, epoch }), noon);
    expect(told(7)).toEqual([`no-card-out-of-credits-${accountId}-7`]);
    expect(told(8)).toEqual([`no-card-out-of-credits-${accountId}-8`]);
  });

  test("is no news to somebody at their very first order", () => {
    expect(keysAt(out({ card: null, epoch: 0 }), noon)).toEqual([]);
  });

  test("is told once for a date, too", () => {
    const now = at(57 * DAY);
    expect(keysAt(withRenewal({ card: null }), now)).toContain(
      `no-card-before-expiry-${accountId}-${lotId("a")}-${at(60 * DAY)}`,
    );
  });

  test("because it goes beyond what was agreed to", () => {
    expect(dueNotices(out({ consent: null }), noon)).toMatchObject([
      { kind: "consent_needed", data: { quantity: 10, totalMinor: 95_00 } },
    ]);
  });

  test("because of the monthly limit, once for each limit and month", () => {
    const limited = (monthlyLimitMinor: number) =>
      out({
        settings: someSettings({ monthlyLimitMinor }),
        purchases: [aSeenPurchase({ paidAt: at(-3 * DAY), createdAt: at(-3 * DAY) })],
      });
    const firstOfApril = instant(Date.UTC(2026, 3, 1));
    expect(dueNotices(limited(180_00), noon)).toMatchObject([
      {
        kind: "limit_reached",
        key: `limit-reached-${accountId}-${firstOfApril}-18000`,
        data: { limitMinor: 180_00, spentMinor: 95_00, until: firstOfApril },
      },
    ]);
    expect(keysAt(limited(189_00), noon)).toEqual([
      `limit-reached-${accountId}-${firstOfApril}-18900`,
    ]);
    expect(nextNoticeAt(limited(180_00), noon)).toBe(firstOfApril);
  });

  test("and one under way are different things: that one is told when it is decided", () => {
    expect(keysAt(out({ purchases: [aSeenPurchase({ state: "charging" })] }), noon)).toEqual([]);
    expect(keysAt(out(), noon)).toEqual([]);
  });
});

describe("most of the monthly limit", () => {
  const spending = (minors: number) =>
    someNoticeFacts({
      autoTopUp: someFacts({
        available: credits(9),
        settings: someSettings({ monthlyLimitMinor: minors }),
        purchases: [aSeenPurchase()],
      }),
    });

  test("is used from 80 % on and not below", () => {
    // 95.00 are 80 % of 118.75.
    expect(kindsAt(spending(118_75), noon)).toEqual(["limit_at_80"]);
    expect(kindsAt(spending(118_76), noon)).toEqual([]);
  });
});

describe("a suspension", () => {
  const suspended = (reason: "card_refused" | "dispute", enabled = true) =>
    someNoticeFacts({
      autoTopUp: someFacts({
        settings: someSettings({ enabled }),
        suspension: { reason, since: noon, topUpId: "top_1" },
      }),
    });

  test("is told by what brought it about; a refused card with the purchase that failed", () => {
    expect(dueNotices(suspended("dispute"), at(5))).toMatchObject([
      { key: `suspended-${accountId}-${noon}`, data: { reason: "dispute" } },
    ]);
    expect(dueNotices(suspended("card_refused"), at(5))).toEqual([]);
  });

  test("of what is switched off is nobody's news", () => {
    expect(dueNotices(suspended("dispute", false), at(5))).toEqual([]);
  });
});

describe("a card", () => {
  const card = { id: "pm_1", brand: "visa", last4: "4242", expMonth: 5, expYear: 2026 };
  const facts = holding({ expiresAt: at(600 * DAY) }, { card, timeZone: "Europe/Lisbon" });
  const may = instant(Date.UTC(2026, 3, 30, 23));
  const june = instant(Date.UTC(2026, 4, 31, 23));

  test("is told to expire a month before its last month ends, in the account's time zone", () => {
    expect(dueNotices(facts, instant(may - MS))).toEqual([]);
    expect(nextNoticeAt(facts, noon)).toBe(may);
    expect(dueNotices(facts, may)).toMatchObject([
      {
        key: `card-expiring-pm_1-${june}`,
        kind: "card_expiring",
        data: { validUntil: june, isCharged: false },
      },
    ]);
    expect(dueNotices(facts, instant(june - MS))).toHaveLength(1);
    expect(dueNotices(facts, june)).toEqual([]);
  });

  test("that pays for automatic purchases says so", () => {
    const charged = { ...facts, autoTopUp: renewing() };
    const told = dueNotices(charged, may).find(({ kind }) => kind === "card_expiring");
    expect(told?.data).toMatchObject({ isCharged: true });
  });

  test("whose last month is December ends with the year", () => {
    const december = { ...card, expMonth: 12 };
    const due = instant(Date.UTC(2026, 11, 1));
    expect(nextNoticeAt({ ...facts, lots: [], card: december }, noon)).toBe(due);
  });
});

test("an account without anything to wait for is not looked at again", () => {
  expect(nextNoticeAt(someNoticeFacts(), noon)).toBeNull();
});
