/**
 * One intention to take one amount. It may be tried with several cards and succeeds at most once,
 * which is what makes every unknown outcome a question about a known id.
 */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { invalidRequest } from "../api/errors.ts";
import { listAll, listParams } from "../api/list.ts";
import { oneOf, type Parsed, text } from "../api/params.ts";
import { newId } from "../ids.ts";
import {
  isAllowed,
  type PaymentIntentCommand,
  restingStatus,
} from "../intents/payment-intent-state.ts";
import { get, getNamed, mergeMetadata, type World } from "../world.ts";
import { confirm } from "./payment-attempt.ts";
import { refuseForeign } from "./payment-intent-checks.ts";
import {
  checkAmount,
  confirmShape,
  createShape,
  type PaymentIntent,
  type PaymentIntentFacts,
  updateShape,
} from "./payment-intent-shape.ts";
import { findOrMint } from "./payment-methods.ts";

export type { PaymentIntent } from "./payment-intent-shape.ts";

export const paymentIntentEndpoints: readonly Endpoint[] = [
  endpoint("post", "/v1/payment_intents", createShape, create),
  endpoint(
    "get",
    "/v1/payment_intents",
    { ...listParams, customer: text() },
    (world, { customer, ...params }) =>
      listAll<PaymentIntent>(
        world,
        { object: "payment_intent", url: "/v1/payment_intents" },
        params,
        { where: { customer } },
      ),
  ),
  endpoint("get", "/v1/payment_intents/:id", {}, (world, _, { id }) =>
    get<PaymentIntent>(world, "payment_intent", id),
  ),
  endpoint("post", "/v1/payment_intents/:id", updateShape, (world, params, { id }) =>
    update(world, get<PaymentIntent>(world, "payment_intent", id), params),
  ),
  endpoint("post", "/v1/payment_intents/:id/confirm", confirmShape, (world, params, { id }) => {
    const intent = get<PaymentIntent>(world, "payment_intent", id);
    refuseUnlessAllowed(intent, "confirm");
    return confirm(world, intent, params);
  }),
  endpoint(
    "post",
    "/v1/payment_intents/:id/cancel",
    {
      cancellation_reason: oneOf("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
    },
    (world, { cancellation_reason = null }, { id }) => {
      const intent = get<PaymentIntent>(world, "payment_intent", id);
      refuseUnlessAllowed(intent, "cancel");
      const canceled_at = world.clock.seconds();
      const canceled = { ...intent, canceled_at, cancellation_reason, next_action: null };
      canceled.status = "canceled";
      world.store.save(canceled);
      world.emit("payment_intent.canceled", canceled);
      return canceled;
    },
  ),
];

function create(world: World, params: Parsed<typeof createShape>): PaymentIntent {
  const { amount, currency, customer, confirm: isConfirmed = false, ...rest } = params;
  checkAmount(amount, currency);
  if (!isConfirmed && (rest.off_session !== undefined || rest.error_on_requires_action))
    throw invalidRequest("This parameter can only be used together with confirm=true.", {
      param: rest.off_session === undefined ? "error_on_requires_action" : "off_session",
    });
  if (customer !== undefined)
    getNamed(world, { object: "customer", id: customer, param: "customer" });
  const intent = emptyIntent(world, { amount, currency, customer: customer ?? null });
  const method = rest.payment_method && findOrMint(world, rest.payment_method);
  if (method) {
    refuseForeign(world, intent, method);
    intent.payment_method = method.id;
  }
  intent.status = restingStatus(intent.payment_method !== null);
  intent.allowed_payment_method_types = rest.allowed_payment_method_types ?? null;
  // Without a wish, all kinds that are switched on are offered; here that is the card alone.
  if (rest.allowed_payment_method_types === undefined)
    intent.automatic_payment_methods = { allow_redirects: "always", enabled: true };
  intent.description = rest.description ?? null;
  intent.metadata = mergeMetadata({}, rest.metadata);
  intent.receipt_email = rest.receipt_email ?? null;
  intent.setup_future_usage = rest.setup_future_usage ?? null;
  intent.statement_descriptor_suffix = rest.statement_descriptor_suffix ?? null;
  const facts: PaymentIntentFacts = { confirmations: 0, challenge: null };
  world.store.insert(intent, world.clock.seconds(), facts);
  world.emit("payment_intent.created", intent);
  return isConfirmed
    ? confirm(world, intent, { ...rest, ...(method && { payment_method: method.id }) })
    : intent;
}

function update(
  world: World,
  intent: PaymentIntent,
  { metadata: given, payment_method, ...params }: Parsed<typeof updateShape>,
): PaymentIntent {
  const changesPayment = Object.keys(params).length > 0 || payment_method !== undefined;
  if (changesPayment) refuseUnlessAllowed(intent, "update");
  const { payment_method_options: _, ...plain } = params;
  const changed: PaymentIntent = { ...intent, ...plain };
  checkAmount(changed.amount, changed.currency);
  if (params.customer !== undefined)
    getNamed(world, { object: "customer", id: params.customer, param: "customer" });
  if (payment_method !== undefined) {
    const method = findOrMint(world, payment_method);
    refuseForeign(world, changed, method);
    changed.payment_method = method.id;
    changed.status = restingStatus(true);
    changed.next_action = null;
  }
  changed.metadata = mergeMetadata(intent.metadata, given);
  world.store.save(changed);
  return changed;
}

function refuseUnlessAllowed(intent: PaymentIntent, command: PaymentIntentCommand): void {
  if (isAllowed(intent.status, command)) return;
  throw invalidRequest(
    `You cannot ${command} this PaymentIntent because it has a status of ${intent.status}.`,
    { code: "payment_intent_unexpected_state", payment_intent: intent },
  );
}

function emptyIntent(
  world: World,
  given: { amount: number; currency: string; customer: string | null },
): PaymentIntent {
  const id = newId("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: given.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: newId(`${id}_secret`, 25),
    confirmation_method: "automatic",
    created: world.clock.seconds(),
    currency: given.currency,
    customer: given.customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: {
        installments: null,
        mandate_options: null,
        network: null,
        request_three_d_secure: "automatic",
      },
    },
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}
