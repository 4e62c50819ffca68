/** Carries the product's mail to whatever SMTP server it was given. */
import type { OutgoingMail, SendMail } from "@scanmeter/operations";
import { createTransport } from "nodemailer";
import type { Logger } from "pino";

export interface MailMessage {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailCarrier {
  /** Settles when the server took the message over. */
  readonly send: (message: MailMessage) => Promise<void>;
  /** The same for the outbox. Null where no server was named: its mail then waits until there is one. */
  readonly deliver: SendMail | null;
  close(): void;
}

export interface MailOptions {
  /** Null where no server was named: then nothing is sent, and the log says so. */
  readonly smtpUrl: string | null;
  readonly from: string;
  readonly log: Logger;
}

/** A server that does not answer must not keep a mail longer than whoever took it on may. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 };

export function openMail({ smtpUrl, from, log }: MailOptions): MailCarrier {
  if (smtpUrl === null) {
    log.warn("SMTP_URL is not set: no mail will be sent.");
    return {
      send: async ({ subject }) =>
        log.warn({ subject }, "A mail was not sent: SMTP_URL is not set"),
      deliver: null,
      close: () => {},
    };
  }
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 2,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...patience,
  });
  return {
    send: async (message) => {
      await transport.sendMail({ from, ...message });
    },
    deliver: async (mail) => {
      await transport.sendMail({ from, ...messageOf(mail, from) });
    },
    close: () => transport.close(),
  };
}

function messageOf(mail: OutgoingMail, from: string) {
  const { key, to, subject, text, html, date, attachments } = mail;
  return {
    to,
    subject,
    text,
    html,
    date,
    attachments: [...attachments],
    // A mail that is sent again has the id it had before, so a repeat can be told from a new one.
    messageId: `<${key}@${domainOf(from)}>`,
    headers: { "auto-submitted": "auto-generated" },
  };
}

function domainOf(from: string): string {
  return /@([^\s<>@]+)/.exec(from)?.[1] ?? "localhost";
}
