/**
 * The hosted page on which a customer adds a card. Only `mode: "setup"` exists here: the product
 * takes money with payment intents of its own, so a payment page would be code nobody runs.
 */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { ApiError, invalidRequest } from "../api/errors.ts";
import { cursorParams, listAll, listObject, listParams } from "../api/list.ts";
import {
  currency,
  email,
  integer,
  metadata,
  object,
  oneOf,
  type Parsed,
  required,
  text,
  url,
} from "../api/params.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, getNamed, HERE, mergeMetadata, type World } from "../world.ts";
import type { Customer } from "./customers.ts";
import { cardOnly } from "./payment-intent-shape.ts";
import { create as createPaymentMethod } from "./payment-methods.ts";
import { cancelSetup, confirmSetup, newSetupIntent, type SetupIntent } from "./setup-intents.ts";

export interface CheckoutSession extends Resource {
  cancel_url: string | null;
  customer: string | null;
  expires_at: number;
  metadata: Record<string, string>;
  setup_intent: string;
  status: "open" | "complete" | "expired";
  success_url: string;
  url: string | null;
  [more: string]: unknown;
}

const LIFE_MIN_S = 30 * 60;
const LIFE_MAX_S = 24 * 3600;

const createShape = {
  allowed_payment_method_types: cardOnly,
  cancel_url: url,
  client_reference_id: text(200),
  consent_collection: object({
    payment_method_reuse_agreement: object({ position: required(oneOf("auto", "hidden")) }),
  }),
  currency,
  customer: text(),
  customer_email: email,
  expires_at: integer,
  locale: text(10),
  metadata,
  mode: oneOf("payment", "setup", "subscription"),
  setup_intent_data: object({ description: text(1000), metadata }),
  success_url: url,
  ui_mode: oneOf("elements", "embedded_page", "form", "hosted_page"),
};

export const checkoutSessionEndpoints: readonly Endpoint[] = [
  endpoint("post", "/v1/checkout/sessions", createShape, create),
  endpoint(
    "get",
    "/v1/checkout/sessions",
    {
      ...listParams,
      customer: text(),
      payment_intent: text(),
      status: oneOf("complete", "expired", "open"),
    },
    (world, { customer, payment_intent, status, ...params }) =>
      listAll<CheckoutSession>(
        world,
        { object: "checkout.session", url: "/v1/checkout/sessions" },
        params,
        { where: { customer, payment_intent, status } },
      ),
  ),
  endpoint("get", "/v1/checkout/sessions/:id", {}, (world, _, { id }) => find(world, id)),
  endpoint("post", "/v1/checkout/sessions/:id/expire", {}, (world, _, { id }) => {
    const session = find(world, id);
    if (session.status !== "open")
      throw invalidRequest(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      );
    return expireSession(world, id);
  }),
  endpoint("get", "/v1/checkout/sessions/:id/line_items", cursorParams, (world, _, { id }) =>
    listObject([], `/v1/checkout/sessions/${find(world, id).id}/line_items`),
  ),
];

/** What came of a card that was entered on the page. */
export type CardEntry =
  | { readonly kind: "complete"; readonly session: CheckoutSession }
  | { readonly kind: "challenge"; readonly url: string }
  | { readonly kind: "refused"; readonly message: string };

export function enterCard(
  world: World,
  session: CheckoutSession,
  card: { number: string; exp_month?: number; exp_year?: number },
): CardEntry {
  // The second click of a double click: the card is saved, nothing is left to do.
  if (session.status === "complete") return { kind: "complete", session };
  const intent = get<SetupIntent>(world, "setup_intent", session.setup_intent);
  try {
    const method = createPaymentMethod(world, {
      allow_redisplay: "limited",
      card,
      type: "card",
    });
    const returnUrl = `${HERE}/pay/${session.id}?answered=1`;
    const confirmed = confirmSetup(world, intent, { method, returnUrl });
    if (confirmed.error !== null) throw confirmed.error;
    if (confirmed.intent.status === "requires_action")
      return { kind: "challenge", url: challengeUrlOf(confirmed.intent) };
    return { kind: "complete", session: completeSession(world, session) };
  } catch (error) {
    if (error instanceof ApiError) return { kind: "refused", message: error.message };
    throw error;
  }
}

/** The set-up succeeded on the bank's page, so the session is done. */
export function completeSession(world: World, session: CheckoutSession): CheckoutSession {
  if (session.status !== "open") return session;
  const customer = session.customer && get<Customer>(world, "customer", session.customer);
  const complete: CheckoutSession = {
    ...session,
    ...(customer && { customer_details: detailsOf(customer) }),
    status: "complete",
    url: null,
  };
  world.store.save(complete);
  world.emit("checkout.session.completed", complete);
  return complete;
}

export function expireSession(world: World, id: string): CheckoutSession {
  const session = get<CheckoutSession>(world, "checkout.session", id);
  if (session.status !== "open") return session;
  const expired: CheckoutSession = { ...session, status: "expired", url: null };
  world.store.save(expired);
  const intent = get<SetupIntent>(world, "setup_intent", session.setup_intent);
  if (intent.status !== "succeeded") cancelSetup(world, intent, null);
  world.emit("checkout.session.expired", expired);
  return expired;
}

/** A session ends at its instant, also where the timer that says so is late. */
export function find(world: World, id: string): CheckoutSession {
  const session = get<CheckoutSession>(world, "checkout.session", id);
  const isOver = session.status === "open" && session.expires_at <= world.clock.seconds();
  return isOver ? expireSession(world, id) : session;
}

function create(world: World, params: Parsed<typeof createShape>): CheckoutSession {
  const { mode = "payment", ui_mode = "hosted_page", customer, success_url } = params;
  if (mode !== "setup")
    throw invalidRequest(`The local Stripe has Checkout in setup mode only, not ${mode}.`, {
      param: "mode",
    });
  if (ui_mode !== "hosted_page")
    throw invalidRequest(`The local Stripe has the hosted page only, not ${ui_mode}.`, {
      param: "ui_mode",
    });
  if (success_url === undefined) throw missing("success_url");
  if (params.currency === undefined) throw missing("currency");
  if (customer !== undefined)
    getNamed(world, { object: "customer", id: customer, param: "customer" });
  const created = world.clock.seconds();
  const expires_at = params.expires_at ?? created + LIFE_MAX_S;
  if (expires_at < created + LIFE_MIN_S || expires_at > created + LIFE_MAX_S)
    throw invalidRequest(
      "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
      { param: "expires_at" },
    );
  const id = newId("cs_test", 58);
  const { setup_intent_data = {}, allowed_payment_method_types } = params;
  const setup = { ...setup_intent_data, ...(customer && { customer }) };
  const intent = newSetupIntent(
    world,
    { ...setup, ...(allowed_payment_method_types && { allowed_payment_method_types }) },
    id,
  );
  const session = world.store.insert<CheckoutSession>(
    {
      ...emptySession(id, created),
      allowed_payment_method_types: allowed_payment_method_types ?? null,
      cancel_url: params.cancel_url ?? null,
      client_reference_id: params.client_reference_id ?? null,
      consent_collection: consentOf(params),
      currency: params.currency,
      customer: customer ?? null,
      customer_email: params.customer_email ?? null,
      expires_at,
      locale: params.locale ?? null,
      metadata: mergeMetadata({}, params.metadata),
      setup_intent: intent.id,
      success_url,
    },
    created,
  );
  world.schedule({ kind: "expire_session", subject: id, dueAt: expires_at * 1000 });
  return session;
}

function consentOf({ consent_collection }: Parsed<typeof createShape>) {
  if (consent_collection === undefined) return null;
  const { payment_method_reuse_agreement = null } = consent_collection;
  return { payment_method_reuse_agreement, promotions: null, terms_of_service: null };
}

function detailsOf({ email: address, name, address: where = null, phone = null }: Customer) {
  return {
    address: where,
    business_name: null,
    email: address,
    individual_name: null,
    name,
    phone,
    tax_exempt: "none",
    tax_ids: null,
  };
}

function challengeUrlOf(intent: SetupIntent): string {
  const action = intent.next_action as { redirect_to_url?: { url: string } } | null;
  return action?.redirect_to_url?.url ?? HERE;
}

function missing(param: string): ApiError {
  return invalidRequest(`Missing required param: ${param}.`, { code: "parameter_missing", param });
}

function emptySession(id: string, created: number) {
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    created,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    discounts: null,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    managed_payments: null,
    mode: "setup",
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "always",
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    payment_status: "no_payment_required",
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open" as const,
    submit_type: null,
    subscription: null,
    total_details: null,
    ui_mode: "hosted_page",
    url: `${HERE}/pay/${id}`,
    wallet_options: null,
  };
}
