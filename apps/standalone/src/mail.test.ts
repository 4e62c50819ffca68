/** What reaches the mail server, read from the messages it was handed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OutgoingMail } from "@scanmeter/operations";
import { type Mailbox, openMailbox } from "@scanmeter/sandbox/mailbox";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type MailCarrier, openMail } from "./mail.ts";

const log = pino({ level: "silent" });
const from = "Scanmeter <no-reply@scanmeter.example>";

let dir: string;
let mailbox: Mailbox;
let mail: MailCarrier;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "standalone-mail-"));
  mailbox = await openMailbox({ dir });
  mail = openMail({ smtpUrl: mailbox.smtpUrl, from, log });
});
afterEach(async () => {
  mail.close();
  await mailbox.close();
  rmSync(dir, { recursive: true, force: true });
});

const messages = () => readdirSync(dir).map((file) => readFileSync(join(dir, file), "utf8"));

const receipt: OutgoingMail = {
  key: "receipt-top_1",
  to: "Łukasz Čapek <lukasz@acme.example>",
  subject: "Receipt for EUR 95.00, invoice 2026-000001",
  text: "Total paid: EUR 95.00\n",
  html: "<p>Total paid: EUR 95.00</p>",
  date: new Date("2026-03-10T12:00:00Z"),
  attachments: [
    {
      filename: "scanmeter-2026-000001.pdf",
      contentType: "application/pdf",
      content: Buffer.from("%PDF-1.3 of a test"),
    },
  ],
};

test("a mail of the outbox arrives in both forms, with its file, dated by the product's clock", async () => {
  await mail.deliver?.(receipt);
  expect(await mailbox.list()).toMatchObject([
    {
      from: "Scanmeter <no-reply@scanmeter.example>",
      to: "Łukasz Čapek <lukasz@acme.example>",
      subject: receipt.subject,
      text: expect.stringContaining("Total paid: EUR 95.00"),
      html: expect.stringContaining("<p>Total paid: EUR 95.00</p>"),
    },
  ]);
  const [raw] = messages();
  expect(raw).toContain("Date: Tue, 10 Mar 2026 12:00:00 +0000");
  expect(raw).toContain("scanmeter-2026-000001.pdf");
  expect(raw).toContain(receipt.attachments[0]?.content.toString("base64"));
});

test("one that is sent again has the same Message-ID, and another one another", async () => {
  await mail.deliver?.(receipt);
  await mail.deliver?.(receipt);
  await mail.deliver?.({ ...receipt, key: "receipt-top_2" });
  const ids = messages().map((raw) => /^message-id: (.*)$/im.exec(raw)?.[1]);
  expect(ids.sort()).toEqual([
    "<receipt-top_1@scanmeter.example>",
    "<receipt-top_1@scanmeter.example>",
    "<receipt-top_2@scanmeter.example>",
  ]);
});

test("a server that is away is a failure, so that the mail is kept", async () => {
  await mailbox.close();
  await expect(mail.deliver?.(receipt)).rejects.toThrow();
  mailbox = await openMailbox({ dir });
});

test("without a server nothing is delivered, and the outbox is not told otherwise", async () => {
  const none = openMail({ smtpUrl: null, from, log });
  expect(none.deliver).toBeNull();
  await none.send({ to: "ada@example.test", subject: "Hello", text: "…" });
});

test("a mail of plain text still is one", async () => {
  await mail.send({ to: "ada@example.test", subject: "Choose a new password", text: "Here.\n" });
  const [arrived] = await mailbox.list();
  expect(arrived).toMatchObject({ subject: "Choose a new password", text: "Here.\n" });
  expect(arrived?.html).toBeUndefined();
});
