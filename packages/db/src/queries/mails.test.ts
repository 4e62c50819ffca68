import type { AccountId } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  anAccount,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  unique,
} from "../testing/index.ts";
import {
  findNextMailAt,
  listMails,
  mailStatement,
  markMailFailed,
  markMailSent,
  type NewMail,
  takeDueMail,
} from "./mails.ts";

const MINUTE = 60_000;

describe.each(databases)("mail in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: AccountId;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    await db.write(["DELETE FROM mails"]);
    accountId = (await anAccount(db)).id;
  });

  const aMail = (about: Partial<NewMail<"receipt">> = {}): NewMail<"receipt"> => ({
    key: `receipt-${unique()}`,
    accountId,
    to: "ada@example.test",
    template: "receipt",
    data: { invoiceId: "inv_1" },
    sendAt: NOON,
    ...about,
  });
  const now = NOON;
  const until = noonPlus(5 * MINUTE);

  test("is written once for each key, and the first words stay", async () => {
    const mail = aMail();
    await db.write([mailStatement(mail), mailStatement({ ...mail, to: "eve@example.test" })]);
    await db.write([mailStatement({ ...mail, sendAt: noonPlus(1) })]);
    expect(await listMails(db, accountId)).toMatchObject([
      { key: mail.key, to: "ada@example.test", state: "waiting", attempts: 0, nextAttemptAt: NOON },
    ]);
  });

  test("is taken at its instant and not before, the longest due first, by one at a time", async () => {
    const [later, sooner] = [aMail({ sendAt: noonPlus(-1) }), aMail({ sendAt: noonPlus(-2) })];
    await db.write([later, sooner, aMail({ sendAt: noonPlus(1) })].map(mailStatement));
    expect(await findNextMailAt(db, noonPlus(-3))).toBe(noonPlus(-2));
    expect(await findNextMailAt(db, noonPlus(-2))).toBe(noonPlus(-1));

    expect(await takeDueMail(db, { now, until })).toEqual({
      key: sooner.key,
      accountId,
      to: "ada@example.test",
      template: "receipt",
      data: '{"invoiceId":"inv_1"}',
      sendAt: noonPlus(-2),
      attempts: 1,
    });
    expect((await takeDueMail(db, { now, until }))?.key).toBe(later.key);
    expect(await takeDueMail(db, { now, until })).toBeNull();
    expect(await findNextMailAt(db, now)).toBe(noonPlus(1));
  });

  test("that many take at once is taken by one", async () => {
    await db.write([mailStatement(aMail())]);
    const taken = await Promise.all([1, 2, 3, 4].map(() => takeDueMail(db, { now, until })));
    expect(taken.filter((mail) => mail !== null)).toHaveLength(1);
  });

  test("whose taker was never heard of is due again when its time is over", async () => {
    await db.write([mailStatement(aMail())]);
    await takeDueMail(db, { now, until });
    expect(await takeDueMail(db, { now: noonPlus(5 * MINUTE - 1), until })).toBeNull();
    expect(await takeDueMail(db, { now: until, until: noonPlus(9 * MINUTE) })).toMatchObject({
      attempts: 2,
    });
  });

  test("that was sent is over, whoever else took it", async () => {
    const mail = aMail();
    await db.write([mailStatement(mail)]);
    await takeDueMail(db, { now, until });
    await takeDueMail(db, { now: until, until: noonPlus(9 * MINUTE) });
    await db.write([markMailSent(mail.key, noonPlus(1))]);
    await db.write([markMailSent(mail.key, noonPlus(2))]);
    await db.write([
      markMailFailed({ key: mail.key, attempts: 2 }, { nextAttemptAt: noonPlus(3), error: "no" }),
    ]);
    expect(await listMails(db, accountId)).toMatchObject([
      { state: "sent", sentAt: noonPlus(1), nextAttemptAt: null, attempts: 2 },
    ]);
    const again = db.write([
      { sql: "UPDATE mails SET state = 'waiting' WHERE key = ?", args: [mail.key] },
    ]);
    await expect(again).rejects.toBeInstanceOf(ConstraintViolated);
  });

  test("that failed waits, or is over for good; a late answer of an older attempt says nothing", async () => {
    const mail = aMail();
    await db.write([mailStatement(mail)]);
    await takeDueMail(db, { now, until });
    const later = { nextAttemptAt: noonPlus(MINUTE), error: "450 busy" };
    await db.write([markMailFailed({ key: mail.key, attempts: 1 }, later)]);
    expect(await findNextMailAt(db, now)).toBe(noonPlus(MINUTE));
    await takeDueMail(db, { now: noonPlus(MINUTE), until });
    await db.write([markMailFailed({ key: mail.key, attempts: 1 }, later)]);
    expect(await findNextMailAt(db, now)).toBe(until);

    const never = { nextAttemptAt: null, error: "550 no such person" };
    await db.write([markMailFailed({ key: mail.key, attempts: 2 }, never)]);
    expect(await listMails(db, accountId)).toMatchObject([
      { state: "failed", lastError: "550 no such person", nextAttemptAt: null },
    ]);
    expect(await takeDueMail(db, { now: noonPlus(99 * MINUTE), until })).toBeNull();
  });

  test("keeps its words", async () => {
    const mail = aMail();
    await db.write([mailStatement(mail)]);
    for (const change of ["recipient = 'eve'", "data = '{}'", "template = 'x'", "send_at = 1"]) {
      const changed = db.write([
        { sql: `UPDATE mails SET ${change} WHERE key = ?`, args: [mail.key] },
      ]);
      await expect(changed).rejects.toBeInstanceOf(ConstraintViolated);
    }
  });
});
