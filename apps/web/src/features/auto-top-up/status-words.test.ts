import type {
  AutoTopUpReasonView,
  AutoTopUpStatusView,
  AutoTopUpView,
} from "@scanmeter/contracts/auto-top-up";
import { describe, expect, test } from "vitest";
import { ADD_CARD_PATH, CONFIGURE_PATH, statusInWords } from "./status-words.ts";

const place = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const on: AutoTopUpView = {
  enabled: true,
  quantity: 10,
  triggers: { outOfCredits: true, beforeExpiry: true },
  threshold: 0,
  monthlyLimitMinor: 300_00,
  revision: 1,
  status: "active",
  reason: null,
  wayOut: null,
  until: null,
  topUpId: null,
  nextRenewalAt: "2027-03-11T09:12:00.000Z",
  renewsExpiryAt: "2027-03-14T09:12:00.000Z",
  consent: null,
  totalMinor: 95_00,
  currency: "EUR",
  spentThisMonthMinor: 95_00,
  card: { brand: "visa", last4: "4242" },
  quantityMax: 10_000,
  renewalDaysBefore: 3,
  perDayMax: 3,
};
const told = (view: Partial<AutoTopUpView>) => {
  const { sentences, ...rest } = statusInWords({ ...on, ...view }, place);
  return { ...rest, text: sentences.join(" ") };
};
const hrefs = (view: Partial<AutoTopUpView>) => told(view).ways.map(({ href }) => href);

test("what is on is one story: what, how many, when, price, card, limit, next date and use", () => {
  expect(told({})).toEqual({
    state: "On",
    isWorking: true,
    ways: [],
    text: "10 credits for €95.00 each time you run out of credits, and 3 days before paid credits expire; charged to Visa ending in 4242; at most €300.00 in a calendar month. Next renewal on 11 March 2027, 09:12 (Lisbon), for what expires on 14 March 2027, 09:12 (Lisbon). €95.00 of €300.00 used or under way this calendar month.",
  });
});

test("without a limit the month is mentioned once something was bought in it", () => {
  expect(told({ monthlyLimitMinor: null }).text).toContain("€95.00 bought or under way this");
  expect(told({ monthlyLimitMinor: null, spentThisMonthMinor: 0 }).text).not.toContain("month");
});

test("what is off says so and nothing of what it would do", () => {
  expect(told({ enabled: false, status: "off", wayOut: "switch_on" })).toEqual({
    state: "Off",
    isWorking: true,
    ways: [],
    text: "Nothing is bought automatically.",
  });
});

test("saved without a card waits for one, and leads to where it is added", () => {
  const view = { status: "waiting_for_payment_method", wayOut: "add_card", card: null } as const;
  expect(told(view)).toMatchObject({ state: "Saved, waiting for a card", isWorking: false });
  expect(hrefs(view)).toEqual([ADD_CARD_PATH]);
});

test("a purchase the bank asks about leads to its page, with the time there is for it", () => {
  const view = {
    status: "needs_authentication",
    wayOut: "authenticate",
    topUpId: "topUp_1",
    until: "2027-03-02T10:00:00.000Z",
  } as const;
  expect(told(view).text).toContain("confirm a purchase by 2 March 2027, 10:00 (Lisbon)");
  expect(hrefs(view)).toEqual(["/top-ups/topUp_1/confirm"]);
});

test("a declined purchase says when it is tried again, and that another card may be used", () => {
  const view = {
    reason: "retrying",
    wayOut: "change_card",
    until: "2027-03-02T10:00:00.000Z",
  } as const;
  expect(told(view)).toMatchObject({ state: "Trying again", isWorking: false });
  expect(told(view).text).toContain("again on 2 March 2027, 10:00 (Lisbon)");
  expect(hrefs(view)).toEqual([ADD_CARD_PATH]);
});

test("a limit that is reached says when buying goes on, and leads to the limit", () => {
  const view = {
    status: "limit_reached",
    wayOut: "raise_limit_or_wait",
    until: "2027-03-31T23:00:00.000Z",
  } as const;
  expect(told(view).text).toContain("from 1 April 2027, 00:00 (Lisbon)");
  expect(hrefs(view)).toEqual([CONFIGURE_PATH]);
});

describe("a pause", () => {
  const waysOut: Partial<Record<AutoTopUpReasonView, string[]>> = {
    card_refused: [ADD_CARD_PATH],
    card_details: [ADD_CARD_PATH],
    retries_exhausted: [ADD_CARD_PATH, CONFIGURE_PATH],
    authentication_unanswered: [ADD_CARD_PATH, CONFIGURE_PATH],
    consent_needed: [CONFIGURE_PATH],
  };
  const toWriteAbout: AutoTopUpReasonView[] = [
    "inquiry",
    "dispute",
    "fraud_warning",
    "operator",
    "under_review",
  ];

  test("has its own words and way out for every reason", () => {
    const reasons = [...(Object.keys(waysOut) as AutoTopUpReasonView[]), ...toWriteAbout];
    const texts = reasons.map((reason) => told({ status: "suspended", reason }).text);
    expect(new Set(texts).size).toBe(reasons.length);
    for (const [reason, ways] of Object.entries(waysOut)) {
      const view = { status: "suspended", reason: reason as AutoTopUpReasonView } as const;
      expect(hrefs(view), reason).toEqual(ways);
    }
  });

  test("that only we can end says whom to write to", () => {
    for (const reason of toWriteAbout) {
      expect(told({ status: "suspended", reason }).text, reason).toContain("invoices");
    }
  });
});

test("a renewal is not promised while nothing is bought", () => {
  const stopped: AutoTopUpStatusView[] = [
    "waiting_for_payment_method",
    "needs_authentication",
    "suspended",
  ];
  for (const status of stopped) expect(told({ status }).text, status).not.toContain("renewal");
  for (const reason of ["retrying", "purchase_in_flight"] as const)
    expect(told({ reason }).text, reason).not.toContain("renewal");
});

test("a renewal is promised behind the day on which buying goes on, not before it", () => {
  const untilNext = (until: string) => told({ status: "limit_reached", until }).text;
  expect(untilNext("2027-03-11T09:12:00.000Z")).toContain("renewal");
  expect(untilNext("2027-03-11T09:12:00.001Z")).not.toContain("renewal");
});
