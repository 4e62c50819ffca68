/**
 * Customers for a benchmark, made without their passwords: hashing one is slow on purpose. The rows
 * and the cookie are what the auth library would have made of a sign-up.
 */
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { credits, type Instant, instant, invariant } from "@scanmeter/core";
import { insertAccount, insertTarget } from "@scanmeter/db";
import { mintId, type Operations } from "@scanmeter/operations";

export interface Customer {
  readonly accountId: string;
  readonly targetId: string;
  /** Signed in, as a browser would send it. */
  readonly cookie: string;
}

const DAY_MS = 86_400_000;
const CREDITS = 1_000_000;
const STATEMENTS_AT_ONCE = 1_000;

export async function makeCustomers(
  operations: Operations,
  { count, authSecret }: { readonly count: number; readonly authSecret: string },
): Promise<Customer[]> {
  const now = operations.clock.now();
  const made = Array.from({ length: count }, () => ({
    userId: randomUUID(),
    token: randomBytes(24).toString("base64url"),
    accountId: mintId("account"),
    targetId: mintId("target"),
  }));
  const statements = made.flatMap(({ userId, token, accountId, targetId }, index) => [
    ...insertAccount({
      id: accountId,
      ownerId: userId,
      name: "Bench",
      timeZone: "UTC",
      currency: "EUR",
      createdAt: now,
    }),
    insertTarget({
      id: targetId,
      accountId,
      url: "https://example.com/",
      name: "Bench",
      mode: "credits",
      createdAt: now,
      archivedAt: null,
    }),
    {
      sql: `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
        VALUES (?1, 'Bench', ?2, 0, ?3, ?3)`,
      args: [userId, `${index}-${userId}@example.test`, now],
    },
    {
      sql: `INSERT INTO auth_session (id, token, user_id, expires_at, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
      args: [randomUUID(), token, userId, now + 7 * DAY_MS, now],
    },
  ]);
  for (let from = 0; from < statements.length; from += STATEMENTS_AT_ONCE) {
    await operations.database.write(statements.slice(from, from + STATEMENTS_AT_ONCE));
  }
  await Promise.all(made.map(({ accountId }) => grant(operations, accountId, now)));
  return made.map(({ accountId, targetId, token }) => ({
    accountId,
    targetId,
    cookie: `scanmeter.session_token=${encodeURIComponent(`${token}.${signatureOf(token, authSecret)}`)}`,
  }));
}

async function grant(operations: Operations, accountId: string, now: Instant): Promise<void> {
  const granted = await operations.grantCredits({
    accountId,
    credits: credits(CREDITS),
    kind: "paid",
    source: "a benchmark",
    key: "first",
    // From before any hour it pays for, whatever clock those are booked by.
    expiresAt: instant(now + 300 * DAY_MS),
  });
  invariant(granted.ok, "a new account takes credits");
}

function signatureOf(token: string, authSecret: string): string {
  return createHmac("sha256", authSecret).update(token).digest("base64");
}

/** What the ledger says happened, to be held against what callers were told. */
export interface Sums {
  readonly scans: number;
  readonly hours: number;
  readonly signsOfLife: number;
  /** Granted less spent, less what the accounts hold: 0 in a ledger whose books close. */
  readonly unexplained: number;
}

export async function sumUp({ database }: Operations): Promise<Sums> {
  const { rows } = await database.read(`SELECT
    (SELECT count(*) FROM scans), (SELECT count(*) FROM postings WHERE kind = 'debit'),
    (SELECT coalesce(sum(revision) - sum(json_array_length(hours)), 0) FROM scans),
    (SELECT sum(granted) FROM lots)
      - (SELECT coalesce(sum(amount), 0) FROM entries WHERE to_account = 'usage')
      - (SELECT sum(balance) FROM accounts)`);
  const [scans, hours, signsOfLife, unexplained] = Array.from(rows[0] ?? [], Number);
  return { scans, hours, signsOfLife, unexplained } as Sums;
}
