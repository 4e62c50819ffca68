/**
 * The decisions, wired together, against a model that shares nothing with them: whatever people, cards
 * and calendars do, both must show the same account at every instant at which anything can happen.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultPriceListData, parsePriceList } from "../pricing/price-list.ts";
import { quote } from "../pricing/quote.ts";
import { AutoTopUpAccount } from "../testing/auto-top-up-account.ts";
import {
  type AutoTopUpPause,
  type AutoTopUpStep,
  arbitraryAutoTopUpHistory,
} from "../testing/auto-top-up-histories.ts";
import { AutoTopUpModel } from "../testing/auto-top-up-model.ts";
import { noon } from "../testing/builders.ts";
import type { Instant } from "../units.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const parsed = parsePriceList(defaultPriceListData);
if (!parsed.ok) throw new Error(parsed.refusal);
const priceList = parsed.value;

function priceOf(quantity: number): number {
  const quoted = quote({ quantity, priceList, tax: { treatment: "outside_eu", basisPoints: 0 } });
  return quoted.ok ? quoted.value.totalMinor : Number.NaN;
}

class Trial {
  readonly model = new AutoTopUpModel(noon, priceOf);
  readonly real = new AutoTopUpAccount(noon, priceList);

  take(step: AutoTopUpStep): void {
    if (step.step === "pass") {
      this.#pass(this.#at(step.until));
      return;
    }
    this.model.act(step.command);
    this.real.act(step.command);
    this.#check();
  }

  #pass(end: number): void {
    while (this.model.now < end) {
      const next = Math.min(end, this.model.instantsAhead()[0] ?? end);
      this.model.now = next;
      this.real.now = next as Instant;
      this.model.settle();
      this.real.settle();
      this.#check();
    }
  }

  #at(pause: AutoTopUpPause): number {
    if ("ms" in pause) return this.model.now + pause.ms;
    const due = this.model.instantsAhead()[pause.due] ?? this.model.now;
    return Math.max(this.model.now, due + pause.aside);
  }

  #check(): void {
    const view = this.real.view();
    expect(view).toEqual(this.model.view());
    const { purchases } = view;
    const open = purchases.filter(({ state }) => state === "waiting" || state === "asked");
    expect(open.length).toBeLessThanOrEqual(1);
    const keys = this.real.triggerKeys;
    expect(new Set(keys).size).toBe(keys.length);
    const paid = purchases.flatMap(({ paidAt }) => paidAt ?? []);
    for (const at of paid) {
      const within = (ms: number) => paid.filter((other) => at <= other && other < at + ms).length;
      expect(within(DAY)).toBeLessThanOrEqual(4);
    }
  }
}

function lived(steps: readonly AutoTopUpStep[]): Trial {
  const trial = new Trial();
  for (const step of steps) trial.take(step);
  return trial;
}

describe("an account that lives with automatic top-ups", () => {
  test("is at every instant as the model says", () => {
    fc.assert(
      fc.property(arbitraryAutoTopUpHistory(25), (steps) => {
        lived(steps);
      }),
      { numRuns: 60 },
    );
  });

  test("meets everything the rules speak of, so that the comparison is worth something", () => {
    const seen = new Set<string>();
    for (const steps of fc.sample(arbitraryAutoTopUpHistory(25), { numRuns: 120, seed: 11 })) {
      const trial = new Trial();
      for (const step of steps) {
        trial.take(step);
        const { status, suspension, purchases, lots } = trial.real.view();
        seen.add(status);
        if (suspension !== null) seen.add(suspension);
        for (const { trigger, state } of purchases) seen.add(`${trigger} ${state}`);
        if (lots.some(({ kept }) => kept > 0)) seen.add("kept");
        for (const { reason } of trial.real.postings) if (reason !== null) seen.add(reason);
      }
    }
    for (const what of [
      "off",
      "active",
      "waiting_for_payment_method",
      "needs_authentication",
      "suspended",
      "limit_reached",
      "card_refused",
      "retries_exhausted",
      "authentication_unanswered",
      "kept",
      "revived",
      "kept_too_long",
      ...["waiting", "asked", "paid", "failed", "canceled"].flatMap((state) => [
        `out_of_credits ${state}`,
        `before_expiry ${state}`,
      ]),
    ]) {
      expect(seen).toContain(what);
    }
  });
});
