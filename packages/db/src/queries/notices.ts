import type { InStatement } from "@libsql/client";
import type { Credits, Instant } from "@scanmeter/core";
import type { BalanceLevel, Notice, NoticeReader, ToldLevel } from "@scanmeter/core/notices";
import type { Database } from "../client.ts";
import { recordsOf } from "./rows.ts";

/** Goes into the batch of what the notices tell of. What was told before stays as it was told. */
export function insertNotices(notices: readonly Notice[]): InStatement[] {
  if (notices.length === 0) return [];
  const rows = notices.map(({ key, accountId, kind, data, at }) => {
    return [key, accountId, kind, JSON.stringify(data), at];
  });
  return [
    {
      sql: `INSERT INTO notices (key, account_id, kind, data, at, is_mailed)
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, 0
        FROM json_each(?) WHERE true ON CONFLICT (key) DO NOTHING`,
      args: [JSON.stringify(rows)],
    },
  ];
}

type NoticeRecord = Omit<Notice, "data"> & { readonly data: string };

const columns = "n.key, n.account_id AS accountId, n.kind, n.data, n.at";

function fromRecord({ key, accountId, kind, data, at }: NoticeRecord): Notice {
  return { key, accountId, kind, data: JSON.parse(data), at } as Notice;
}

/** Where a page goes on: behind this notice. */
export interface NoticePlace {
  readonly at: Instant;
  readonly key: string;
}

export interface NoticePage {
  readonly accountId: string;
  readonly before: NoticePlace | null;
  readonly limit: number;
}

/** The newest first. */
export async function listNotices(db: Database, page: NoticePage): Promise<Notice[]> {
  const { accountId, before, limit } = page;
  const found = await db.read({
    sql: `SELECT ${columns} FROM notices n
      WHERE account_id = ?1 AND (?2 IS NULL OR (at, key) < (?2, ?3))
      ORDER BY at DESC, key DESC LIMIT ?4`,
    args: [accountId, before?.at ?? null, before?.key ?? null, limit],
  });
  return recordsOf<NoticeRecord>(found).map(fromRecord);
}

export interface NoticeAddress {
  readonly timeZone: string;
  readonly accountName: string;
}

/** One notice and what its words need beside it, for the day it is mailed. */
export async function findNotice(
  db: Database,
  key: string,
): Promise<(NoticeAddress & { readonly notice: Notice }) | null> {
  const found = await db.read({
    sql: `SELECT ${columns}, a.time_zone AS timeZone, a.name AS accountName
      FROM notices n JOIN accounts a ON a.id = n.account_id WHERE n.key = ?`,
    args: [key],
  });
  const [record] = recordsOf<NoticeRecord & NoticeAddress>(found);
  if (record === undefined) return null;
  const { timeZone, accountName } = record;
  return { notice: fromRecord(record), timeZone, accountName };
}

export interface NoticeMember extends NoticeReader {
  readonly userId: string;
  readonly email: string;
}

export interface NoticeToMail {
  readonly notice: Notice;
  readonly members: readonly NoticeMember[];
  /** Who got the receipt of the purchase it tells of, if there is one. */
  readonly receiptTo: string | null;
}

/** What nobody made mails of yet, the oldest first, with everybody it may be for. */
export async function listNoticesToMail(db: Database, limit: number): Promise<NoticeToMail[]> {
  const found = await db.read({
    sql: `SELECT ${columns},
        (SELECT recipient FROM mails
          WHERE mails.key = 'receipt-' || (n.data ->> 'topUpId') AND n.kind = 'top_up_done') AS receiptTo,
        (SELECT json_group_array(json_object('userId', m.user_id, 'email', u.email, 'role', m.role,
            'muted', json(coalesce(r.muted, '[]'))))
          FROM members m JOIN auth_user u ON u.id = m.user_id
          LEFT JOIN notice_readers r ON r.account_id = m.account_id AND r.user_id = m.user_id
          WHERE m.account_id = n.account_id) AS members
      FROM notices n WHERE n.is_mailed = 0 ORDER BY n.at, n.key LIMIT ?`,
    args: [limit],
  });
  type Record = NoticeRecord & { readonly members: string; readonly receiptTo: string | null };
  return recordsOf<Record>(found).map((record) => ({
    notice: fromRecord(record),
    members: JSON.parse(record.members),
    receiptTo: record.receiptTo,
  }));
}

/** In the batch that writes the mails. */
export function markNoticesMailed(keys: readonly string[]): InStatement {
  return {
    sql: `UPDATE notices SET is_mailed = 1
      WHERE key IN (SELECT value FROM json_each(?)) AND is_mailed = 0`,
    args: [JSON.stringify(keys)],
  };
}

export interface Reader {
  readonly accountId: string;
  readonly userId: string;
}

export interface Reading {
  /** Everything up to this instant was read. */
  readonly readUntil: Instant;
  readonly unread: number;
}

export async function findReading(db: Database, { accountId, userId }: Reader): Promise<Reading> {
  const found = await db.read({
    sql: `WITH reader AS (SELECT coalesce((SELECT read_until FROM notice_readers
          WHERE account_id = ?1 AND user_id = ?2), 0) AS readUntil)
      SELECT readUntil, (SELECT count(*) FROM notices WHERE account_id = ?1 AND at > readUntil)
        AS unread FROM reader`,
    args: [accountId, userId],
  });
  return recordsOf<Reading>(found)[0] as Reading;
}

/** Never back: of two pages that are open the one that saw less does not make anything unread. */
export function moveReadUntil({ accountId, userId }: Reader, until: Instant): InStatement {
  return {
    sql: `INSERT INTO notice_readers (account_id, user_id, read_until, muted) VALUES (?, ?, ?, '[]')
      ON CONFLICT (account_id, user_id) DO UPDATE SET read_until = max(read_until, excluded.read_until)`,
    args: [accountId, userId, until],
  };
}

export interface NoticeChoices {
  /** The groups this member switched off. */
  readonly muted: readonly string[];
  /** The balance at which the account is told that it is low. */
  readonly lowBalance: Credits;
  /** The other members, by name, with what each of them switched off. */
  readonly others: readonly (NoticeReader & { readonly name: string })[];
}

export async function findNoticeChoices(
  db: Database,
  { accountId, userId }: Reader,
): Promise<NoticeChoices | null> {
  const found = await db.read({
    sql: `SELECT a.low_balance AS lowBalance, coalesce(r.muted, '[]') AS muted,
        (SELECT json_group_array(json(value)) FROM (
          SELECT json_object('name', u.name, 'role', m.role,
              'muted', json(coalesce(o.muted, '[]'))) AS value
            FROM members m JOIN auth_user u ON u.id = m.user_id
            LEFT JOIN notice_readers o ON o.account_id = m.account_id AND o.user_id = m.user_id
            WHERE m.account_id = a.id AND m.user_id <> ?2 ORDER BY lower(u.name), u.id)) AS others
      FROM accounts a
      LEFT JOIN notice_readers r ON r.account_id = a.id AND r.user_id = ?2 WHERE a.id = ?1`,
    args: [accountId, userId],
  });
  const [record] = recordsOf<{ lowBalance: Credits; muted: string; others: string }>(found);
  if (record === undefined) return null;
  const { lowBalance, muted, others } = record;
  return { lowBalance, muted: JSON.parse(muted), others: JSON.parse(others) };
}

export function putMuted({ accountId, userId }: Reader, muted: readonly string[]): InStatement {
  return {
    sql: `INSERT INTO notice_readers (account_id, user_id, read_until, muted) VALUES (?, ?, 0, ?)
      ON CONFLICT (account_id, user_id) DO UPDATE SET muted = excluded.muted`,
    args: [accountId, userId, JSON.stringify(muted)],
  };
}

/** Whoever stores it asks for a look as well: the balance may be low by the new measure. */
export function putLowBalance(accountId: string, lowBalance: Credits): InStatement {
  return {
    sql: "UPDATE accounts SET low_balance = ? WHERE id = ?",
    args: [lowBalance, accountId],
  };
}

/** A part of the statement that reads what a decision needs: a kind, and its rows in JSON. */
export function toldLevelPart(accountIds: readonly string[]) {
  return {
    sql: `SELECT 'told_level', json_array(account_id, level, version) FROM notice_levels
      WHERE account_id IN (SELECT value FROM json_each(?))`,
    args: [JSON.stringify(accountIds)],
  };
}

export function toldLevelFromRow(values: readonly unknown[]): ToldLevel {
  const [, level, number] = values;
  return { level, number } as ToldLevel;
}

export async function findToldLevel(db: Database, accountId: string): Promise<ToldLevel | null> {
  const found = await db.read({
    sql: "SELECT level, version AS number FROM notice_levels WHERE account_id = ?",
    args: [accountId],
  });
  return recordsOf<ToldLevel>(found)[0] ?? null;
}

/**
 * What the account was told of its balance from now on. Refused, with everything else of the batch,
 * if somebody else told it meanwhile.
 *
 * @param before as it was read; null when there was no row.
 */
export function putToldLevel(
  accountId: string,
  { before, level }: { readonly before: ToldLevel | null; readonly level: BalanceLevel },
): InStatement {
  return before === null
    ? {
        sql: "INSERT INTO notice_levels (account_id, level, version) VALUES (?, ?, 1)",
        args: [accountId, level],
      }
    : {
        sql: "UPDATE notice_levels SET level = ?, version = ? WHERE account_id = ?",
        args: [level, before.number + 1, accountId],
      };
}
