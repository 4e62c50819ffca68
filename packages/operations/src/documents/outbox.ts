/**
 * Sends the mail that is due. A mail is a row that was written with what it tells of; it is taken on,
 * handed over and marked, in that order, so one whose sender dies in between goes out again rather
 * than never. A server that does not take it is asked again later, for days. What accounts were told
 * since the last round is mail that is due.
 */
import { after } from "@scanmeter/core";
import { mailSettings, nextMailAttemptAt } from "@scanmeter/core/documents";
import {
  markMailFailed,
  markMailSent,
  raiseAlert,
  type Statement,
  type TakenMail,
  takeDueMail,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";
import { mailNotices } from "../notices/mail-notices.ts";
import { type SendMail, writeMail } from "./outgoing-mail.ts";

type OutboxDeps = Pick<Deps, "db" | "clock" | "payments">;

export interface MailSent {
  readonly sent: number;
  /** What was not taken over, for the log. It is tried again, or an alert says that it is not. */
  readonly failures: readonly MailFailure[];
  /** There may be more: ask again. */
  readonly isFull: boolean;
}

export interface MailFailure {
  readonly key: string;
  readonly attempts: number;
  /** In the server's words, without the addresses servers like to repeat. */
  readonly reason: string;
}

export interface Outbox {
  /** One round at a time: whoever asks while one runs gets the answer of the same one. */
  sendDue(send: SendMail, limit: number): Promise<MailSent>;
  /** Settles when no round runs. */
  idle(): Promise<void>;
}

export function makeOutbox(deps: OutboxDeps): Outbox {
  let running: Promise<MailSent> | null = null;
  return {
    sendDue(send, limit) {
      running ??= sendDueMails(deps, send, limit).finally(() => {
        running = null;
      });
      return running;
    },
    idle: async () => {
      await running?.catch(() => {});
    },
  };
}

/** So many failures in a row are the server's, not the mails': the rest need not wait for it one by one. */
const FAILURES_IN_A_ROW_MAX = 3;

/** May be killed at any moment and run twice at once. */
export async function sendDueMails(
  deps: OutboxDeps,
  send: SendMail,
  limit: number,
): Promise<MailSent> {
  const areMoreNotices = (await mailNotices(deps, limit)) === limit;
  const failures: MailFailure[] = [];
  let sent = 0;
  let failedInARow = 0;
  for (let taken = 0; taken < limit; taken++) {
    const now = deps.clock.now();
    const mail = await takeDueMail(deps.db, { now, until: after(now, mailSettings.takenForMs) });
    if (mail === null) return { sent, failures, isFull: areMoreNotices };
    const failure = await sendOne(deps, send, mail);
    if (failure === null) sent += 1;
    else failures.push(failure);
    failedInARow = failure === null ? 0 : failedInARow + 1;
    if (failedInARow >= FAILURES_IN_A_ROW_MAX) return { sent, failures, isFull: false };
  }
  return { sent, failures, isFull: true };
}

async function sendOne(
  deps: OutboxDeps,
  send: SendMail,
  mail: TakenMail,
): Promise<MailFailure | null> {
  try {
    await send(await writeMail(deps.db, mail));
  } catch (error) {
    const reason = reasonOf(error);
    await deps.db.write(failureStatements(deps, mail, reason));
    return { key: mail.key, attempts: mail.attempts, reason };
  }
  // If this is never reached or does not get through, the mail goes out again, with the same key.
  await deps.db.write([markMailSent(mail.key, deps.clock.now())]);
  return null;
}

const REASON_MAX = 500;
/** More is not read: a server may say anything, and at any length. */
const TEXT_MAX = 2_000;

function reasonOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).slice(0, TEXT_MAX);
  return text.replace(/[^\s<>"'(,;:]+@[^\s<>"'),;:]+/g, "an address").slice(0, REASON_MAX);
}

function failureStatements({ clock }: OutboxDeps, mail: TakenMail, reason: string): Statement[] {
  const now = clock.now();
  const nextAttemptAt = nextMailAttemptAt(mail.attempts, now);
  const failed = markMailFailed(mail, { nextAttemptAt, error: reason });
  if (nextAttemptAt !== null) return [failed];
  const alert = {
    key: `mail-${mail.key}`,
    kind: "mail_failed",
    accountId: mail.accountId,
    text: `The mail ${mail.key} was not taken by the mail server ${mail.attempts} times and is not tried again: ${reason}`,
  };
  return [failed, raiseAlert(alert, now)];
}
