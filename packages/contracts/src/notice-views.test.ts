import { credits, type Instant } from "@scanmeter/core";
import type { Notice } from "@scanmeter/core/notices";
import { accountId, aNoticeOf, at, noon } from "@scanmeter/core/testing";
import { describe, expect, test } from "vitest";
import { noticePreferencesViewOf, noticesViewOf } from "./notice-views.ts";

const notice = (when: Instant): Notice => ({
  key: `n-${when}`,
  accountId,
  at: when,
  kind: "expiring",
  data: aNoticeOf.expiring,
});

describe("a page of notices", () => {
  const facts = { notices: [notice(at(1)), notice(noon)], readUntil: noon, unread: 1, next: null };

  test("has the words of each, its dates in the account's time zone, and what was read", () => {
    const view = noticesViewOf(facts, "Europe/Lisbon");
    expect(view).toMatchObject({ unread: 1, nextCursor: null });
    expect(view.items).toEqual([
      {
        key: `n-${at(1)}`,
        kind: "expiring",
        at: "2026-03-10T12:01:00.000Z",
        title: "4 credits expire within 7 days",
        text: expect.stringContaining("17 March 2026, 12:00 (Lisbon)"),
        isRead: false,
        action: { label: "Buy credits", path: "/checkout/order" },
      },
      expect.objectContaining({ key: `n-${noon}`, isRead: true }),
    ]);
  });

  test("names where the next one goes on", () => {
    const next = { at: noon, key: `n-${noon}` };
    expect(noticesViewOf({ ...facts, next }, "UTC").nextCursor).toBe(`${noon}.n-${noon}`);
  });
});

describe("what is mailed to a member", () => {
  const lowBalance = credits(5);
  const others = [
    { name: "Bob", role: "billing", muted: ["expiry", "problems"] },
    { name: "Eve", role: "member", muted: ["scans"] },
  ] as const;

  test("is shown by group, with what cannot be switched off", () => {
    const view = noticePreferencesViewOf({ role: "owner", muted: ["scans"], lowBalance, others });
    expect(view.lowBalance).toBe(5);
    expect(view.groups).toHaveLength(6);
    const named = (name: string) => view.groups.find((group) => group.name === name);
    expect(named("scans")).toMatchObject({ isMailed: false, isAlwaysMailed: false });
    expect(named("problems")).toMatchObject({ isMailed: true, isAlwaysMailed: true });
    for (const { label } of view.groups) expect(label).toMatch(/^[A-Z][^!.]+$/);
  });

  test("names the others each group is mailed to, which a member never gets of payments", () => {
    const { groups } = noticePreferencesViewOf({ role: "owner", muted: [], lowBalance, others });
    expect(Object.fromEntries(groups.map(({ name, alsoTo }) => [name, alsoTo]))).toMatchObject({
      balance: ["Bob", "Eve"],
      scans: ["Bob"],
      expiry: [],
      problems: ["Bob"],
    });
  });

  test("offers nobody a group they never get", () => {
    const { groups } = noticePreferencesViewOf({ role: "member", muted: [], lowBalance, others });
    expect(groups.map(({ name }) => name)).toEqual(["balance", "scans"]);
  });
});
