import type { AutoTopUpPreview } from "@scanmeter/contracts/auto-top-up";
import { expect, test } from "vitest";
import { type Previewed, stepAfterPress, termsOf } from "./terms.ts";

function previewed(preview: Partial<AutoTopUpPreview> = {}, quantity = 10): Previewed {
  return {
    settings: {
      enabled: true,
      quantity,
      triggers: { outOfCredits: true, beforeExpiry: false },
      threshold: 0,
      monthlyLimitMinor: null,
    },
    preview: {
      sentence: "I allow…",
      totalMinor: 95_00,
      currency: "EUR",
      chargesNow: null,
      needsConsent: true,
      past: { purchases: 0, totalMinor: 0, unpaidCredits: 0 },
      next: { renewalAt: null, renewsExpiryAt: null, atBalance: 0 },
      ...preview,
    },
  };
}
const charging = { chargesNow: { trigger: "out_of_credits" } } as const;

test("what is on the page is saved by one press", () => {
  const fresh = previewed();
  expect(stepAfterPress({ fresh, seen: previewed(), warnedOf: null })).toBe("save");
});

test("words, a price or settings that were not on the page are shown before they are agreed to", () => {
  const fresh = previewed();
  const others = [
    null,
    previewed({ sentence: "I allow more…" }),
    previewed({ totalMinor: 90_00 }),
    previewed({}, 9),
  ];
  for (const seen of others) expect(stepAfterPress({ fresh, seen, warnedOf: null })).toBe("look");
});

test("what needs no new agreement is saved whatever was on the page", () => {
  const fresh = previewed({ needsConsent: false });
  expect(stepAfterPress({ fresh, seen: null, warnedOf: null })).toBe("save");
});

test("a charge at once takes a second press, agreed to or not", () => {
  for (const needsConsent of [true, false]) {
    const fresh = previewed({ ...charging, needsConsent });
    expect(stepAfterPress({ fresh, seen: fresh, warnedOf: null })).toBe("warn");
    expect(stepAfterPress({ fresh, seen: fresh, warnedOf: termsOf(fresh) })).toBe("save");
  }
});

test("a charge that is warned of again is one of another price or other settings", () => {
  const warnedOf = termsOf(previewed(charging));
  for (const fresh of [previewed({ ...charging, totalMinor: 99_00 }), previewed(charging, 11)])
    expect(stepAfterPress({ fresh, seen: fresh, warnedOf })).toBe("warn");
});

test("credits that ran out while the form was open are warned of before they are bought", () => {
  expect(stepAfterPress({ fresh: previewed(charging), seen: previewed(), warnedOf: null })).toBe(
    "warn",
  );
});

test("what the past would have been is no part of the terms", () => {
  const past = { purchases: 3, totalMinor: 285_00, unpaidCredits: 0 };
  expect(termsOf(previewed({ past }))).toBe(termsOf(previewed()));
});
