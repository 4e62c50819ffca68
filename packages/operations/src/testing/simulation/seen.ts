/** What the database shows of every account of a world, read past all of the product's own queries. */
import type { Database } from "@scanmeter/db";

export interface SeenLot {
  readonly kind: string;
  readonly granted: number;
  readonly remaining: number;
  readonly frozen: number;
  readonly kept: number;
  readonly until: number;
}

export interface SeenAccount {
  readonly accountId: string;
  readonly balance: number;
  readonly debt: number;
  readonly suspension: {
    readonly reason: string;
    readonly since: number;
    readonly by: string;
  } | null;
  readonly renewalDueAt: number | null;
  readonly nextLookAt: number | null;
  readonly cardId: string | null;
  readonly lots: readonly SeenLot[];
}

export interface SeenAttempt {
  readonly action: "create" | "confirm" | "cancel";
  readonly state: string;
  readonly firstSentAt: number;
  readonly resolvedAt: number | null;
  readonly failure: { readonly code: string; readonly declineCode: string | null } | null;
  readonly params: string;
}

export interface SeenTopUp {
  readonly rowId: number;
  readonly id: string;
  readonly accountId: string;
  readonly trigger: "manual" | "out_of_credits" | "before_expiry";
  readonly state: string;
  readonly quantity: number;
  readonly paymentIntentId: string | null;
  readonly closing: { readonly as: string; readonly since: number } | null;
  readonly attempts: readonly SeenAttempt[];
  readonly createdAt: number;
  readonly openUntil: number;
  readonly nextStepAt: number | null;
  readonly paidAt: number | null;
  readonly settlement: string;
}

type Row = Readonly<Record<string, unknown>>;

async function rowsOf(db: Database, sql: string, ...args: (string | number)[]): Promise<Row[]> {
  return (await db.read({ sql, args })).rows as unknown as Row[];
}

export async function seeAccounts(db: Database): Promise<ReadonlyMap<string, SeenAccount>> {
  const accounts = await rowsOf(
    db,
    `SELECT a.id AS accountId, balance, debt, next_look_at AS nextLookAt, suspension_reason AS reason,
        suspended_at AS since, suspended_by AS by, renewal_due_at AS renewalDueAt, p.id AS cardId
      FROM accounts a LEFT JOIN auto_top_ups s ON s.account_id = a.id
      LEFT JOIN payment_methods p ON p.account_id = a.id AND p.is_default = 1`,
  );
  const lots = await rowsOf(
    db,
    `SELECT account_id AS accountId, kind, granted, remaining, frozen - kept AS frozen, kept,
      expires_at AS until FROM lots WHERE is_open = 1 ORDER BY rowid`,
  );
  const lotsOf = new Map<unknown, SeenLot[]>();
  for (const { accountId, kind, granted, remaining, frozen, kept, until } of lots) {
    const lot = { kind, granted, remaining, frozen, kept, until } as SeenLot;
    lotsOf.set(accountId, [...(lotsOf.get(accountId) ?? []), lot]);
  }
  return new Map(
    accounts.map((row) => {
      const { accountId, balance, debt, nextLookAt, renewalDueAt, cardId, reason, since, by } = row;
      const suspension = reason === null ? null : { reason, since, by };
      const seen = { accountId, balance, debt, nextLookAt, renewalDueAt, cardId, suspension };
      return [accountId, { ...seen, lots: lotsOf.get(accountId) ?? [] } as unknown as SeenAccount];
    }) as [string, SeenAccount][],
  );
}

const columns = `rowid AS rowId, id, account_id AS accountId, trigger, state, terms ->> 'quantity' AS quantity,
  payment_intent_id AS paymentIntentId, closing, attempts, created_at AS createdAt,
  open_until AS openUntil, next_step_at AS nextStepAt, paid_at AS paidAt, settlement`;

/** Purchases that are under way, are new since then, or are among those. */
export async function seeTopUps(
  db: Database,
  { after, ids }: { readonly after: number; readonly ids: readonly string[] },
): Promise<SeenTopUp[]> {
  const rows = await rowsOf(
    db,
    `SELECT ${columns} FROM top_ups WHERE rowid > ?1 OR id IN (SELECT value FROM json_each(?2)) ORDER BY rowid`,
    after,
    JSON.stringify(ids),
  );
  return rows.map(
    (row) =>
      ({
        ...row,
        closing: row.closing === null ? null : JSON.parse(String(row.closing)),
        attempts: JSON.parse(String(row.attempts)),
      }) as unknown as SeenTopUp,
  );
}
