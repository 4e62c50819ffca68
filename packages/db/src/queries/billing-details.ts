import type { InStatement } from "@libsql/client";
import type { BillingDetails } from "@scanmeter/core/purchase";
import type { Database } from "../client.ts";

export function putBilling(accountId: string, billing: BillingDetails, at: number): InStatement {
  return {
    sql: `INSERT INTO billing_details (account_id, details, country, tax_id, updated_at)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT (account_id) DO UPDATE SET details = excluded.details,
      country = excluded.country, tax_id = excluded.tax_id, updated_at = excluded.updated_at`,
    args: [accountId, JSON.stringify(billing), billing.address.country, billing.taxId, at],
  };
}

export async function findBilling(db: Database, accountId: string): Promise<BillingDetails | null> {
  const { rows } = await db.read({
    sql: "SELECT details FROM billing_details WHERE account_id = ?",
    args: [accountId],
  });
  return rows[0] === undefined ? null : (JSON.parse(rows[0][0] as string) as BillingDetails);
}
