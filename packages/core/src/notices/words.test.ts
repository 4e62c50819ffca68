import { describe, expect, test } from "vitest";
import { suspensionReasons } from "../auto-top-up/suspension.ts";
import { formsOf } from "../documents/letter.ts";
import { idOf } from "../ids.ts";
import { minor } from "../pricing/money.ts";
import { at, noon } from "../testing/builders.ts";
import { aNoticeOf, oneOfEach } from "../testing/notices.ts";
import { credits } from "../units.ts";
import { noticeLetter } from "./letter.ts";
import type { NoticeData, NoticeKind, Told } from "./notice.ts";
import { noticeWords } from "./words.ts";

const DAY = 24 * 60;
const lisbon = { timeZone: "Europe/Lisbon" };
const told = <Kind extends NoticeKind>(kind: Kind, change: Partial<NoticeData[Kind]> = {}) =>
  noticeWords({ kind, data: { ...aNoticeOf[kind], ...change } } as unknown as Told, lisbon);

describe.each(oneOfEach)("$kind", (notice) => {
  const { title, text, action } = noticeWords(notice, lisbon);
  const letter = noticeLetter(
    { ...notice, accountId: idOf("account", "1") },
    {
      ...lisbon,
      accountName: "Acme",
      site: "https://scanmeter.example",
    },
  );

  test("is one plain title and whole sentences, and shouts at nobody", () => {
    expect(title).toMatch(/^[A-Z0-9][^\n]{5,100}$/);
    expect(title).not.toMatch(/\.$/);
    expect(text).toMatch(/^[A-Z0-9].*[.”]$/);
    expect(`${title} ${text}`).not.toMatch(/undefined|null|NaN|!| {2}/);
  });

  test("says what to do, never what a bank thinks of a card", () => {
    expect(`${title} ${text}`).not.toMatch(/lost|stolen|fraud/i);
    expect(action.path).toMatch(/^\/[a-z0-9/_?=-]+$/);
  });

  test("is the same in mail: the words, and the way on through the account it is about", () => {
    const { subject, text: plain, html } = formsOf(letter);
    const flat = (words: string) => words.replaceAll("\u00a0", " ");
    expect(subject).toBe(flat(title));
    expect(plain).toContain(flat(text));
    const address = `https://scanmeter.example/switch/acc_1?to=${action.path}`;
    expect(plain).toContain(`${action.label}: ${address}`);
    expect(html).toContain(`href="${address}"`);
    expect(plain).toContain("This is about the account Acme.");
  });
});

describe("dates", () => {
  test("are the account's, with the name of its time zone", () => {
    const { text } = told("expiring", { expiresAt: at(7 * DAY) });
    expect(text).toContain("4 credits expire on 17 March 2026, 12:00 (Lisbon).");
    const far = { kind: "expiring", data: aNoticeOf.expiring } as const;
    expect(noticeWords(far, { timeZone: "Pacific/Auckland" }).text).toContain(
      "18 March 2026, 01:00 (Auckland)",
    );
  });

  test("of a card are its last day", () => {
    const validUntil = at(21 * DAY + 11 * 60);
    expect(told("card_expiring", { validUntil }).title).toBe(
      "Visa ending in 4242 expires on 31 March 2026",
    );
  });
});

describe("credits about to expire", () => {
  const planned = { dueAt: at(4 * DAY), isLate: false, hindrance: null };

  test("that will be renewed are no alarm", () => {
    const { title, text, action } = told("expiring", { renewal: planned });
    expect(title).toBe("4 credits will be renewed before they expire");
    expect(text).toContain("They will be renewed on 14 March 2026, 12:00 (Lisbon)");
    expect(action.path).toBe("/account");
  });

  test("whose renewal has something in the way say what, and until when they can be saved", () => {
    const { title, text } = told("expiring", { renewal: { ...planned, hindrance: "no_card" } });
    expect(title).toBe("4 credits expire within 7 days");
    expect(text).toContain("on 14 March 2026, 12:00 (Lisbon), but there is no card to charge.");
    expect(text).toContain("until 31 March 2026, 13:00 (Lisbon)");
  });

  test("whose renewal should have been made by now do not say that it will be", () => {
    const { text } = told("expiring", { renewal: { ...planned, isLate: true } });
    expect(text).toContain("They should have been renewed on 14 March 2026, 12:00 (Lisbon)");
  });

  test("are counted, one by its own word", () => {
    expect(told("expiring", { credits: credits(1), days: 1 }).title).toBe(
      "1 credit expires within a day",
    );
  });
});

describe("a purchase that was made", () => {
  test("lists each lot with its old date and its new one", () => {
    expect(told("top_up_done").table).toEqual({
      headings: ["Credits", "Expired before", "Expires now"],
      rows: [
        ["10 credits", "bought now", "10 March 2027, 12:00 (Lisbon)"],
        ["4 credits", "13 March 2026, 12:00 (Lisbon)", "10 March 2027, 12:00 (Lisbon)"],
      ],
    });
    expect(told("top_up_done").text).toContain("They and 4 credits you had now expire on");
  });

  test("says what went to hours that were owed", () => {
    expect(told("top_up_done", { debtRepaid: credits(2) }).text).toContain(
      "2 credits of them went to hours that were owed.",
    );
  });
});

describe("a payment that did not go through", () => {
  test("says why as far as a customer is told, and when it is tried again", () => {
    const { title, text } = told("top_up_declined");
    expect(title).toContain("next try on 11 March 2026");
    expect(text).toContain("The card does not have enough funds.");
    expect(text).toContain("It is tried again on 11 March 2026, 12:00 (Lisbon)");
  });

  test("says what it did to automatic top-ups, and what can still be saved", () => {
    const { text } = told("top_up_failed", { expiresAt: noon });
    expect(text).toContain("Nothing was charged.");
    expect(text).toContain("Auto top-up is suspended until another card is chosen.");
    expect(text).toContain("brought back by a purchase until 24 March 2026, 12:00 (Lisbon)");
    const silent = told("top_up_failed", { failure: null, suspended: null });
    expect(silent.text).toContain("The payment provider did not answer.");
    expect(silent.text).not.toContain("suspended");
  });

  test("because the bank asks leads to the page of that purchase", () => {
    expect(told("top_up_needs_authentication").action).toEqual({
      label: "Confirm with your bank",
      path: "/top-ups/top_1/confirm",
    });
  });

  test.each(suspensionReasons)("and suspends for %s says what to do", (reason) => {
    expect(told("auto_top_up_suspended", { reason }).text).not.toMatch(/lost|stolen|fraud|!/i);
  });
});

test("an announced purchase that cannot be made says so instead of promising it", () => {
  expect(told("upcoming_top_up").title).toContain("95.00 will be charged on 17 March 2026");
  const { title, text } = told("upcoming_top_up", { hindrance: "suspended" });
  expect(title).toBe("The purchase planned for 17 March 2026 cannot be made yet");
  expect(text).toContain("but auto top-up is suspended.");
});

test("a card that is gone is told before anything is to be bought", () => {
  expect(told("waiting_for_card").text).toContain("Credits should be bought now");
  expect(told("waiting_for_card", { trigger: null }).text).toBe(
    "The card it charged is gone and there is no other. Add a card so that it can go on.",
  );
});

test("several scans are one notice with their number", () => {
  expect(told("scan_paused", { count: 3 }).title).toBe(
    "The scan “nightly” and 2 others wait for credits",
  );
  expect(told("scan_stopped", { label: null }).title).toBe(
    "A scan was stopped for lack of credits",
  );
});

test("credits that are being bought anyway are no reason to buy more", () => {
  expect(told("depleted", { isBuying: true }).text).toContain("bought automatically");
  expect(told("limit_reached", { spentMinor: minor(0) }).text).toContain("0.00");
});
