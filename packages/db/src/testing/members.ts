import type { AccountId } from "@scanmeter/core";
import type { Database } from "../client.ts";
import type { Role } from "../queries/members.ts";
import { NOON, unique } from "./ledger.ts";

export interface TestMember {
  readonly userId: string;
  readonly email: string;
}

/** Somebody who signed up and belongs to an account. */
export async function aMember(
  db: Database,
  accountId: AccountId,
  { role = "member", email }: { readonly role?: Role; readonly email?: string } = {},
): Promise<TestMember> {
  const userId = `user_${unique()}`;
  const member = { userId, email: email ?? `${userId}@example.test` };
  await db.write([
    {
      sql: `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
        VALUES (?, ?, ?, 1, ?, ?)`,
      args: [userId, userId, member.email, NOON, NOON],
    },
    {
      sql: "INSERT INTO members (user_id, account_id, role) VALUES (?, ?, ?)",
      args: [userId, accountId, role],
    },
  ]);
  return member;
}
