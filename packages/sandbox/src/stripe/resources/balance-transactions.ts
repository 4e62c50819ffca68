/** What a payment, refund or dispute did to the balance. Kept because charges and disputes point at it. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, type World } from "../world.ts";

export interface BalanceTransaction extends Resource {
  amount: number;
  [more: string]: unknown;
}

interface Movement {
  readonly amount: number;
  readonly fee?: number;
  readonly currency: string;
  readonly type: "adjustment" | "charge" | "refund" | "refund_failure";
  readonly source: string;
  readonly description: string | null;
}

export const balanceTransactionEndpoints: readonly Endpoint[] = [
  endpoint("get", "/v1/balance_transactions/:id", {}, (world, _, { id }) =>
    get<BalanceTransaction>(world, "balance_transaction", id),
  ),
];

export function newBalanceTransaction(world: World, movement: Movement): BalanceTransaction {
  const { amount, fee = 0, currency, type, source, description } = movement;
  const created = world.clock.seconds();
  const fee_details =
    fee === 0
      ? []
      : [
          {
            amount: fee,
            application: null,
            currency,
            description: "Stripe processing fees",
            type: "stripe_fee",
          },
        ];
  return world.store.insert<BalanceTransaction>(
    {
      id: newId("txn"),
      object: "balance_transaction",
      amount,
      available_on: created + 2 * 86_400,
      balance_type: "payments",
      created,
      currency,
      description,
      exchange_rate: null,
      fee,
      fee_details,
      net: amount - fee,
      reporting_category: type === "adjustment" ? "dispute" : type,
      source,
      status: "pending",
      type,
    },
    created,
  );
}
