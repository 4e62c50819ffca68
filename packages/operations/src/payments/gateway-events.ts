/**
 * What the gateway tells us without being asked. An event is a hint: it says which object to read
 * again, and nothing in it is ever believed about money. Events come late, twice, in any order, and
 * sometimes as two events about one change [docs.stripe.com/webhooks].
 */
import type { Instant } from "@scanmeter/core";
import {
  type Fields,
  fieldsOf,
  idOf,
  instantOf,
  isText,
  metadataOf,
  objectNamed,
  textOf,
} from "./gateway-fields.ts";
import { failureIn } from "./gateway-refusals.ts";

/**
 * What a webhook endpoint is to subscribe to, and what is looked for among past events. Not
 * `payment_intent.created`: it arrives before the answer to the call that made the payment.
 */
export const gatewayEventTypes: ReadonlySet<string> = new Set([
  "checkout.session.completed",
  "checkout.session.expired",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "payment_intent.canceled",
  "payment_intent.requires_action",
  "payment_intent.processing",
  "setup_intent.succeeded",
  "setup_intent.setup_failed",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.refunded",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "radar.early_fraud_warning.created",
  "payment_method.automatically_updated",
  "payment_method.updated",
  "payment_method.detached",
  "customer.deleted",
]);

export interface GatewayEvent {
  readonly id: string;
  readonly type: string;
  /** What it is about. An object without an id, such as a balance, is known by its event. */
  readonly objectId: string;
  /** The payment it is about, where it is about one. */
  readonly paymentIntentId: string | null;
  /** Ours, from the object's metadata; absent on much that concerns a payment. */
  readonly topUpId: string | null;
  readonly createdAt: Instant;
  readonly livemode: boolean;
  /** Of the endpoint, not of our SDK: the object may have another shape than we know. */
  readonly apiVersion: string | null;
  /** What is kept of it, as JSON; see `keptOf`. */
  readonly payload: string;
}

export function gatewayEventOf(value: unknown): GatewayEvent | null {
  const event = objectNamed("event", value);
  const object = fieldsOf(fieldsOf(event?.data)?.object);
  if (event === null || object === null) return null;
  const { id, type, livemode, api_version: apiVersion } = event;
  const createdAt = instantOf(event.created);
  if (!isText(id) || !isText(type) || typeof livemode !== "boolean" || createdAt === null)
    return null;
  return {
    id,
    type,
    objectId: textOf(object.id) ?? id,
    paymentIntentId:
      object.object === "payment_intent" ? textOf(object.id) : idOf(object.payment_intent),
    topUpId: textOf(metadataOf(object.metadata).top_up_id),
    createdAt,
    livemode,
    apiVersion: textOf(apiVersion),
    payload: JSON.stringify(keptOf(event, object)),
  };
}

const keptFields = [
  "object",
  "id",
  "status",
  "amount",
  "amount_received",
  "amount_refunded",
  "currency",
  "created",
  "reason",
  "failure_reason",
  "fraud_type",
  "actionable",
  "mode",
] as const;
const keptLinks = [
  "payment_intent",
  "setup_intent",
  "payment_method",
  "charge",
  "customer",
] as const;
const keptMetadata = ["top_up_id", "account_id", "refund_id"] as const;

/**
 * The part worth keeping: which object, in which state, over how much, and what it belongs to. Named
 * field by field, because what is not named cannot leak: names, addresses and card details of people,
 * descriptions, client secrets, and whatever the gateway may add one day.
 */
function keptOf(event: Fields, object: Fields) {
  const failure =
    failureIn(object.last_payment_error) ?? failureIn(object.last_setup_error) ?? undefined;
  const metadata = metadataOf(object.metadata);
  return {
    id: event.id,
    type: event.type,
    created: event.created,
    livemode: event.livemode,
    api_version: textOf(event.api_version),
    request: idOf(event.request),
    object: {
      ...Object.fromEntries(keptFields.map((name) => [name, plain(object[name])])),
      ...Object.fromEntries(keptLinks.map((name) => [name, idOf(object[name]) ?? undefined])),
      failure,
      metadata: Object.fromEntries(keptMetadata.map((name) => [name, metadata[name]])),
    },
  };
}

function plain(value: unknown) {
  return typeof value === "object" ? undefined : value;
}
