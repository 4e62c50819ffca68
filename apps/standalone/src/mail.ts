/** Carries the product's mail to whatever SMTP server it was given. */
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
  close(): void;
}

export interface MailOptions {
  /** Null where no server was named: then nothing is sent, and the log says so. */
  readonly smtpUrl: string | null;
  readonly from: string;
  readonly log: Logger;
}

export function openMail({ smtpUrl, from, log }: MailOptions): MailCarrier {
  if (smtpUrl === null) {
    log.warn("SMTP_URL is not set: no mail will be sent.");
    return {
      send: async ({ subject }) =>
        log.warn({ subject }, "A mail was not sent: SMTP_URL is not set"),
      close: () => {},
    };
  }
  const transport = createTransport({ url: smtpUrl, pool: true, maxConnections: 2 });
  return {
    send: async (message) => {
      await transport.sendMail({ from, ...message });
    },
    close: () => transport.close(),
  };
}
