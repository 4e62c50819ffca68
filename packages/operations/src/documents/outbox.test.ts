import { after } from "@scanmeter/core";
import { mailSettings } from "@scanmeter/core/documents";
import { listAlerts, listDocumentsOfTopUp, listMails } from "@scanmeter/db";
import {
  anAccount,
  aPaidTopUp,
  NOON,
  openTempDatabase,
  type PaidTopUp,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mintId } from "../mint-id.ts";
import { depsOver, type TestDeps } from "../testing/test-deps.ts";
import { cancellationStatements, creditNoteStatements } from "./credit-note-statements.ts";
import { invoiceStatements } from "./invoice-statements.ts";
import { makeOutbox, sendDueMails } from "./outbox.ts";
import type { OutgoingMail, SendMail } from "./outgoing-mail.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let temp: TempDatabase;
let deps: TestDeps;
let account: TestAccount;
let delivered: OutgoingMail[];
const deliver: SendMail = async (mail) => void delivered.push(mail);
const refuse: SendMail = async () => {
  throw new Error("421 try again later");
};

beforeEach(async () => {
  temp = await openTempDatabase();
  deps = await depsOver(temp.database, { at: NOON });
  account = await anAccount(deps.db);
  delivered = [];
});
afterEach(() => temp.close());

const stored = () => listMails(deps.db, account.id);

async function bought(): Promise<PaidTopUp> {
  const facts = await aPaidTopUp(deps.db, account.id);
  await deps.db.write(
    invoiceStatements({
      id: mintId("invoice"),
      ...facts,
      account: { id: account.id, timeZone: "Europe/Vienna" },
      issuedAt: deps.clock.now(),
    }),
  );
  return facts;
}

async function refunded(facts: PaidTopUp, refundId: string, amountMinor: number): Promise<void> {
  const documents = await listDocumentsOfTopUp(deps.db, facts.topUp.id);
  await deps.db.write(
    creditNoteStatements({
      id: mintId("invoice"),
      documents,
      refund: { id: refundId, amountMinor, credits: 2 },
      to: "ada@example.test",
      issuedAt: deps.clock.now(),
    }),
  );
}

describe("a receipt", () => {
  test("goes to where the purchase is billed, once, with the invoice beside it", async () => {
    const { topUp } = await bought();
    expect(await sendDueMails(deps, deliver, 10)).toEqual({ sent: 1, failures: [], isFull: false });
    expect(await sendDueMails(deps, deliver, 10)).toMatchObject({ sent: 0 });

    const [mail] = delivered;
    expect(mail).toMatchObject({
      key: `receipt-${topUp.id}`,
      to: "rechnung@acme.example",
      subject: "Receipt for EUR 95.00, invoice 2026-000001",
      date: new Date(NOON),
    });
    const [pdf] = mail?.attachments ?? [];
    expect(pdf?.filename).toBe("scanmeter-2026-000001.pdf");
    expect(pdf?.content.subarray(0, 5).toString()).toBe("%PDF-");
    expect(await stored()).toMatchObject([{ state: "sent", sentAt: NOON, attempts: 1 }]);
  });

  test("of one purchase is written once, whoever settles it again", async () => {
    const facts = await bought();
    const again = invoiceStatements({
      id: mintId("invoice"),
      ...facts,
      account: { id: account.id, timeZone: "Europe/Vienna" },
      issuedAt: deps.clock.now(),
    });
    await expect(deps.db.write(again)).rejects.toMatchObject({ isConflict: true });
    expect(await listDocumentsOfTopUp(deps.db, facts.topUp.id)).toHaveLength(1);
    expect(await stored()).toHaveLength(1);
  });
});

describe("a refund", () => {
  test("has its credit note and mail; if it fails after all, that is taken back and said", async () => {
    const facts = await bought();
    await refunded(facts, "rfd_1", 40_00);
    await refunded(facts, "rfd_2", 55_00);
    const documents = await listDocumentsOfTopUp(deps.db, facts.topUp.id);
    await deps.db.write(
      cancellationStatements({
        id: mintId("invoice"),
        documents,
        refundId: "rfd_1",
        to: "ada@example.test",
        issuedAt: deps.clock.now(),
      }),
    );
    await refunded(facts, "rfd_3", 40_00);
    await sendDueMails(deps, deliver, 10);
    expect(delivered.map(({ subject }) => subject).sort()).toEqual([
      "A refund of EUR 40.00 failed, document 2026-000004",
      "Receipt for EUR 95.00, invoice 2026-000001",
      "Refund of EUR 40.00, credit note 2026-000002",
      "Refund of EUR 40.00, credit note 2026-000005",
      "Refund of EUR 55.00, credit note 2026-000003",
    ]);
  });

  test("that has its credit note gets no other, and one without has nothing to cancel", async () => {
    const facts = await bought();
    await refunded(facts, "rfd_1", 40_00);
    const documents = await listDocumentsOfTopUp(deps.db, facts.topUp.id);
    const id = mintId("invoice");
    const to = "ada@example.test";
    const refund = { id: "rfd_1", amountMinor: 40_00, credits: 2 };
    expect(creditNoteStatements({ id, documents, refund, to, issuedAt: NOON })).toEqual([]);
    expect(
      cancellationStatements({ id, documents, refundId: "rfd_2", to, issuedAt: NOON }),
    ).toEqual([]);
  });
});

describe("a mail whose sender dies", () => {
  // The server has it, but nobody noted that. It may come twice; it must not come never.
  test("after handing it over goes out again, under the same key", async () => {
    await bought();
    const dying: TestDeps["db"] = {
      ...deps.db,
      write: (statements) =>
        JSON.stringify(statements).includes("state = 'sent'")
          ? Promise.reject(new Error("killed"))
          : deps.db.write(statements),
    };
    await expect(sendDueMails({ ...deps, db: dying }, deliver, 10)).rejects.toThrow("killed");
    expect(await sendDueMails(deps, deliver, 10)).toMatchObject({ sent: 0 });

    deps.clock.advance(mailSettings.takenForMs);
    expect(await sendDueMails(deps, deliver, 10)).toMatchObject({ sent: 1 });
    expect(delivered).toHaveLength(2);
    expect(delivered[1]).toEqual(delivered[0]);
    expect(await stored()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  test("before handing it over is sent by the next one", async () => {
    await bought();
    let answer = () => {};
    const hanging = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let lost: Promise<unknown> = Promise.resolve();
    await new Promise<void>((taken) => {
      const hang: SendMail = () => {
        taken();
        return hanging;
      };
      lost = sendDueMails(deps, hang, 10);
    });
    deps.clock.advance(mailSettings.takenForMs - 1);
    await sendDueMails(deps, deliver, 10);
    expect(delivered).toHaveLength(0);
    deps.clock.advance(1);
    await sendDueMails(deps, deliver, 10);
    expect(delivered).toHaveLength(1);
    answer();
    await lost;
    expect(await stored()).toMatchObject([{ state: "sent" }]);
  });
});

describe("a mail server that does not take a mail", () => {
  test("is asked again later, and the mail says why it waits", async () => {
    await bought();
    const round = await sendDueMails(deps, refuse, 10);
    expect(round).toMatchObject({ sent: 0, failures: [{ attempts: 1 }] });
    expect(await stored()).toMatchObject([
      {
        state: "waiting",
        lastError: "421 try again later",
        nextAttemptAt: after(NOON, MINUTE),
      },
    ]);
    deps.clock.advance(MINUTE);
    await sendDueMails(deps, deliver, 10);
    expect(delivered).toHaveLength(1);
  });

  test("may name whom it was for; no alert, log or row repeats that", async () => {
    await bought();
    const refuseBy: SendMail = async ({ to }) => {
      throw new Error(`550 5.1.1 <${to.toUpperCase()}>: nobody of that name`);
    };
    const { failures } = await sendDueMails(deps, refuseBy, 10);
    for (let day = 0; day < 30; day++) {
      deps.clock.advance(DAY);
      await sendDueMails(deps, refuseBy, 10);
    }
    const said = "550 5.1.1 <an address>: nobody of that name";
    expect(failures).toMatchObject([{ reason: said }]);
    expect(await stored()).toMatchObject([{ lastError: said }]);
    expect(await listAlerts(deps.db)).toMatchObject([{ text: expect.stringContaining(said) }]);
  });

  test("is not asked for each of many mails", async () => {
    for (let i = 0; i < 5; i++) await bought();
    let asked = 0;
    const counting: SendMail = (mail) => {
      asked += 1;
      return refuse(mail);
    };
    expect(await sendDueMails(deps, counting, 10)).toMatchObject({ isFull: false });
    expect(asked).toBe(3);
  });

  test("for days loses nothing: the mail stays, and an alert says that it was never sent", async () => {
    const { topUp } = await bought();
    for (let day = 0; day < 30; day++) {
      await sendDueMails(deps, refuse, 10);
      deps.clock.advance(DAY);
    }
    expect(await stored()).toMatchObject([{ state: "failed", attempts: 12 }]);
    const alerts = await listAlerts(deps.db);
    expect(alerts).toMatchObject([{ kind: "mail_failed", key: `mail-receipt-${topUp.id}` }]);
    expect(await sendDueMails(deps, deliver, 10)).toMatchObject({ sent: 0 });
  });
});

test("a mail nobody can write is tried again, and holds up no other", async () => {
  await bought();
  await deps.db.write([
    {
      sql: `INSERT INTO mails (key, account_id, recipient, template, data, send_at, state, attempts,
        next_attempt_at) VALUES ('odd', ?, 'x@example.test', 'odd', '{}', 0, 'waiting', 0, 0)`,
      args: [account.id],
    },
  ]);
  expect(await sendDueMails(deps, deliver, 10)).toMatchObject({
    sent: 1,
    failures: [{ key: "odd" }],
  });
});

test("mail goes out in the order it was due, in rounds", async () => {
  const purchases = [];
  for (let i = 0; i < 3; i++) {
    purchases.push(await bought());
    deps.clock.advance(1);
  }
  expect(await sendDueMails(deps, deliver, 2)).toMatchObject({ sent: 2, isFull: true });
  expect(await sendDueMails(deps, deliver, 2)).toMatchObject({ sent: 1, isFull: false });
  expect(delivered.map(({ key }) => key)).toEqual(
    purchases.map(({ topUp }) => `receipt-${topUp.id}`),
  );
});

test("two who ask at once share one round", async () => {
  await bought();
  const outbox = makeOutbox(deps);
  const rounds = await Promise.all([outbox.sendDue(deliver, 10), outbox.sendDue(deliver, 10)]);
  expect(rounds[0]).toBe(rounds[1]);
  expect(delivered).toHaveLength(1);
});
