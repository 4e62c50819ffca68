import {
  documentLetter,
  formsOf,
  type MailData,
  type MailTemplate,
  type NumberedDocument,
  paymentFailedLetter,
} from "@scanmeter/core/documents";
import { noticeLetter } from "@scanmeter/core/notices";
import { type Database, findInvoice, findNotice, type TakenMail } from "@scanmeter/db";
import { writeInvitation } from "../team/invitation-link.ts";
import { fileNameOf } from "./invoices.ts";
import { renderPdf } from "./pdf/render.ts";

/** A mail as it is handed to whoever carries it. */
export interface OutgoingMail {
  /** The same for each attempt, so that a repeat can be recognised: make the Message-ID of it. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** When it was to be sent, by the product's clock. */
  readonly date: Date;
  readonly attachments: readonly Attachment[];
}

export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** Settles when it was taken over; rejects when it was not, and is called again later. */
export type SendMail = (mail: OutgoingMail) => Promise<void>;

type Written = Pick<OutgoingMail, "subject" | "text" | "html" | "attachments">;

/** Writes a mail out, from the data of its row and the documents it names. */
export async function writeMail(db: Database, mail: TakenMail): Promise<OutgoingMail> {
  if (!isTemplate(mail.template)) throw new Error(`There is no mail "${mail.template}".`);
  const write = writers[mail.template] as (db: Database, data: unknown) => Promise<Written>;
  const written = await write(db, JSON.parse(mail.data));
  const { key, to, sendAt } = mail;
  return { key, to, date: new Date(sendAt), ...written };
}

const writers: {
  readonly [Template in MailTemplate]: (db: Database, data: MailData[Template]) => Promise<Written>;
} = {
  receipt: writeDocumentMail,
  credit_note: writeDocumentMail,
  payment_failed: async (_db, data) => ({
    ...formsOf(paymentFailedLetter(data)),
    attachments: [],
  }),
  notice: writeNoticeMail,
  invitation: async (db, data) => ({
    ...formsOf(await writeInvitation(db, data)),
    attachments: [],
  }),
};

function isTemplate(name: string): name is MailTemplate {
  return Object.hasOwn(writers, name);
}

async function writeDocumentMail(
  db: Database,
  { invoiceId }: { readonly invoiceId: string },
): Promise<Written> {
  const invoice: NumberedDocument | null = await findInvoice(db, invoiceId);
  if (invoice === null) throw new Error(`There is no document ${invoiceId}.`);
  const pdf: Attachment = {
    filename: fileNameOf(invoice.number),
    contentType: "application/pdf",
    content: await renderPdf(invoice),
  };
  return { ...formsOf(documentLetter(invoice)), attachments: [pdf] };
}

async function writeNoticeMail(db: Database, data: MailData["notice"]): Promise<Written> {
  const found = await findNotice(db, data.noticeKey);
  if (found === null) throw new Error(`There is no notice ${data.noticeKey}.`);
  const { notice, timeZone, accountName } = found;
  const letter = noticeLetter(notice, { timeZone, accountName, site: data.site });
  return { ...formsOf(letter), attachments: [] };
}
