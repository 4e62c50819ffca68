/** What the audit says of credits that are kept past their date, and of owners, and that it notices whatever breaks them. */
import { catchUp, credits, decideRevive, idOf, type LotId, settings } from "@scanmeter/core";
import { type Database, putService } from "@scanmeter/db";
import {
  anAccount,
  aPaidTopUp,
  DAY,
  decideIn,
  grantTo,
  keepExpired,
  NOON,
  noonPlus,
  openTempDatabase,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { audit } from "./audit.ts";

let temp: TempDatabase;
let db: Database;
let account: TestAccount;
let lotId: LotId;

// Five credits of which a dispute froze two and the date took three, which are kept.
beforeEach(async () => {
  temp = await openTempDatabase();
  db = temp.database;
  await aliveAt(2 * DAY);
  account = await anAccount(db);
  lotId = await grantTo(db, account.id, { credits: 5, expiresAt: noonPlus(DAY) });
  await keepExpired(db, account.id);
  await dispute(2);
  await caughtUpAt(2 * DAY);
});
afterEach(() => temp.close());

/** The service was there until that long after noon. */
const aliveAt = (ms: number) =>
  db.write([putService({ aliveAt: noonPlus(ms), listeningSince: NOON })]);

const caughtUpAt = (ms: number) =>
  decideIn(db, account.id, { now: noonPlus(ms) }, (books) =>
    catchUp(books, { listeningSince: NOON }),
  );

/** Freezes credits of the lot for a purchase whose row says so. */
async function dispute(amount: number): Promise<void> {
  const { topUp } = await aPaidTopUp(db, account.id);
  await decideIn(db, account.id, {}, (books) =>
    books.book({
      kind: "freeze",
      key: `freeze-${unique()}`,
      bookedAt: books.now,
      entries: [{ from: "customer", to: "holds", amount: credits(amount), lotId }],
      topUpId: topUp.id,
    }),
  );
  await sayFrozen(topUp.id, { lotId, amount });
}

async function sayFrozen(topUpId: string, draw: { lotId: string; amount: number }): Promise<void> {
  const reversed = { lotId, postings: 1, taken: [], holds: [{ disputeId: "dp", draws: [draw] }] };
  await db.write([
    {
      sql: "UPDATE top_ups SET reversed = ?, revision = revision + 1 WHERE id = ?",
      args: [JSON.stringify(reversed), topUpId],
    },
  ]);
}

/** By hand, past whatever would refuse it. */
async function tamper(sql: string, guard?: string): Promise<void> {
  if (guard !== undefined) await db.write([`DROP TRIGGER ${guard}`]);
  await db.write([sql]);
}

/** The checks that found something, of those that a test is about: these accounts never paid for their lots. */
async function broken(): Promise<string[]> {
  const titles: string[] = [];
  for await (const { id, title, broken: what } of audit(db)) {
    if (what !== null && !title.startsWith("a paid purchase granted"))
      titles.push(`${id} ${title}`);
  }
  return titles;
}

test("nothing, from the freeze to the revival", async () => {
  expect(await broken()).toEqual([]);
  const { topUp } = await aPaidTopUp(db, account.id);
  await decideIn(db, account.id, { now: noonPlus(3 * DAY) }, (books) =>
    decideRevive(books, {
      paymentIntentId: unique(),
      topUpId: topUp.id,
      newExpiresAt: noonPlus(400 * DAY),
    }),
  );
  expect(await broken()).toEqual([]);
});

test("nothing, from the freeze to the end of their time", async () => {
  const over = DAY + settings.keptForMs;
  await caughtUpAt(over);
  await aliveAt(over + DAY);
  expect(await broken()).toEqual([]);
});

test("a lot that keeps more or less than was booked", async () => {
  await tamper("UPDATE lots SET kept = 2");
  expect(await broken()).toEqual(["I1 each lot keeps what its entries kept of it past its date"]);
});

test("credits that are kept although their lot lives, or was free", async () => {
  const expected = ["I4 what is kept is frozen, paid and past its date"];
  await tamper(`UPDATE lots SET expires_at = ${noonPlus(9 * DAY)}`);
  expect(await broken()).toEqual(expect.arrayContaining(expected));
  await tamper(
    `UPDATE lots SET kind = 'free', expires_at = ${noonPlus(DAY)}`,
    "lots_keep_their_grant",
  );
  expect(await broken()).toEqual(expect.arrayContaining(expected));
});

test("credits that were kept before their date, or written off before their time was over", async () => {
  const expected =
    "I5 credits are kept from their date on, revived in time, and written off when their time is over";
  const moveTo = (ms: number, reason: string) =>
    `UPDATE postings SET booked_at = ${noonPlus(ms)} WHERE reason = '${reason}'`;
  await tamper(moveTo(DAY - 1, "frozen_at_expiry"), "postings_never_change");
  expect(await broken()).toContain(expected);
  await tamper(moveTo(DAY, "frozen_at_expiry"));
  expect(await broken()).toEqual([]);
  const over = DAY + settings.keptForMs;
  await caughtUpAt(over);
  await tamper(moveTo(over - 1, "kept_too_long"));
  expect(await broken()).toContain(expected);
});

test("credits that were revived when they were gone", async () => {
  await decideIn(db, account.id, { now: noonPlus(3 * DAY) }, (books) =>
    decideRevive(books, {
      paymentIntentId: unique(),
      topUpId: idOf("topUp", unique()),
      newExpiresAt: noonPlus(400 * DAY),
    }),
  );
  const gone = noonPlus(DAY + settings.keptForMs);
  await tamper(
    `UPDATE postings SET booked_at = ${gone} WHERE reason = 'revived'`,
    "postings_never_change",
  );
  expect((await broken()).filter((title) => title.startsWith("I5"))).toHaveLength(1);
});

test("a purchase that says another lot was frozen for it, or takes what is kept for its own", async () => {
  const [disputed] = (await db.read("SELECT id FROM top_ups")).rows;
  const saysFrozen = async (draw: { lotId: string; amount: number }) => {
    await sayFrozen(String(disputed?.id), draw);
    return broken();
  };
  const expected = [expect.stringMatching(/^I6 what was taken back for a purchase, and what/)];
  expect(await saysFrozen({ lotId: "lot_another", amount: 2 })).toEqual(expected);
  expect(await saysFrozen({ lotId, amount: 5 })).toEqual(expected);
  expect(await saysFrozen({ lotId, amount: 2 })).toEqual([]);
});

test("credits that are kept although their time is over", async () => {
  const over = DAY + settings.keptForMs;
  await aliveAt(over);
  expect(await broken()).toEqual([]);
  await aliveAt(over + DAY);
  expect(await broken()).toEqual([
    "I15 nothing that could be done is overdue by more than a minute of the service's life",
  ]);
});

test("an account nobody owns, or whose opener left and could open no other", async () => {
  const expected = ["I19 every account has an owner, and whoever opened one acts for it"];
  await tamper("UPDATE accounts SET opened_by = 'somebody'");
  expect(await broken()).toEqual(expected);
  await tamper("UPDATE accounts SET opened_by = NULL");
  expect(await broken()).toEqual([]);
  await tamper("UPDATE members SET role = 'billing'", "members_stay_who_they_are");
  expect(await broken()).toEqual(expected);
});
