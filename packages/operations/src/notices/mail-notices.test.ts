import type { Notice, NoticeData, NoticeKind } from "@scanmeter/core/notices";
import { aNoticeOf } from "@scanmeter/core/testing";
import { insertNotices, listMails, mailStatement, putMuted, type Role } from "@scanmeter/db";
import {
  aMember,
  anAccount,
  NOON,
  openTempDatabase,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sendDueMails } from "../documents/outbox.ts";
import type { OutgoingMail, SendMail } from "../documents/outgoing-mail.ts";
import type { Payments } from "../payments/payments.ts";
import { depsOver, type TestDeps } from "../testing/test-deps.ts";

let temp: TempDatabase;
let deps: TestDeps;
let account: TestAccount;
let delivered: OutgoingMail[];
const deliver: SendMail = async (mail) => void delivered.push(mail);
const send = () => sendDueMails(deps, deliver, 50);

beforeEach(async () => {
  temp = await openTempDatabase();
  deps = await depsOver(temp.database, { at: NOON });
  account = await anAccount(deps.db);
  delivered = [];
});
afterEach(() => temp.close());

const join = (role: Role, email?: string) =>
  aMember(deps.db, account.id, { role, ...(email === undefined ? {} : { email }) });

async function tell<Kind extends NoticeKind>(
  kind: Kind,
  data: NoticeData[Kind] = aNoticeOf[kind],
): Promise<string> {
  const key = `${kind}-${unique()}`;
  await deps.db.write(
    insertNotices([{ key, accountId: account.id, at: NOON, kind, data } as unknown as Notice]),
  );
  return key;
}

const recipients = () => delivered.map(({ to }) => to).sort();

describe("a notice", () => {
  test("is mailed to each member who gets its kind, once, in the words of the page", async () => {
    const ada = await join("owner");
    const bob = await join("member");
    const key = await tell("low_balance");
    expect(await send()).toMatchObject({ sent: 2, isFull: false });
    expect(await send()).toMatchObject({ sent: 0 });
    expect(recipients()).toEqual([ada.email, bob.email].sort());
    const toAda = delivered.find(({ to }) => to === ada.email);
    expect(toAda).toMatchObject({
      key: `notice-${key}-${ada.userId}`,
      subject: "3 credits left",
      date: new Date(NOON),
      attachments: [],
    });
    expect(toAda?.text).toContain("Your balance is down to 3 credits.");
    expect(toAda?.text).toContain("This is about the account Acme.");
    expect(toAda?.html).toContain("Your balance is down to 3 credits.");
  });

  test("dates what it tells in the account's time zone", async () => {
    await join("owner");
    await tell("expiring", { ...aNoticeOf.expiring, expiresAt: NOON });
    await send();
    expect(delivered[0]?.text).toContain("on 15 January 2026, 13:00 (Vienna).");
  });

  test("about payments goes to whoever pays and to nobody else", async () => {
    const [owner, billing] = [await join("owner"), await join("billing")];
    await join("member");
    await tell("top_up_failed");
    await tell("expiring");
    await send();
    const both = [owner.email, billing.email];
    expect(recipients()).toEqual([...both, ...both].sort());
  });

  test("of a group somebody switched off is not mailed to them; a failure is all the same", async () => {
    const [ada, bob] = [await join("owner"), await join("billing")];
    const muted = ["balance", "problems"];
    await deps.db.write([putMuted({ accountId: account.id, userId: ada.userId }, muted)]);
    await tell("depleted");
    await send();
    expect(recipients()).toEqual([bob.email]);
    delivered = [];
    await tell("top_up_needs_authentication");
    await send();
    expect(recipients()).toEqual([ada.email, bob.email].sort());
  });

  test("nobody wants mailed is over with, and stays to be read", async () => {
    await tell("depleted");
    expect(await send()).toMatchObject({ sent: 0, isFull: false });
    await join("owner");
    expect(await send()).toMatchObject({ sent: 0 });
  });

  test("leads to where something can be done, if that address is known", async () => {
    await join("owner");
    const selling = { ...deps, payments: { publicUrl: () => "https://app.example" } as Payments };
    await tell("top_up_needs_authentication");
    await sendDueMails(selling, deliver, 50);
    expect(delivered[0]?.text).toContain(
      `Confirm with your bank: https://app.example/switch/${account.id}?to=/top-ups/top_1/confirm`,
    );
    await tell("depleted");
    await send();
    expect(delivered[1]?.text).not.toContain("http");
  });
});

describe("a purchase that was made", () => {
  async function bought(receiptTo: string | null): Promise<void> {
    const topUpId = `top_${unique()}` as NoticeData["top_up_done"]["topUpId"];
    if (receiptTo !== null) {
      await deps.db.write([
        mailStatement({
          key: `receipt-${topUpId}`,
          accountId: account.id,
          to: receiptTo,
          template: "receipt",
          data: { invoiceId: "inv_of_another_test" },
          sendAt: NOON,
        }),
      ]);
    }
    await tell("top_up_done", { ...aNoticeOf.top_up_done, topUpId });
  }
  const noticesTo = async () =>
    (await listMails(deps.db, account.id))
      .filter(({ template }) => template === "notice")
      .map(({ to }) => to)
      .sort();

  test("is one mail to whoever has the receipt, and a notice to the others", async () => {
    await join("owner", "ada@example.test");
    const bob = await join("billing");
    await bought("Ada@Example.test");
    await send();
    expect(await noticesTo()).toEqual([bob.email]);
  });

  test("is mailed with each lot, from its old date to its new one", async () => {
    await join("owner");
    await bought("books@acme.example");
    await send();
    const mail = delivered.find(({ subject }) => subject.startsWith("10 credits bought"));
    expect(mail?.text).toContain("Credits: 4 credits\nExpired before: ");
    expect(mail?.html).toContain("<th");
  });
});

describe("whoever makes mails of notices", () => {
  test("and dies before that is stored leaves them to the next one", async () => {
    await join("owner");
    await tell("depleted");
    const dying: TestDeps["db"] = {
      ...deps.db,
      write: (statements) =>
        JSON.stringify(statements).includes("is_mailed = 1")
          ? Promise.reject(new Error("killed"))
          : deps.db.write(statements),
    };
    await expect(sendDueMails({ ...deps, db: dying }, deliver, 10)).rejects.toThrow("killed");
    expect(delivered).toEqual([]);
    expect(await send()).toMatchObject({ sent: 1 });
  });

  test("beside another one writes no mail twice", async () => {
    await join("owner");
    for (let i = 0; i < 5; i++) await tell("depleted");
    await Promise.all([send(), send(), send()]);
    await send();
    expect(new Set(delivered.map(({ key }) => key)).size).toBe(5);
    expect(await listMails(deps.db, account.id)).toHaveLength(5);
    expect(delivered).toHaveLength(5);
  });

  test("goes on in rounds when there are many", async () => {
    await join("owner");
    for (let i = 0; i < 3; i++) await tell("depleted");
    expect(await sendDueMails(deps, deliver, 2)).toMatchObject({ sent: 2, isFull: true });
    expect(await sendDueMails(deps, deliver, 2)).toMatchObject({ sent: 1, isFull: false });
  });
});
