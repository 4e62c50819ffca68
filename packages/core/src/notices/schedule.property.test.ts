import fc from "fast-check";
import { expect, test } from "vitest";
import { renewalOf } from "../auto-top-up/renewal.ts";
import { availableAt, type Lot, nextExpiryAfter } from "../ledger/lot.ts";
import { someFacts, someSettings } from "../testing/auto-top-ups.ts";
import { accountId, aLot, at, noon } from "../testing/builders.ts";
import { credits, type Instant, instant } from "../units.ts";
import type { NoticeFacts } from "./facts.ts";
import { changedLevel, type ToldLevel } from "./level.ts";
import type { Notice } from "./notice.ts";
import { dueNotices, nextNoticeAt } from "./schedule.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

type Step =
  | { readonly do: "wait"; readonly ms: number }
  /** As whoever is woken at the instant that was asked for. */
  | { readonly do: "wake" }
  | { readonly do: "spend"; readonly credits: number }
  | { readonly do: "grant"; readonly credits: number; readonly ms: number; readonly paid: boolean }
  | { readonly do: "extend" }
  | { readonly do: "low_balance"; readonly credits: number }
  | { readonly do: "card"; readonly has: boolean };

const duration = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map((days) => days * DAY_MS),
  fc.integer({ min: 0, max: 40 * 24 }).map((hours) => hours * HOUR_MS + 1),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("wait"), ms: duration }),
  fc.record({ do: fc.constant("wake") }),
  fc.record({ do: fc.constant("spend"), credits: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    do: fc.constant("grant"),
    credits: fc.integer({ min: 1, max: 9 }),
    ms: duration.map((ms) => ms + 1),
    paid: fc.boolean(),
  }),
  fc.record({ do: fc.constant("extend") }),
  fc.record({ do: fc.constant("low_balance"), credits: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ do: fc.constant("card"), has: fc.boolean() }),
);

/** An account of few credits that is looked at, and what was stored of it: the first under each key. */
class Looked {
  now: Instant = noon;
  lots: Lot[] = [];
  epoch = 0;
  told: ToldLevel | null = null;
  readonly stored = new Map<string, Notice>();
  readonly levels: string[] = [];
  lowBalance = 5;
  hasCard = true;

  readonly timeZone: string;

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  act(step: Step): void {
    switch (step.do) {
      case "wait":
        this.now = instant(this.now + step.ms);
        break;
      case "wake":
        this.now = nextNoticeAt(this.facts(this.now), this.now) ?? this.now;
        break;
      case "spend": {
        const lot = this.lots.find(({ remaining }) => remaining > 0);
        if (lot === undefined) break;
        const remaining = credits(Math.max(0, lot.remaining - step.credits));
        this.lots = this.lots.map((one) => (one === lot ? { ...one, remaining } : one));
        break;
      }
      case "grant": {
        this.epoch += 1;
        const kind = step.paid ? "paid" : "free";
        const lot = { id: `l${this.epoch}`, kind, remaining: step.credits } as const;
        const expiresAt = instant(this.now + step.ms);
        this.lots = [...this.lots, aLot({ ...lot, effectiveAt: this.now, expiresAt })];
        break;
      }
      case "extend": {
        const expiresAt = instant(this.now + 365 * DAY_MS);
        this.lots = this.lots.map((lot) =>
          lot.kind === "paid" && lot.expiresAt > this.now ? { ...lot, expiresAt } : lot,
        );
        break;
      }
      case "low_balance":
        this.lowBalance = step.credits;
        break;
      case "card":
        this.hasCard = step.has;
    }
    this.look();
  }

  facts(now: Instant): NoticeFacts {
    const { lots, epoch, timeZone, hasCard } = this;
    const card = { id: "pm_1", brand: "visa", last4: "4242", expMonth: 5, expYear: 2026 };
    return {
      account: { id: accountId, creditEpoch: epoch, lowBalance: credits(this.lowBalance) },
      timeZone,
      lots,
      told: this.told,
      card: hasCard ? card : null,
      autoTopUp: someFacts({
        timeZone,
        settings: someSettings({ triggers: { outOfCredits: false } }),
        available: availableAt(lots, now),
        epoch,
        renewal: renewalOf(lots, now),
        nextExpiryAt: nextExpiryAfter(lots, now)?.at ?? null,
        card: hasCard ? { since: at(-600) } : null,
      }),
    };
  }

  look(): void {
    const facts = this.facts(this.now);
    const due = dueNotices(facts, this.now);
    expect(new Set(due.map(({ key }) => key)).size).toBe(due.length);
    for (const notice of due) {
      if (this.stored.has(notice.key)) continue;
      this.stored.set(notice.key, notice);
      const isOfBalance = ["low_balance", "depleted", "recovered"].includes(notice.kind);
      if (isOfBalance) this.levels.push(notice.kind);
    }
    const level = changedLevel(facts, this.now);
    if (level !== null) this.told = { level, number: (this.told?.number ?? 0) + 1 };
  }
}

const zones = fc.constantFrom("UTC", "Europe/Lisbon", "America/New_York", "Pacific/Auckland");
const histories = fc.array(step, { minLength: 1, maxLength: 15 });

/** Which of the three a notice was, told by the days that were left and not by its key. */
const stage = (days: number) => (days > 7 ? "month" : days > 1 ? "week" : "day");

test("whatever happens between looks, no date is told twice at one distance, and the balance in turns", () => {
  fc.assert(
    fc.property(zones, histories, (timeZone, steps) => {
      const account = new Looked(timeZone);
      for (const one of steps) account.act(one);
      const seen = new Set<string>();
      for (const { at: now, kind, data } of account.stored.values()) {
        if (kind !== "expiring") continue;
        const left = data.expiresAt - now;
        expect(left).toBeGreaterThan(0);
        // An hour or so for a change of clocks.
        expect(Math.abs(left - data.days * DAY_MS)).toBeLessThan(DAY_MS + 2 * HOUR_MS);
        expect(left).toBeLessThanOrEqual(30 * DAY_MS + 2 * HOUR_MS);
        const date = `${data.kind} ${data.expiresAt} ${stage(data.days)}`;
        expect(seen).not.toContain(date);
        seen.add(date);
      }
      for (const [index, kind] of account.levels.entries()) {
        const before = account.levels[index - 1];
        if (kind === "depleted") expect(before).not.toBe("depleted");
        if (kind === "low_balance") expect(before).not.toBe("depleted");
        if (kind === "recovered") expect(before).toBe("depleted");
      }
    }),
    { numRuns: 150 },
  );
});

test("nothing new is due before the instant that was asked for, as long as nothing happens", () => {
  let looks = 0;
  fc.assert(
    fc.property(
      zones,
      histories,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (zone, steps, share) => {
        const account = new Looked(zone);
        for (const one of steps) account.act(one);
        const next = nextNoticeAt(account.facts(account.now), account.now);
        const until = next ?? instant(account.now + 1_000 * DAY_MS);
        const now = instant(account.now + Math.floor((until - account.now - 1) * share));
        const due = dueNotices(account.facts(now), now).map(({ key }) => key);
        looks += due.length;
        expect(due.filter((key) => !account.stored.has(key))).toEqual([]);
      },
    ),
    { numRuns: 150 },
  );
  expect(looks).toBeGreaterThan(0);
});
