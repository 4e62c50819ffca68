/** Money on its way back. A refund may be slow, and one that succeeded may still fail weeks later. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { invalidRequest } from "../api/errors.ts";
import { listAll, listParams } from "../api/list.ts";
import { exclusive, integer, metadata, oneOf, type Parsed, text } from "../api/params.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, getNamed, mergeMetadata, saveAndTell, type World } from "../world.ts";
import { newBalanceTransaction } from "./balance-transactions.ts";
import type { Charge } from "./charges.ts";
import { hasBlockingDispute } from "./disputes.ts";
import type { PaymentIntent } from "./payment-intents.ts";
import { cardOf, type PaymentMethod } from "./payment-methods.ts";

export interface Refund extends Resource {
  amount: number;
  charge: string;
  currency: string;
  metadata: Record<string, string>;
  status: "pending" | "succeeded" | "failed" | "canceled";
  [more: string]: unknown;
}

const createShape = {
  amount: integer,
  charge: text(),
  metadata,
  payment_intent: text(),
  reason: oneOf("duplicate", "fraudulent", "requested_by_customer"),
};

export const refundEndpoints: readonly Endpoint[] = [
  endpoint("post", "/v1/refunds", createShape, create),
  endpoint(
    "get",
    "/v1/refunds",
    { ...listParams, charge: text(), payment_intent: text() },
    (world, { charge, payment_intent, ...params }) =>
      listAll<Refund>(world, { object: "refund", url: "/v1/refunds" }, params, {
        where: { charge, payment_intent },
      }),
  ),
  endpoint("get", "/v1/refunds/:id", {}, (world, _, { id }) => get<Refund>(world, "refund", id)),
  endpoint("post", "/v1/refunds/:id", { metadata }, (world, params, { id }) => {
    const refund = get<Refund>(world, "refund", id);
    const changed = { ...refund, metadata: mergeMetadata(refund.metadata, params.metadata) };
    return saveAndTell(world, "refund.updated", changed);
  }),
];

/** A refund ends, or what ended turns out to have failed. The same end twice changes nothing. */
export function endRefund(world: World, id: string, status: Refund["status"]): Refund {
  const refund = get<Refund>(world, "refund", id);
  const isOver = refund.status === "failed" || refund.status === "canceled";
  if (isOver || refund.status === status) return refund;
  const isReturned = status === "failed" || status === "canceled";
  const changed: Refund = { ...refund, status };
  if (status === "failed") changed.failure_reason = "lost_or_stolen_card";
  if (isReturned) {
    const { amount, currency, charge: source } = refund;
    const type = "refund_failure" as const;
    const movement = { amount, currency, type, source: id, description: "REFUND FAILURE" };
    changed.failure_balance_transaction = newBalanceTransaction(world, movement).id;
    moveRefunded(world, get<Charge>(world, "charge", source), -amount);
  }
  saveAndTell(world, "refund.updated", changed);
  if (status === "failed") world.emit("refund.failed", changed);
  return changed;
}

function create(world: World, params: Parsed<typeof createShape>): Refund {
  const charge = chargeFor(world, params);
  const left = charge.amount - charge.amount_refunded;
  if (hasBlockingDispute(world, charge.id))
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  if (left === 0)
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
    });
  const { amount = left, metadata: entries, reason = null } = params;
  if (amount < 1)
    throw invalidRequest("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  if (amount > left)
    throw invalidRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left}).`,
      { param: "amount" },
    );
  return book(world, charge, { amount, reason, metadata: mergeMetadata({}, entries) });
}

function book(
  world: World,
  charge: Charge,
  given: { amount: number; reason: string | null; metadata: Record<string, string> },
): Refund {
  const id = newId("re");
  const created = world.clock.seconds();
  const { currency, payment_intent } = charge;
  const method = get<PaymentMethod>(world, "payment_method", charge.payment_method);
  const { refund: behaviour } = cardOf(world, method);
  const movement = { amount: -given.amount, currency, type: "refund", source: id } as const;
  const refund: Refund = {
    id,
    object: "refund",
    ...given,
    balance_transaction: newBalanceTransaction(world, { ...movement, description: "REFUND" }).id,
    charge: charge.id,
    created,
    currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: {
        reference_status: "pending",
        reference_type: "acquirer_reference_number",
        type: "refund",
      },
      type: "card",
    },
    payment_intent,
    payment_method: charge.payment_method,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === "pending" ? "pending" : "succeeded",
    transfer_reversal: null,
  };
  world.store.insert(refund, created);
  world.emit("refund.created", refund);
  moveRefunded(world, charge, given.amount);
  if (behaviour !== undefined) {
    const status = behaviour === "pending" ? "succeeded" : "failed";
    const dueAt = world.clock.now() + world.consequencesAfterMs;
    world.schedule({ kind: "end_refund", subject: id, dueAt, details: { status } });
  }
  return refund;
}

function moveRefunded(world: World, charge: Charge, by: number): void {
  const amount_refunded = charge.amount_refunded + by;
  const refunded = amount_refunded === charge.amount;
  const type = by > 0 ? "charge.refunded" : "charge.updated";
  saveAndTell(world, type, { ...charge, amount_refunded, refunded });
}

function chargeFor(world: World, { charge, payment_intent }: Parsed<typeof createShape>): Charge {
  if (charge !== undefined && payment_intent !== undefined)
    throw exclusive("charge", "payment_intent");
  if (charge !== undefined) {
    const found = getNamed<Charge>(world, { object: "charge", id: charge, param: "charge" });
    if (found.status === "succeeded") return found;
    throw invalidRequest(`Charge ${charge} was not successful; it cannot be refunded.`);
  }
  if (payment_intent === undefined)
    throw invalidRequest(
      "One of the following params should be provided: payment_intent or charge.",
      {
        code: "parameter_missing",
      },
    );
  const param = "payment_intent";
  const intent = getNamed<PaymentIntent>(world, { object: param, id: payment_intent, param });
  if (intent.status === "succeeded" && intent.latest_charge !== null)
    return get<Charge>(world, "charge", intent.latest_charge);
  throw invalidRequest(
    `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`,
  );
}
