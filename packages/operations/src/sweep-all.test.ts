import { credits, minor } from "@scanmeter/core";
import {
  addGatewayEvent,
  askForLooks,
  findSnapshot,
  listDueLooks,
  listMails,
  mailStatement,
  putService,
} from "@scanmeter/db";
import {
  anAccount,
  grantTo,
  HOUR,
  NOON,
  noonPlus,
  openTempDatabase,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Swept } from "./catch-up.ts";
import { makeOutbox } from "./documents/outbox.ts";
import { heartbeat } from "./scan-commands.ts";
import { type AllDeps, nextDueOfAll, sweepAll } from "./sweep-all.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

const LIMIT = 100;
const nothing: Swept = { rescued: 0, isFull: false };

let temp: TempDatabase;
let base: TestDeps;
let account: TestAccount;
let order: string[];

beforeEach(async () => {
  temp = await openTempDatabase();
  base = await depsOver(temp.database, { at: NOON });
  account = await anAccount(base.db);
  order = [];
});
afterEach(() => temp.close());

const depsWith = (sweepPayments: AllDeps["sweepPayments"]): AllDeps => ({
  ...base,
  outbox: makeOutbox(base),
  sweepPayments,
});
const deliver = async ({ key }: { readonly key: string }) => void order.push(key);
const writeMail = (key: string, sendAt = NOON) =>
  base.db.write([
    mailStatement<"payment_failed">({
      key,
      accountId: account.id,
      to: "ada@example.test",
      template: "payment_failed",
      data: {
        quantity: credits(10),
        totalMinor: minor(95_00),
        currency: "EUR",
        failedAt: sendAt,
        timeZone: "Europe/Vienna",
        reason: "The bank declined the card.",
        action: null,
      },
      sendAt,
    }),
  ]);

/** An hour of a scan that came due a minute ago, with a runner that was there all the while. */
async function hourDue(): Promise<void> {
  await grantTo(base.db, account.id);
  const scan = await startOn(base.db, account);
  base.clock.advance(HOUR - 1);
  const now = base.clock.now();
  await base.db.write([putService({ aliveAt: now, listeningSince: now })]);
  await heartbeat(base, { accountId: account.id, scanId: scan.id });
  base.clock.advance(60_000);
}

const looksOwed = async () => (await listDueLooks(base.db, base.clock.now(), LIMIT)).length;
const versionNow = async () => (await findSnapshot(base.db, account.id))?.account.version;

describe("sweeping everything", () => {
  test("runs scans, the looks they ask for, purchases, and the mail they wrote, in that order, and counts all", async () => {
    await hourDue();
    const before = await versionNow();
    const deps = depsWith(async () => {
      order.push(`purchase at version ${(await versionNow()) === before ? "before" : "after"}`);
      order.push(`looks owed: ${await looksOwed()}`);
      await writeMail("failed-1");
      return { rescued: 3, isFull: false };
    });
    expect(await sweepAll(deps, deliver, LIMIT)).toEqual({ rescued: 6, isFull: false });
    expect(order).toEqual(["purchase at version after", "looks owed: 0", "failed-1"]);
  });

  test("says that there may be more as soon as one of them has", async () => {
    const deps = depsWith(async () => ({ rescued: 1, isFull: true }));
    expect(await sweepAll(deps, deliver, LIMIT)).toEqual({ rescued: 1, isFull: true });
  });

  test("does the rest before it tells that one of them failed", async () => {
    await writeMail("failed-1");
    const deps = depsWith(async () => {
      throw new Error("the gateway answered nonsense");
    });
    await expect(sweepAll(deps, deliver, LIMIT)).rejects.toThrow("answered nonsense");
    expect(order).toEqual(["failed-1"]);
  });

  test("sends mail that was written while somebody else's round was about to end", async () => {
    const deps = depsWith(null);
    await writeMail("failed-1");
    const theirs = deps.outbox.sendDue(deliver, LIMIT);
    await writeMail("failed-2");
    await sweepAll(deps, deliver, LIMIT);
    await theirs;
    expect(order).toEqual(["failed-1", "failed-2"]);
  });

  test("leaves mail where it is without a mail server, and asks no gateway where nothing is sold", async () => {
    await writeMail("failed-1");
    expect(await sweepAll(depsWith(null), null, LIMIT)).toEqual(nothing);
    expect(await listMails(base.db, account.id)).toMatchObject([{ state: "waiting", attempts: 0 }]);
  });
});

test("the next due instant is the earliest of scans, looks, purchases, events and mail", async () => {
  expect(await nextDueOfAll(base)).toBeNull();
  await base.db.write([askForLooks([account.id], noonPlus(4_000))]);
  expect(await nextDueOfAll(base)).toBe(noonPlus(4_000));
  await writeMail("failed-1", noonPlus(3_000));
  expect(await nextDueOfAll(base)).toBe(noonPlus(3_000));
  const event = {
    id: "evt_1",
    type: "payment_intent.succeeded",
    objectId: "pi_1",
    paymentIntentId: "pi_1",
    topUpId: null,
    createdAt: NOON,
    livemode: false,
    apiVersion: null,
    payload: "{}",
  };
  await base.db.write([addGatewayEvent(event, noonPlus(2_000))]);
  expect(await nextDueOfAll(base)).toBe(noonPlus(2_000));
  base.clock.advance(2_000);
  expect(await nextDueOfAll(base)).toBe(noonPlus(3_000));
});
