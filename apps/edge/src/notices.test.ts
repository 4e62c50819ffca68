/** What an account was told, as its members see it and choose about it. */
import type { AccountId } from "@scanmeter/core";
import { instant, isoOf } from "@scanmeter/core";
import type { Notice } from "@scanmeter/core/notices";
import { aNoticeOf } from "@scanmeter/core/testing";
import { insertNotices } from "@scanmeter/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { httpClient } from "./testing/clients.ts";
import { joinAs } from "./testing/members.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;

beforeAll(async () => {
  on = await startTestEdge();
  ada = await on.signUp("Ada");
});
afterAll(() => on.stop());

const now = instant(Date.UTC(2026, 0, 15));
const notice = (who: TestCustomer, order: number): Notice => ({
  key: `recovered-${who.accountId}-${order}`,
  accountId: who.accountId as AccountId,
  at: instant(now + order),
  kind: "recovered",
  data: aNoticeOf.recovered,
});
const tell = (who: TestCustomer, ...orders: number[]) =>
  on.operations.database.write(insertNotices(orders.map((order) => notice(who, order))));

/** Somebody who joined Ada's account. */
async function mateAs(role: "billing" | "member") {
  const mate = await on.signUp("Mate");
  const cookie = await joinAs(on, mate, { accountId: ada.accountId, role });
  return httpClient(on.url, { cookie, origin: on.url });
}

describe("a member", () => {
  test("reads what the account was told page by page, and nobody else's", async () => {
    const bob = await on.signUp("Bob");
    await tell(ada, 1, 2, 3);
    await tell(bob, 9);
    const first = await ada.api.notices.list.query({ limit: 2 });
    expect(first.items.map(({ key }) => key)).toEqual([notice(ada, 3).key, notice(ada, 2).key]);
    expect(first.items[0]).toMatchObject({
      title: "Credits are available again",
      text: "You have 10 credits to spend.",
      isRead: false,
      action: { path: "/account" },
    });
    expect(first.unread).toBe(3);
    const cursor = first.nextCursor ?? "";
    const second = await ada.api.notices.list.query({ limit: 2, cursor });
    expect(second.items.map(({ key }) => key)).toEqual([notice(ada, 1).key]);
    expect(second.nextCursor).toBeNull();
    // A page that goes on behind somebody else's notice shows one's own.
    const theirs = `${now + 9}.${notice(bob, 9).key}`;
    expect((await ada.api.notices.list.query({ cursor: theirs })).items).toHaveLength(3);
  });

  test("marks read for themselves alone", async () => {
    const mate = await mateAs("member");
    await tell(ada, 1, 2, 3);
    const until = isoOf(instant(now + 2));
    expect(await ada.api.notices.markRead.mutate({ until })).toEqual({ unread: 1 });
    const { items, unread } = await ada.api.notices.list.query();
    expect(items.map(({ isRead }) => isRead)).toEqual([false, true, true]);
    expect(unread).toBe(1);
    expect(await mate.notices.list.query()).toMatchObject({ unread: 3 });
  });

  test("chooses what is mailed to them, and whoever pays what a low balance is", async () => {
    const [billing, mate] = [await mateAs("billing"), await mateAs("member")];
    const saved = await billing.notices.savePreferences.mutate({
      muted: ["expiry"],
      lowBalance: 9,
    });
    expect(saved.groups.filter(({ isMailed }) => !isMailed)).toMatchObject([{ name: "expiry" }]);
    expect(saved.lowBalance).toBe(9);
    expect(await billing.notices.preferences.query()).toEqual(saved);

    const muted = await mate.notices.savePreferences.mutate({ muted: ["scans"] });
    expect(muted).toMatchObject({
      lowBalance: 9,
      groups: [
        { name: "balance", isMailed: true },
        { name: "scans", isMailed: false },
      ],
    });
    await expect(
      mate.notices.savePreferences.mutate({ muted: [], lowBalance: 1 }),
    ).rejects.toMatchObject({ data: { code: "FORBIDDEN" } });
    expect(await mate.notices.preferences.query()).toEqual(muted);
  });
});
