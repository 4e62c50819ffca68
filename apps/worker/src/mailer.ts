/**
 * Sends the mail that is due, on a wake-up and with each sweep. The outbox in the database is the
 * truth: whoever calls finds what is due, and what the server did not take is due again later.
 */
import type { Operations, SendMail } from "@scanmeter/operations";
import type { Logger } from "pino";
import type { WorkerMetrics } from "./metrics.ts";
import { MAILS_BATCH } from "./queue-settings.ts";

export interface Mailer {
  /**
   * Sends until nothing is due. Whoever asks while that goes on does not wait for it, because a mail
   * server may be slow; it looks once more before it ends. Only a database that cannot be asked
   * makes it fail.
   */
  sendDue(): Promise<void>;
  /** Begins no further round; settles when none runs. */
  close(): Promise<void>;
}

export interface MailerDeps {
  readonly operations: Pick<Operations, "sendDueMails">;
  /** Null where no mail server was named: mail waits in the database until there is one. */
  readonly deliver: SendMail | null;
  readonly metrics: Pick<WorkerMetrics, "mails">;
  readonly log: Logger;
}

export function makeMailer({ operations, deliver, metrics, log }: MailerDeps): Mailer {
  let rounds: Promise<void> = Promise.resolve();
  let isRunning = false;
  let isAskedAgain = false;
  let isClosed = false;

  const sendRounds = async (send: SendMail) => {
    try {
      do {
        isAskedAgain = false;
        const round = await operations.sendDueMails(send, MAILS_BATCH);
        metrics.mails.inc({ outcome: "sent" }, round.sent);
        for (const { key: mail, attempts, reason } of round.failures) {
          metrics.mails.inc({ outcome: "failed" });
          log.warn({ mail, attempts, reason }, "The mail server did not take a mail");
        }
        isAskedAgain ||= round.isFull;
      } while (isAskedAgain && !isClosed);
    } finally {
      isRunning = false;
    }
  };

  return {
    async sendDue() {
      if (deliver === null || isClosed) return;
      if (isRunning) {
        isAskedAgain = true;
        return;
      }
      isRunning = true;
      rounds = sendRounds(deliver);
      await rounds;
    },
    async close() {
      isClosed = true;
      await rounds.catch(() => {});
    },
  };
}
