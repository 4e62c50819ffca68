import type { AutoTopUpPreview } from "@scanmeter/contracts/auto-top-up";
import { describe, expect, test } from "vitest";
import {
  chargeInWords,
  consentInWords,
  outlookInWords,
  settingsInWords,
  whenInWords,
} from "./settings-words.ts";

const place = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const both = { outOfCredits: true, beforeExpiry: true };
const runsOut = { outOfCredits: true, beforeExpiry: false };
const expires = { outOfCredits: false, beforeExpiry: true };

test("when is said for each of the occasions and for both", () => {
  const when = { threshold: 0, renewalDaysBefore: 3 };
  expect([both, runsOut, expires].map((triggers) => whenInWords({ ...when, triggers }))).toEqual([
    "each time you run out of credits, and 3 days before paid credits expire",
    "each time you run out of credits",
    "3 days before paid credits expire",
  ]);
  expect(whenInWords({ ...when, triggers: runsOut, threshold: 1 })).toBe(
    "each time you have 1 credit or fewer left",
  );
});

test("a card and a limit are named when there are any", () => {
  const settings = {
    quantity: 1,
    triggers: runsOut,
    threshold: 0,
    renewalDaysBefore: 3,
    totalMinor: 11_90,
    currency: "EUR",
    card: null,
    monthlyLimitMinor: null,
  };
  expect(settingsInWords(settings, "en-GB")).toBe(
    "1 credit for €11.90 each time you run out of credits.",
  );
  const more = { card: { brand: "visa", last4: "4242" }, monthlyLimitMinor: 50_00 };
  expect(settingsInWords({ ...settings, ...more }, "en-GB")).toBe(
    "1 credit for €11.90 each time you run out of credits; charged to Visa ending in 4242; at most €50.00 in a calendar month.",
  );
});

describe("the look back and ahead", () => {
  const renewalAt = "2027-03-11T09:12:00.000Z";
  const outlook = (
    past: Partial<AutoTopUpPreview["past"]>,
    next: Partial<AutoTopUpPreview["next"]>,
    triggers = both,
  ) =>
    outlookInWords(
      {
        past: { purchases: 3, totalMinor: 285_00, unpaidCredits: 0, ...past },
        next: { renewalAt: null, renewsExpiryAt: null, atBalance: null, ...next },
        currency: "EUR",
      },
      triggers,
      place,
    );

  test("says what the year would have made, and both that may come next", () => {
    expect(outlook({}, { renewalAt, atBalance: 0 })).toBe(
      "The last 12 months would have made 3 purchases, €285.00 in total; next on 11 March 2027, 09:12 (Lisbon), or at 0 credits.",
    );
  });

  test("says one and none as one does", () => {
    expect(outlook({ purchases: 1, totalMinor: 95_00 }, { atBalance: 5 })).toBe(
      "The last 12 months would have made 1 purchase, €95.00; next at 5 credits.",
    );
    expect(outlook({ purchases: 0, totalMinor: 0 }, {}, expires)).toBe(
      "The last 12 months would have made no purchase; there are no paid credits now that could expire.",
    );
  });

  test("tells of credits that limits would have kept away", () => {
    expect(outlook({ unpaidCredits: 4 }, { atBalance: 0 })).toMatch(
      /; next at 0 credits\. 4 credits would still have been missing, because of the limits\.$/,
    );
  });
});

describe("a charge that saving brings about", () => {
  const charge = {
    preview: { chargesNow: { trigger: "out_of_credits" }, totalMinor: 95_00, currency: "EUR" },
    quantity: 10,
    threshold: 0,
    card: { brand: "visa", last4: "4242" },
    renewalDaysBefore: 3,
  } as const;

  test("is told with its reason, amount and card", () => {
    expect(chargeInWords(charge, "en-GB")).toBe(
      "You are out of credits now, so 10 credits are bought as soon as you save: Visa ending in 4242 is charged €95.00.",
    );
    expect(chargeInWords({ ...charge, threshold: 5 }, "en-GB")).toMatch(
      /^You have 5 credits or fewer now/,
    );
    const preview = { ...charge.preview, chargesNow: { trigger: "before_expiry" } } as const;
    expect(chargeInWords({ ...charge, preview }, "en-GB")).toMatch(
      /^Paid credits expire within 3 days/,
    );
  });

  test("comes with the card when there is none yet", () => {
    expect(chargeInWords({ ...charge, card: null }, "en-GB")).toBe(
      "You are out of credits now, so 10 credits are bought for €95.00 as soon as a card is saved.",
    );
  });

  test("is not told when there is none", () => {
    expect(chargeInWords({ ...charge, preview: { ...charge.preview, chargesNow: null } })).toBe("");
  });
});

test("who agreed is told with the time and the page, also when they are gone", () => {
  const consent = {
    givenAt: "2026-11-22T16:00:00.000Z",
    by: "Ada",
    surface: "checkout",
    sentence: "I allow…",
    totalMinor: 95_00,
    currency: "EUR",
  } as const;
  expect(consentInWords(consent, place)).toBe(
    "Agreed to by Ada on 22 November 2026, 16:00 (Lisbon), in the checkout.",
  );
  expect(consentInWords({ ...consent, by: null, surface: "overview" }, place)).toMatch(
    /by a former member on .*, on Account Overview\.$/,
  );
});
