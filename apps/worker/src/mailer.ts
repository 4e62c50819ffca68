/**
 * Sends the mail that is due, on a wake-up and with each sweep. The outbox in the database is the
 * truth: whoever calls finds what is due, and what the server did not take is due again later.
 */
import type { Operations, SendMail } from "@scanmeter/operations";
import type { Logger } from "pino";

export interface Mailer {
  /** Sends until nothing is due. Only a database that cannot be asked makes it fail. */
  sendDue(): Promise<void>;
}

export interface MailerDeps {
  readonly operations: Pick<Operations, "sendDueMails">;
  /** Null where no mail server was named: mail waits in the database until there is one. */
  readonly send: SendMail | null;
  readonly log: Logger;
}

/** Mails between two looks at the time and at who else wants to work. */
const ROUND = 50;

export function makeMailer({ operations, send, log }: MailerDeps): Mailer {
  return {
    async sendDue() {
      if (send === null) return;
      for (let isFull = true; isFull; ) {
        const round = await operations.sendDueMails(send, ROUND);
        isFull = round.isFull;
        for (const { key, attempts, error } of round.failures) {
          log.warn({ key, attempts, err: error }, "The mail server did not take a mail");
        }
      }
    },
  };
}
