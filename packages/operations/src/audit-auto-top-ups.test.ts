/** What the audit says of automatic purchases, and that it notices whatever breaks their rules. */
import { type AccountId, idOf, type LotId, minor } from "@scanmeter/core";
import { openTopUp, type TopUp } from "@scanmeter/core/purchase";
import { tenCredits } from "@scanmeter/core/testing";
import {
  addConsent,
  type Database,
  insertInvoice,
  putAutoTopUps,
  putService,
  putTopUps,
} from "@scanmeter/db";
import {
  aConsent,
  anAccount,
  anAutoTopUp,
  DAY,
  HOUR,
  NOON,
  noonPlus,
  openTempDatabase,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { autoTopUpChecks, overdueLooks } from "./audit-auto-top-ups.ts";

const TOTAL = 95_00;

let temp: TempDatabase;
let db: Database;
let account: TestAccount;
let consentId: string;

beforeEach(async () => {
  temp = await openTempDatabase();
  db = temp.database;
  account = await anAccount(db);
  await db.write([putService({ aliveAt: noonPlus(DAY), listeningSince: NOON })]);
  consentId = await agreeTo({ monthlyLimitMinor: minor(3 * TOTAL) });
});
afterEach(() => temp.close());

async function agreeTo(change: Parameters<typeof aConsent>[0]): Promise<string> {
  const consent = aConsent({
    price: { netMinor: minor(TOTAL), totalMinor: minor(TOTAL), currency: "EUR" },
    ...change,
  });
  const row = anAutoTopUp(account.id, { consent });
  const { rows } = await db.read("SELECT version FROM auto_top_ups");
  const version = Number(rows[0]?.[0] ?? 0);
  await db.write([addConsent(account.id, consent), ...putAutoTopUps([{ ...row, version }])]);
  return consent.id;
}

async function broken(): Promise<string[]> {
  const found: string[] = [];
  for (const { id, title, run } of [...autoTopUpChecks, overdueLooks]) {
    if ((await run(db)) !== null) found.push(`${id} ${title}`);
  }
  return found;
}

/** An automatic purchase of ten credits that was begun and paid so long after noon. */
async function paid(ms: number, change: Partial<TopUp> = {}): Promise<TopUp["id"]> {
  const id = idOf("topUp", unique());
  const order = {
    id,
    accountId: account.id as AccountId,
    trigger: "out_of_credits",
    triggerKey: `key-${id}`,
    terms: tenCredits,
    customerId: "cus_1",
    livemode: false,
  } as const;
  const topUp = {
    ...openTopUp(order, noonPlus(ms)),
    state: "paid" as const,
    paidAt: noonPlus(ms),
    paymentIntentId: `pi_${id}`,
    lotId: `lot_${unique()}` as LotId,
    nextStepAt: null,
    ...change,
  };
  const quote = { subtotalMinor: 100_00, discountMinor: 5_00, totalMinor: TOTAL, currency: "EUR" };
  await db.write(
    putTopUps([
      {
        topUp,
        billing: {} as never,
        card: null,
        receipt: topUp.state === "paid" ? ({ quote } as never) : null,
        settlement: "none",
        reversed: null,
        consentId,
      },
    ]),
  );
  return id;
}

/** With its invoice, which says in which zone the account counted its days. */
async function paidIn(timeZone: string, ms: number): Promise<void> {
  const topUpId = await paid(ms);
  const amounts = { currency: "EUR", totalMinor: TOTAL };
  await db.write([
    insertInvoice({
      id: idOf("invoice", unique()),
      accountId: account.id as AccountId,
      topUpId,
      refundId: null,
      year: 2026,
      issuedAt: noonPlus(ms),
      creditedBeforeMinor: null,
      document: { kind: "invoice", timeZone, amounts } as never,
    }),
  ]);
}

const tooSoon = "I9 no automatic purchase was begun above the caps of an hour and a day";
const tooMuch = "I9 no month's automatic purchases went above the limit that was agreed to";
const uncovered = "I9 every automatic purchase stands on an agreement that covers it";

test("nothing, while everything is as it was agreed to", async () => {
  for (const hours of [0, 1, 2, 24]) if (hours < 24) await paid(hours * HOUR);
  expect(await broken()).toEqual([]);
});

test("two purchases within an hour, but not two an hour apart", async () => {
  await paid(0);
  await paid(HOUR);
  expect(await broken()).toEqual([]);
  await paid(2 * HOUR - 1);
  expect(await broken()).toEqual([tooSoon]);
});

test("a fourth purchase within a day", async () => {
  consentId = await agreeTo({ monthlyLimitMinor: null });
  for (const hours of [0, 2, 4]) await paid(hours * HOUR);
  await paid(DAY);
  expect(await broken()).toEqual([]);
  await paid(DAY + HOUR);
  expect(await broken()).toEqual([tooSoon]);
});

test("more money in a month than was agreed to, and not across months", async () => {
  for (const days of [0, 1, 2, 30]) await paid(days * DAY);
  expect(await broken()).toEqual([]);
  await paid(3 * DAY);
  expect(await broken()).toEqual([tooMuch]);
});

test("a month is that of the zone in which it was paid, whatever zone the account has by now", async () => {
  const firstHour = 16 * DAY + 11 * HOUR;
  for (const days of [10, 11, 12]) await paidIn("Europe/Vienna", days * DAY);
  await paidIn("Europe/Vienna", firstHour);
  await db.write(["UPDATE accounts SET time_zone = 'America/New_York'"]);
  expect(await broken()).toEqual([]);
  await paidIn("America/New_York", firstHour + HOUR);
  expect(await broken()).toEqual([tooMuch]);
});

test("a purchase of more credits, for another reason or at a higher price than was agreed to", async () => {
  await paid(0);
  await db.write(["DROP TRIGGER consents_never_change"]);
  for (const change of [
    "quantity = 9",
    "out_of_credits = 0",
    "net_minor = 9499",
    "currency = 'USD'",
  ]) {
    const [column] = change.split(" = ");
    const { rows } = await db.read(`SELECT ${column} FROM consents`);
    await db.write([`UPDATE consents SET ${change}`]);
    expect(await broken()).toContain(uncovered);
    await db.write([{ sql: `UPDATE consents SET ${column} = ?`, args: [rows[0]?.[0] ?? null] }]);
  }
  expect(await broken()).toEqual([]);
  await db.write([`UPDATE consents SET given_at = ${noonPlus(1)}`]);
  expect(await broken()).toEqual([uncovered]);
});

test("two purchases under way at once", async () => {
  const underWay = { state: "draft", paidAt: null, lotId: null, paymentIntentId: null } as const;
  await paid(0, { ...underWay, nextStepAt: NOON });
  expect(await broken()).toEqual([]);
  await db.write(["DROP TRIGGER top_ups_agreed_to", "DROP INDEX top_ups_automatic"]);
  await paid(0, { ...underWay, nextStepAt: NOON });
  expect(await broken()).toEqual(["I9 at most one automatic purchase of an account is under way"]);
});

test("books that do not follow the settings", async () => {
  await db.write(["UPDATE accounts SET keeps_expired = 0"]);
  expect(await broken()).toEqual(["I9 the books know what the settings ask for"]);
});

test("an account nobody looked at in time", async () => {
  await db.write([`UPDATE accounts SET next_look_at = ${noonPlus(DAY - 6 * 60_000)}`]);
  expect(await broken()).toEqual([]);
  await db.write([`UPDATE accounts SET next_look_at = ${noonPlus(DAY - 6 * 60_000 - 1)}`]);
  expect(await broken()).toEqual([
    "I15 no account has waited to be looked at for more than minutes of the service's life",
  ]);
});
