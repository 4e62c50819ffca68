/** A team as decisions see it, and the statements that what was decided becomes. */
import type { InStatement } from "@libsql/client";
import type { Instant } from "@scanmeter/core";
import type { Invitation, Member, Team, TeamChange } from "@scanmeter/core/team";
import type { Database } from "../client.ts";
import { qualified } from "./rows.ts";

/** What nobody answered yet, everything since an instant, and the one that is asked for. */
export interface TeamWanted {
  readonly accountId: string;
  readonly invitedSince: Instant;
  readonly invitationId?: string | undefined;
}

export interface TeamRow extends Team {
  readonly accountName: string;
  readonly timeZone: string;
  /** Writes that were decided by this team say so, and fail when it has moved on. */
  readonly revision: number;
}

/** In one statement, so that everything is of one instant. Members come in the order they are shown in. */
export async function readTeam(db: Database, wanted: TeamWanted): Promise<TeamRow | null> {
  const { accountId, invitedSince, invitationId } = wanted;
  const { rows } = await db.read({
    sql: `SELECT 'account', json_array(team_revision, name, time_zone) FROM accounts WHERE id = ?1
      UNION ALL SELECT 'member', value FROM (
        SELECT json_array(m.user_id, coalesce(u.name, ''), coalesce(u.email, ''), m.role) AS value
        FROM members m LEFT JOIN auth_user u ON u.id = m.user_id WHERE m.account_id = ?1
        ORDER BY instr('owner billing member', m.role), lower(u.name), m.user_id)
      UNION ALL SELECT 'invitation', value FROM (
        SELECT json_array(${invitationColumns}) AS value FROM invitations
        WHERE account_id = ?1 AND (created_at > ?2 OR id = ?3
          OR (accepted_at IS NULL AND withdrawn_at IS NULL))
        ORDER BY created_at DESC, id DESC)`,
    args: [accountId, invitedSince, invitationId ?? null],
  });
  const parts = rows.map((row) => [row[0], JSON.parse(row[1] as string)] as [string, unknown[]]);
  const of = (kind: string) => parts.flatMap(([is, values]) => (is === kind ? [values] : []));
  const [account] = of("account");
  if (account === undefined) return null;
  const [revision, accountName, timeZone] = account as [number, string, string];
  const members = of("member").map(memberFromRow);
  return { revision, accountName, timeZone, members, invitations: of("invitation").map(fromRow) };
}

const invitationColumns =
  "id, email, role, invited_by, created_at, expires_at, accepted_by, withdrawn_at";

function memberFromRow([userId, name, email, role]: unknown[]): Member {
  return { userId, name, email, role } as Member;
}

function fromRow(row: ArrayLike<unknown>): Invitation {
  const [id, email, role, invitedBy, createdAt, ...rest] = Array.from(row);
  const [expiresAt, acceptedBy, withdrawnAt] = rest;
  const invitation = { id, email, role, invitedBy, createdAt };
  return { ...invitation, expiresAt, acceptedBy, withdrawnAt } as Invitation;
}

/** The account whose invitation a mailed link is, whatever became of it. */
export async function findInvitationOfLink(
  db: Database,
  secretHash: string,
): Promise<{ readonly accountId: string; readonly invitationId: string } | null> {
  const { rows } = await db.read({
    sql: `SELECT i.account_id, i.id FROM invitation_links l JOIN invitations i ON i.id = l.invitation_id
      WHERE l.secret_hash = ?`,
    args: [secretHash],
  });
  const row = rows[0];
  return row === undefined ? null : { accountId: row[0] as string, invitationId: row[1] as string };
}

/** An invitation with what its reader is told beside it. */
export interface NamedInvitation {
  readonly invitation: Invitation;
  readonly accountName: string;
  readonly timeZone: string;
  /** Null when that person is not known any more. */
  readonly invitedBy: string | null;
}

export async function findInvitation(
  db: Database,
  invitationId: string,
): Promise<NamedInvitation | null> {
  const { rows } = await db.read({
    sql: `SELECT ${qualified(invitationColumns, "i")}, a.name, a.time_zone, u.name FROM invitations i
      JOIN accounts a ON a.id = i.account_id LEFT JOIN auth_user u ON u.id = i.invited_by
      WHERE i.id = ?`,
    args: [invitationId],
  });
  const row = rows[0];
  if (row === undefined) return null;
  const [accountName, timeZone, invitedBy] = Array.from(row).slice(-3);
  return { invitation: fromRow(row), accountName, timeZone, invitedBy } as NamedInvitation;
}

export function addInvitationLink(invitationId: string, secretHash: string): InStatement {
  return {
    sql: "INSERT INTO invitation_links (secret_hash, invitation_id) VALUES (?, ?)",
    args: [secretHash, invitationId],
  };
}

/** What was decided about a team as it was at a revision; fails as a conflict when it is at another. */
export function teamStatements(
  { accountId, revision }: { readonly accountId: string; readonly revision: number },
  changes: readonly TeamChange[],
): InStatement[] {
  const move = {
    sql: "UPDATE accounts SET team_revision = ? WHERE id = ?",
    args: [revision + 1, accountId],
  };
  return [move, ...changes.map((change) => statementOf(accountId, change))];
}

function statementOf(accountId: string, change: TeamChange): InStatement {
  switch (change.is) {
    case "invited": {
      const { id, email, role, invitedBy, createdAt, expiresAt } = change.invitation;
      return {
        sql: `INSERT INTO invitations (id, account_id, email, role, invited_by, created_at, expires_at)
          VALUES (?, ?, ?, ?, ?, ?, ?)`,
        args: [id, accountId, email, role, invitedBy, createdAt, expiresAt],
      };
    }
    case "withdrawn":
      return {
        sql: "UPDATE invitations SET withdrawn_at = ? WHERE id = ?",
        args: [change.at, change.invitationId],
      };
    case "accepted":
      return {
        sql: "UPDATE invitations SET accepted_at = ?, accepted_by = ? WHERE id = ?",
        args: [change.at, change.userId, change.invitationId],
      };
    case "joined":
      return {
        sql: "INSERT INTO members (account_id, user_id, role) VALUES (?, ?, ?)",
        args: [accountId, change.userId, change.role],
      };
    case "role_set":
      return {
        sql: "UPDATE members SET role = ? WHERE account_id = ? AND user_id = ?",
        args: [change.role, accountId, change.userId],
      };
    case "left":
      return {
        sql: "DELETE FROM members WHERE account_id = ? AND user_id = ?",
        args: [accountId, change.userId],
      };
  }
}
