import type { InStatement } from "@libsql/client";
import type { Instant } from "@scanmeter/core";
import type { MailData, MailTemplate } from "@scanmeter/core/documents";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

export interface NewMail<Template extends MailTemplate = MailTemplate> {
  /** What it tells of; a second one with it is the same mail. */
  readonly key: string;
  readonly accountId: string;
  readonly to: string;
  readonly template: Template;
  readonly data: MailData[Template];
  readonly sendAt: Instant;
}

/** A mail somebody has taken on. */
export interface TakenMail {
  readonly key: string;
  readonly accountId: string;
  readonly to: string;
  readonly template: string;
  /** JSON of what the template needs. */
  readonly data: string;
  readonly sendAt: Instant;
  /** This one included. */
  readonly attempts: number;
}

/** Goes into the batch of what the mail tells of. Telling the same again changes nothing. */
export function mailStatement<Template extends MailTemplate>(mail: NewMail<Template>): InStatement {
  return {
    sql: `INSERT INTO mails (key, account_id, recipient, template, data, send_at, state, attempts,
        next_attempt_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', 0, ?6)
      ON CONFLICT (key) DO NOTHING`,
    args: [
      mail.key,
      mail.accountId,
      mail.to,
      mail.template,
      JSON.stringify(mail.data),
      mail.sendAt,
    ],
  };
}

/** What it tells of is no more. One that somebody has taken on may go out all the same. */
export function dropMail(key: string): InStatement {
  return { sql: "DELETE FROM mails WHERE key = ? AND state = 'waiting'", args: [key] };
}

/**
 * Takes on the mail that has been due the longest, so that nobody else does until then. It waits for
 * that instant again if whoever took it on is never heard of.
 */
export async function takeDueMail(
  db: Database,
  { now, until }: { readonly now: Instant; readonly until: Instant },
): Promise<TakenMail | null> {
  const [taken] = await db.write([
    {
      sql: `UPDATE mails SET attempts = attempts + 1, next_attempt_at = ?2 WHERE key = (
          SELECT key FROM mails WHERE state = 'waiting' AND next_attempt_at <= ?1
          ORDER BY next_attempt_at, key LIMIT 1)
        RETURNING key, account_id AS accountId, recipient AS "to", template, data,
          send_at AS sendAt, attempts`,
      args: [now, until],
    },
  ]);
  return taken === undefined ? null : (recordsOf<TakenMail>(taken)[0] ?? null);
}

/** Sent is sent, even if somebody else has taken it on again meanwhile. */
export function markMailSent(key: string, at: Instant): InStatement {
  return {
    sql: `UPDATE mails SET state = 'sent', sent_at = ?2, next_attempt_at = NULL, last_error = NULL
      WHERE key = ?1 AND state = 'waiting'`,
    args: [key, at],
  };
}

/** Tried again then, or never if there is no then. Says nothing if somebody took it on after us. */
export function markMailFailed(
  { key, attempts }: Pick<TakenMail, "key" | "attempts">,
  { nextAttemptAt, error }: { readonly nextAttemptAt: Instant | null; readonly error: string },
): InStatement {
  return {
    sql: `UPDATE mails SET state = iif(?3 IS NULL, 'failed', 'waiting'), next_attempt_at = ?3,
        last_error = ?4 WHERE key = ?1 AND attempts = ?2 AND state = 'waiting'`,
    args: [key, attempts, nextAttemptAt, error],
  };
}

/** The earliest instant after now at which a mail is due. */
export async function findNextMailAt(db: Database, after: Instant): Promise<Instant | null> {
  const { rows } = await db.read({
    sql: `SELECT min(next_attempt_at) FROM mails WHERE state = 'waiting' AND next_attempt_at > ?`,
    args: [after],
  });
  return (rows[0]?.[0] as Instant | null | undefined) ?? null;
}

export interface MailRow {
  readonly key: string;
  readonly to: string;
  readonly template: string;
  readonly sendAt: Instant;
  readonly state: "waiting" | "sent" | "failed";
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly sentAt: Instant | null;
  readonly lastError: string | null;
}

/** An account's mail, the newest first, for the operator. */
export async function listMails(db: Database, accountId: string, limit = 200): Promise<MailRow[]> {
  const found = await db.read({
    sql: `SELECT key, recipient AS "to", template, send_at AS sendAt, state, attempts,
        next_attempt_at AS nextAttemptAt, sent_at AS sentAt, last_error AS lastError
      FROM mails WHERE account_id = ? ORDER BY send_at DESC, key DESC LIMIT ?`,
    args: [accountId, limit],
  });
  return recordsOf<MailRow>(found);
}
