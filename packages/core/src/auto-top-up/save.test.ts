import { describe, expect, test } from "vitest";
import { defaultPriceListData, type PriceList, parsePriceList } from "../pricing/price-list.ts";
import { aConsent, someSettings } from "../testing/auto-top-ups.ts";
import { noon } from "../testing/builders.ts";
import { neverSaved } from "./configuration.ts";
import { decideSave, type SaveContext, type SavedAutoTopUp, type SaveRequest } from "./save.ts";

function listWith(change: Partial<PriceList> = {}): PriceList {
  const parsed = parsePriceList({ ...defaultPriceListData, ...change });
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value;
}

const context = (change: Partial<SaveContext> = {}): SaveContext => ({
  now: noon,
  userId: "user_2",
  ip: "192.0.2.1",
  company: "Scanmeter",
  priceList: listWith(),
  tax: { treatment: "outside_eu", basisPoints: 0 },
  ...change,
});

const request = (change: Partial<SaveRequest> = {}): SaveRequest => ({
  enabled: true,
  quantity: 10,
  triggers: { outOfCredits: true, beforeExpiry: true },
  revision: 1,
  surface: "checkout",
  ...change,
});

const saved = (change: Parameters<typeof someSettings>[0] = {}): SavedAutoTopUp => {
  const settings = someSettings(change);
  return { settings, consent: aConsent(settings) };
};
const never: SavedAutoTopUp = { settings: neverSaved, consent: null };

const accepted = (before: SavedAutoTopUp, change: Partial<SaveRequest>, in_ = context()) => {
  const outcome = decideSave(before, request(change), in_);
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.value;
};
const refused = (before: SavedAutoTopUp, change: Partial<SaveRequest>, in_ = context()) => {
  const outcome = decideSave(before, request(change), in_);
  return outcome.ok ? null : outcome.refusal;
};

describe("an account that never saved any settings", () => {
  test("has automatic top-ups off, and nothing is ticked for it", () => {
    expect(neverSaved).toMatchObject({
      enabled: false,
      triggers: { outOfCredits: false, beforeExpiry: false },
      revision: 0,
    });
  });

  test("switches them on with a word for word record of what it agreed to", () => {
    const { saved: now, consentedTo } = accepted(never, { revision: 0, monthlyLimitMinor: 500_00 });
    expect(consentedTo).toEqual(["not_given"]);
    expect(now.settings).toMatchObject({ enabled: true, quantity: 10, threshold: 0, revision: 1 });
    expect(now.consent).toMatchObject({
      at: noon,
      userId: "user_2",
      ip: "192.0.2.1",
      surface: "checkout",
      textVersion: "2026-1",
      price: { netMinor: 95_00, totalMinor: 95_00, currency: "EUR" },
      quantity: 10,
      monthlyLimitMinor: 500_00,
    });
    expect(now.consent?.sentence).toBe(
      "I allow Scanmeter to charge my card for 10 scan credits at the price then shown in my account " +
        "(today EUR\u00a095.00) each time my credits run out, and 3 days before paid credits expire, " +
        "which extends them by 12 months, at most 3 times in 24 hours and EUR\u00a0500.00 in a calendar " +
        "month. I can switch this off at any time in Account Overview; charges already made stay.",
    );
  });

  test("may save them switched off, which agrees to nothing", () => {
    const { saved: now, consentedTo } = accepted(never, {
      revision: 0,
      enabled: false,
      quantity: 25,
      triggers: { outOfCredits: false, beforeExpiry: false },
    });
    expect(now).toMatchObject({ consent: null, settings: { enabled: false, quantity: 25 } });
    expect(consentedTo).toEqual([]);
  });
});

describe("the sentence", () => {
  const sentenceOf = (change: Partial<SaveRequest>, in_ = context()) =>
    accepted(never, { revision: 0, ...change }, in_).saved.consent?.sentence;

  test("tells the threshold, one credit as one, and that tax is in the price", () => {
    const tax = { treatment: "domestic", basisPoints: 2300 } as const;
    const sentence = sentenceOf(
      { quantity: 1, threshold: 1, triggers: { outOfCredits: true, beforeExpiry: false } },
      context({ tax }),
    );
    expect(sentence).toContain("for 1 scan credit at the price");
    expect(sentence).toContain("(today EUR\u00a012.30 including tax)");
    expect(sentence).toContain("each time I have 1 credit or fewer left, at most 3 times");
  });

  test("tells of expiry alone when that is all that was asked for", () => {
    const sentence = sentenceOf({ triggers: { outOfCredits: false, beforeExpiry: true } });
    expect(sentence).toContain("(today EUR\u00a095.00) 3 days before paid credits expire");
    expect(sentence).not.toContain("run out");
  });
});

describe("settings that cannot be", () => {
  test.each<[string, Partial<SaveRequest>, object]>([
    ["no credits", { quantity: 0 }, { field: "quantity", min: 1, max: 10_000 }],
    ["half a credit", { quantity: 1.5 }, { field: "quantity" }],
    ["more than is sold", { quantity: 10_001 }, { field: "quantity" }],
    ["no number", { quantity: Number.NaN }, { field: "quantity" }],
    [
      "on without a reason to buy",
      { triggers: { outOfCredits: false, beforeExpiry: false } },
      { field: "triggers", reason: "none" },
    ],
    ["a threshold below nothing", { threshold: -1 }, { field: "threshold", min: 0 }],
    ["half a credit as threshold", { threshold: 0.5 }, { field: "threshold" }],
    ["a limit of half a cent", { monthlyLimitMinor: 100_00.5 }, { field: "monthlyLimitMinor" }],
    [
      "a limit a cent below one purchase",
      { monthlyLimitMinor: 94_99 },
      { field: "monthlyLimitMinor", reason: "below_one_purchase", min: 95_00 },
    ],
  ])("are refused with the field: %s", (_, change, facts) => {
    expect(refused(saved(), change)).toMatchObject({ code: "invalid_auto_top_up", ...facts });
  });

  test("at their edges are accepted", () => {
    for (const change of [
      { quantity: 1, monthlyLimitMinor: 10_00 },
      { quantity: 10_000 },
      { threshold: 0 },
      { threshold: 10_000 },
      { monthlyLimitMinor: 95_00 },
    ]) {
      expect(refused(saved(), change)).toBeNull();
    }
  });

  test("need no reason to buy and no sensible limit while they are off", () => {
    const triggers = { outOfCredits: false, beforeExpiry: false };
    expect(refused(saved(), { enabled: false, triggers, monthlyLimitMinor: 1 })).toBeNull();
    expect(refused(saved(), { enabled: false, quantity: 0 })).toMatchObject({ field: "quantity" });
  });

  test("are told of before a revision that is out of date, because only one of the two is ours to fix", () => {
    expect(refused(saved({ revision: 9 }), { quantity: 0 })?.code).toBe("invalid_auto_top_up");
  });

  test("a limit counts the tax", () => {
    const tax = { treatment: "domestic", basisPoints: 2300 } as const;
    expect(refused(saved(), { monthlyLimitMinor: 116_84 }, context({ tax }))).toMatchObject({
      min: 116_85,
    });
  });
});

describe("what is left out", () => {
  test("stays as it was", () => {
    const before = saved({ threshold: 3, monthlyLimitMinor: 200_00 });
    const { settings } = accepted(before, { quantity: 5 }).saved;
    expect(settings).toMatchObject({ quantity: 5, threshold: 3, monthlyLimitMinor: 200_00 });
  });

  test("is not the same as no limit", () => {
    const before = saved({ monthlyLimitMinor: 200_00 });
    expect(
      accepted(before, { monthlyLimitMinor: null }).saved.settings.monthlyLimitMinor,
    ).toBeNull();
  });
});

describe("two people who edit at once", () => {
  test("do not undo each other: the second is told which revision to look at", () => {
    const before = saved({ revision: 4 });
    expect(refused(before, { quantity: 5, revision: 3 })).toEqual({
      code: "settings_changed",
      revision: 4,
    });
    expect(refused(before, { quantity: 5, revision: 5 })?.code).toBe("settings_changed");
  });

  test("who want the same both get it", () => {
    const result = accepted(saved({ revision: 4 }), { revision: 3 });
    expect(result).toMatchObject({ isChanged: false, saved: { settings: { revision: 4 } } });
  });
});

describe("fresh consent", () => {
  const before = saved({
    quantity: 10,
    threshold: 2,
    monthlyLimitMinor: 300_00,
    triggers: { beforeExpiry: false },
  });
  const same = { triggers: { outOfCredits: true, beforeExpiry: false } } as const;

  test.each<[string, Partial<SaveRequest>, string[]]>([
    ["more credits", { quantity: 11 }, ["quantity_up", "price_up"]],
    ["a higher threshold", { threshold: 3 }, ["threshold_up"]],
    ["a higher limit", { monthlyLimitMinor: 300_01 }, ["limit_up"]],
    ["no limit", { monthlyLimitMinor: null }, ["limit_up"]],
    [
      "another trigger",
      { triggers: { outOfCredits: true, beforeExpiry: true } },
      ["trigger_added"],
    ],
  ])("is recorded for %s", (_, change, needs) => {
    const { consentedTo, saved: now } = accepted(before, { ...same, ...change });
    expect(consentedTo).toEqual(needs);
    expect(now.consent).toMatchObject({ at: noon, userId: "user_2", surface: "checkout" });
  });

  test.each<[string, Partial<SaveRequest>]>([
    ["fewer credits", { quantity: 9 }],
    ["a lower threshold", { threshold: 1 }],
    ["a lower limit", { monthlyLimitMinor: 299_99 }],
    ["switching off", { enabled: false }],
  ])("is not asked for %s: the old record stays", (_, change) => {
    const { consentedTo, saved: now, isChanged } = accepted(before, { ...same, ...change });
    expect({ consentedTo, isChanged }).toEqual({ consentedTo: [], isChanged: true });
    expect(now.consent).toBe(before.consent);
  });

  test("is recorded for going up again after going down", () => {
    const down = accepted(before, { ...same, quantity: 5 }).saved;
    const up = accepted(down, { ...same, quantity: 6, revision: 2 });
    expect(up.consentedTo).toEqual(["quantity_up"]);
  });

  test("is recorded for switching on again, even to the same", () => {
    const off = accepted(before, { ...same, enabled: false }).saved;
    expect(accepted(off, { ...same, revision: 2 }).consentedTo).toEqual(["switched_on"]);
  });

  test("is recorded by saving the same once more after the price rose", () => {
    const dearer = context({ priceList: listWith({ unitPriceMinor: 10_01 as never }) });
    const result = accepted(before, same, dearer);
    expect(result).toMatchObject({ isChanged: true, consentedTo: ["price_up"] });
    expect(result.saved.settings.revision).toBe(2);
    const again = accepted(result.saved, { ...same, revision: 2 }, dearer);
    expect(again.isChanged).toBe(false);
  });

  test("is not asked for because tax was added to the same price", () => {
    const tax = { treatment: "domestic", basisPoints: 2300 } as const;
    expect(accepted(before, same, context({ tax })).isChanged).toBe(false);
  });
});
