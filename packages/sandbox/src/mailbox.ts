/**
 * Where mail goes on a machine without a mail server: a real SMTP server on the loopback interface
 * that delivers into a folder, and pages that show what arrived. The product sends as it would in
 * production and knows nothing of it.
 */

import { respondToMailbox } from "./mailbox/pages.ts";
import { startSmtpServer } from "./mailbox/smtp.ts";
import { openMailStore, type StoredMail } from "./mailbox/store.ts";

export interface Mailbox {
  /** What `SMTP_URL` is when nobody set it. */
  readonly smtpUrl: string;
  /** Answers `/sandbox/mailbox` and what lies below it; anything else is a 404. */
  handle(request: Request): Promise<Response>;
  /** Newest first. */
  list(): Promise<StoredMail[]>;
  close(): Promise<void>;
}

export interface MailboxOptions {
  /** Where the raw messages are kept, one `.eml` file each. */
  readonly dir: string;
  /** The newest so many are kept. */
  readonly mailsMax?: number;
}

export async function openMailbox({ dir, mailsMax = 200 }: MailboxOptions): Promise<Mailbox> {
  const store = await openMailStore({ dir, mailsMax });
  const smtp = await startSmtpServer((raw) => store.add(raw));
  return {
    smtpUrl: smtp.url,
    handle: (request) => respondToMailbox(store, request),
    list: () => store.list(),
    close: () => smtp.close(),
  };
}
