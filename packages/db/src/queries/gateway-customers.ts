import type { InStatement } from "@libsql/client";
import type { Database } from "../client.ts";

export async function findCustomer(
  db: Database,
  accountId: string,
  livemode: boolean,
): Promise<string | null> {
  const { rows } = await db.read({
    sql: "SELECT customer_id FROM gateway_customers WHERE account_id = ? AND livemode = ?",
    args: [accountId, livemode ? 1 : 0],
  });
  return (rows[0]?.[0] as string | undefined) ?? null;
}

/** The first one stays: whoever asks twice at once gets the same customer from the gateway anyway. */
export function addCustomer(customer: {
  readonly accountId: string;
  readonly livemode: boolean;
  readonly customerId: string;
  readonly createdAt: number;
}): InStatement {
  const { accountId, livemode, customerId, createdAt } = customer;
  return {
    sql: `INSERT INTO gateway_customers (account_id, livemode, customer_id, created_at)
      VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    args: [accountId, livemode ? 1 : 0, customerId, createdAt],
  };
}

/** The gateway knows nobody by this id any more; the account gets another customer when it needs one. */
export function forgetCustomer(customerId: string): InStatement {
  return { sql: "DELETE FROM gateway_customers WHERE customer_id = ?", args: [customerId] };
}

export async function findAccountOfCustomer(
  db: Database,
  customerId: string,
): Promise<string | null> {
  const { rows } = await db.read({
    sql: "SELECT account_id FROM gateway_customers WHERE customer_id = ?",
    args: [customerId],
  });
  return (rows[0]?.[0] as string | undefined) ?? null;
}
