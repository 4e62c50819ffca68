import { credits, type Instant } from "@scanmeter/core";
import type { Notice } from "@scanmeter/core/notices";
import { insertNotices } from "@scanmeter/db";
import {
  aMember,
  anAccount,
  NOON,
  noonPlus,
  openTempDatabase,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Wake } from "../payments/payments.ts";
import { depsOver, type TestDeps } from "../testing/test-deps.ts";
import { makeNotices, type Notices } from "./notices.ts";

let temp: TempDatabase;
let deps: TestDeps;
let account: TestAccount;
let woken: Wake[];
let notices: Notices;
const reader = () => ({ accountId: account.id, userId: account.ownerId });

beforeEach(async () => {
  temp = await openTempDatabase();
  deps = await depsOver(temp.database, { at: NOON });
  account = await anAccount(deps.db);
  woken = [];
  notices = makeNotices({ ...deps, wake: (work) => void woken.push(work) });
});
afterEach(() => temp.close());

function tell(...instants: Instant[]) {
  const all = instants.map((at, index): Notice => {
    return {
      key: `n-${index}`,
      accountId: account.id,
      at,
      kind: "depleted",
      data: { isBuying: false },
    };
  });
  return deps.db.write(insertNotices(all));
}

describe("what an account was told", () => {
  test("is listed the newest first, page by page, with what was not read yet", async () => {
    await tell(NOON, noonPlus(1), noonPlus(2));
    const first = await notices.list({ ...reader(), before: null, limit: 2 });
    expect(first.notices.map(({ key }) => key)).toEqual(["n-2", "n-1"]);
    expect(first).toMatchObject({ unread: 3, next: { at: noonPlus(1), key: "n-1" } });
    const second = await notices.list({ ...reader(), before: first.next, limit: 2 });
    expect(second.notices.map(({ key }) => key)).toEqual(["n-0"]);
    expect(second.next).toBeNull();
  });

  test("is read up to an instant, and never beyond now", async () => {
    await tell(NOON, noonPlus(10));
    expect(await notices.markRead(reader(), noonPlus(99))).toEqual({ readUntil: NOON, unread: 1 });
    deps.clock.advance(10);
    expect(await notices.markRead(reader(), noonPlus(99))).toMatchObject({ unread: 0 });
    expect(await notices.markRead(reader(), NOON)).toMatchObject({ unread: 0 });
  });
});

describe("what a member chose", () => {
  test("is kept for them, and the limit of the balance for the account", async () => {
    expect(await notices.choices(reader())).toEqual({ muted: [], lowBalance: 5, others: [] });
    const muted = ["expiry"];
    expect(await notices.choose({ ...reader(), muted, lowBalance: credits(8) })).toEqual({
      muted,
      lowBalance: 8,
      others: [],
    });
    const mate = await aMember(deps.db, account.id, { role: "billing" });
    const other = await aMember(deps.db, account.id, { role: "member" });
    await notices.choose({ ...reader(), userId: other.userId, muted: ["scans"] });
    expect(await notices.choices({ ...reader(), userId: mate.userId })).toEqual({
      muted: [],
      lowBalance: 8,
      others: [{ name: other.userId, role: "member", muted: ["scans"] }],
    });
  });

  test("has the account looked at when the balance may be low by it, and only then", async () => {
    const nextLook = async () =>
      (await deps.db.read("SELECT next_look_at, looks_asked FROM accounts")).rows[0];
    await notices.choose({ ...reader(), muted: ["expiry"] });
    await notices.choose({ ...reader(), muted: [], lowBalance: credits(5) });
    expect(woken).toEqual([]);
    expect(await nextLook()).toMatchObject({ next_look_at: null, looks_asked: 0 });
    await notices.choose({ ...reader(), muted: [], lowBalance: credits(6) });
    expect(woken).toEqual([{ about: "look", accountId: account.id }]);
    expect(await nextLook()).toMatchObject({ next_look_at: NOON, looks_asked: 1 });
  });
});
