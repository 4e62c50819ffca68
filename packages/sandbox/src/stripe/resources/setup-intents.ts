/** The intention to keep a card for later, with the bank's consent. The checkout page uses one, and so may a caller. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { type ApiError, cardError, invalidRequest } from "../api/errors.ts";
import { listAll, listParams } from "../api/list.ts";
import { boolean, metadata, object, oneOf, type Parsed, text, url } from "../api/params.ts";
import { judgeSetup } from "../cards/verdict.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, getNamed, mergeMetadata, type World } from "../world.ts";
import { closeChallenge, nextActionFor, openChallenge } from "./challenges.ts";
import { cardOnly } from "./payment-intent-shape.ts";
import {
  attach,
  cardOf,
  findOrMint,
  type PaymentMethod,
  refuseSpent,
  remember,
} from "./payment-methods.ts";

export interface SetupIntent extends Resource {
  customer: string | null;
  last_setup_error: { message?: string } | null;
  metadata: Record<string, string>;
  next_action: object | null;
  payment_method: string | null;
  status:
    | "requires_payment_method"
    | "requires_confirmation"
    | "requires_action"
    | "succeeded"
    | "canceled";
  usage: "off_session" | "on_session";
  [more: string]: unknown;
}

export interface SetupIntentFacts {
  readonly challenge: string | null;
  /** The checkout session whose page confirms it; then nobody else may. */
  readonly session: string | null;
}

const options = object({
  card: object({
    request_three_d_secure: oneOf("any", "automatic", "challenge"),
    setup_credential_usage: oneOf("recurring", "installment", "unscheduled"),
  }),
});
const confirmShape = { payment_method: text(), payment_method_options: options, return_url: url };
const createShape = {
  ...confirmShape,
  allowed_payment_method_types: cardOnly,
  automatic_payment_methods: object({
    allow_redirects: oneOf("always", "never"),
    enabled: boolean,
  }),
  confirm: boolean,
  customer: text(),
  description: text(1000),
  metadata,
  usage: oneOf("off_session", "on_session"),
};

export const setupIntentEndpoints: readonly Endpoint[] = [
  endpoint("post", "/v1/setup_intents", createShape, (world, params) => {
    if (params.customer !== undefined)
      getNamed(world, { object: "customer", id: params.customer, param: "customer" });
    const intent = newSetupIntent(world, params, null);
    return params.confirm === true ? confirmOrThrow(world, intent, params) : intent;
  }),
  endpoint(
    "get",
    "/v1/setup_intents",
    { ...listParams, customer: text(), payment_method: text() },
    (world, { customer, payment_method, ...params }) =>
      listAll<SetupIntent>(world, { object: "setup_intent", url: "/v1/setup_intents" }, params, {
        where: { customer, payment_method },
      }),
  ),
  endpoint("get", "/v1/setup_intents/:id", {}, (world, _, { id }) =>
    get<SetupIntent>(world, "setup_intent", id),
  ),
  endpoint("post", "/v1/setup_intents/:id/confirm", confirmShape, (world, params, { id }) => {
    const intent = get<SetupIntent>(world, "setup_intent", id);
    refuseUnlessOpen(world, intent, "confirm");
    return confirmOrThrow(world, intent, params);
  }),
  endpoint(
    "post",
    "/v1/setup_intents/:id/cancel",
    { cancellation_reason: oneOf("abandoned", "duplicate", "requested_by_customer") },
    (world, { cancellation_reason = null }, { id }) => {
      const intent = get<SetupIntent>(world, "setup_intent", id);
      refuseUnlessOpen(world, intent, "cancel");
      return cancelSetup(world, intent, cancellation_reason);
    },
  ),
];

export function newSetupIntent(
  world: World,
  params: Omit<Parsed<typeof createShape>, "confirm">,
  session: string | null,
): SetupIntent {
  const created = world.clock.seconds();
  const method = params.payment_method && findOrMint(world, params.payment_method);
  const id = newId("seti");
  const intent: SetupIntent = {
    id,
    object: "setup_intent",
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    application: null,
    automatic_payment_methods: params.allowed_payment_method_types
      ? null
      : { allow_redirects: "always", enabled: true },
    cancellation_reason: null,
    client_secret: newId(`${id}_secret`, 25),
    created,
    customer: params.customer ?? null,
    customer_account: null,
    description: params.description ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: mergeMetadata({}, params.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: method ? method.id : null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: method ? "requires_confirmation" : "requires_payment_method",
    usage: params.usage ?? "off_session",
  };
  const facts: SetupIntentFacts = { challenge: null, session };
  world.store.insert(intent, created, facts);
  world.emit("setup_intent.created", intent);
  return intent;
}

/** Tries to save the card; a decline is in the answer, because the checkout page shows it. */
export function confirmSetup(
  world: World,
  intent: SetupIntent,
  { method, returnUrl }: { method: PaymentMethod; returnUrl: string | null },
): { intent: SetupIntent; error: ApiError | null } {
  refuseSpent(world, method);
  intent.payment_method = method.id;
  intent.last_setup_error = null;
  intent.next_action = null;
  const verdict = judgeSetup(cardOf(world, method), false);
  switch (verdict.kind) {
    case "approved":
      return { intent: succeed(world, intent, method), error: null };
    case "declined": {
      const { isBlocked: _, ...decline } = verdict.decline;
      const error = cardError({ ...decline, payment_method: method });
      fail(world, intent, error);
      return { intent, error: cardError({ ...error.details, setup_intent: intent }) };
    }
    case "needs_authentication": {
      const challenge = openChallenge(world, { intent: intent.id, returnUrl });
      const facts = world.store.facts<SetupIntentFacts>(intent.id);
      world.store.saveFacts(intent.id, { ...facts, challenge: challenge.id });
      intent.status = "requires_action";
      intent.next_action = nextActionFor(challenge);
      world.store.save(intent);
      world.emit("setup_intent.requires_action", intent);
      return { intent, error: null };
    }
  }
}

export function answerSetupChallenge(
  world: World,
  { intent, challenge, isPassed }: { intent: SetupIntent; challenge: string; isPassed: boolean },
): SetupIntent {
  const facts = world.store.facts<SetupIntentFacts>(intent.id);
  const isCurrent = facts.challenge === challenge && intent.status === "requires_action";
  if (!isCurrent || intent.payment_method === null) return intent;
  closeChallenge(world, challenge);
  world.store.saveFacts(intent.id, { ...facts, challenge: null });
  intent.next_action = null;
  const method = findOrMint(world, intent.payment_method);
  if (isPassed) return succeed(world, intent, method);
  const error = invalidRequest(
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
    { code: "setup_intent_authentication_failure", payment_method: method },
  );
  return fail(world, intent, error);
}

export function cancelSetup(world: World, intent: SetupIntent, reason: string | null): SetupIntent {
  const status = "canceled" as const;
  const canceled = { ...intent, cancellation_reason: reason, next_action: null, status };
  world.store.save(canceled);
  world.emit("setup_intent.canceled", canceled);
  return canceled;
}

function confirmOrThrow(
  world: World,
  intent: SetupIntent,
  params: Parsed<typeof confirmShape>,
): SetupIntent {
  const id = params.payment_method ?? intent.payment_method;
  if (id === null)
    throw invalidRequest(
      "You cannot confirm this SetupIntent because it's missing a payment method.",
      { code: "setup_intent_unexpected_state", setup_intent: intent },
    );
  const method = findOrMint(world, id);
  const confirmed = confirmSetup(world, intent, { method, returnUrl: params.return_url ?? null });
  if (confirmed.error !== null) throw confirmed.error;
  return confirmed.intent;
}

function succeed(world: World, intent: SetupIntent, method: PaymentMethod): SetupIntent {
  intent.status = "succeeded";
  if (intent.customer !== null) attach(world, method, intent.customer);
  if (intent.usage === "off_session") remember(world, method.id, { isSetUp: true });
  world.store.save(intent);
  world.emit("setup_intent.succeeded", intent);
  return intent;
}

function fail(world: World, intent: SetupIntent, error: ApiError): SetupIntent {
  intent.status = "requires_payment_method";
  intent.payment_method = null;
  intent.last_setup_error = error.body.error;
  world.store.save(intent);
  world.emit("setup_intent.setup_failed", intent);
  return intent;
}

function refuseUnlessOpen(world: World, intent: SetupIntent, command: string): void {
  if (world.store.facts<SetupIntentFacts>(intent.id).session !== null)
    throw invalidRequest(`You cannot ${command} a SetupIntent that a Checkout Session made.`, {
      code: "setup_intent_unexpected_state",
      setup_intent: intent,
    });
  if (intent.status !== "succeeded" && intent.status !== "canceled") return;
  throw invalidRequest(
    `You cannot ${command} this SetupIntent because it has a status of ${intent.status}.`,
    { code: "setup_intent_unexpected_state", setup_intent: intent },
  );
}
