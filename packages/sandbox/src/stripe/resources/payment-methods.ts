/** Cards, made of test numbers and test ids only. What a card does is a fact about it that no answer shows. */
import { createHash } from "node:crypto";
import { addressOf, addressParam, type Endpoint, endpoint } from "../api/endpoint.ts";
import { cardError, invalidRequest, resourceMissing } from "../api/errors.ts";
import { cursorParams, type ListParams, listAll, listObject } from "../api/list.ts";
import {
  email,
  integer,
  metadata,
  object,
  oneOf,
  type Parsed,
  removable,
  required,
  text,
} from "../api/params.ts";
import { declines } from "../cards/declines.ts";
import { findTestCard, type TestCard } from "../cards/test-cards.ts";
import type { ForcedVerdict } from "../cards/verdict.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, getNamed, mergeMetadata, saveAndTell, type World } from "../world.ts";

export interface PaymentMethod extends Resource {
  customer: string | null;
  billing_details: { [more: string]: unknown };
  card: { brand: string; last4: string; exp_month: number; exp_year: number; fingerprint: string };
  metadata: Record<string, string>;
  allow_redisplay: string;
  [more: string]: unknown;
}

export interface PaymentMethodFacts {
  /** Which of the test cards it is. */
  readonly card: string;
  /** It was saved with the bank's consent to payments without the customer. */
  readonly isSetUp?: boolean;
  /** It was used without a customer, or taken off one, and never works again. */
  readonly isSpent?: boolean;
  /** What the next charges get to hear, first one first. */
  readonly nextCharges?: readonly ForcedVerdict[];
}

const billingDetails = object({
  address: removable(addressParam),
  email: removable(email),
  name: removable(text()),
  phone: removable(text()),
});
const redisplay = oneOf("always", "limited", "unspecified");

const createShape = {
  allow_redisplay: redisplay,
  billing_details: billingDetails,
  card: required(
    object({
      cvc: text(),
      exp_month: integer,
      exp_year: integer,
      number: text(),
      token: text(),
    }),
  ),
  metadata,
  type: required(oneOf("card")),
};

const listShape = { ...cursorParams, allow_redisplay: redisplay, type: text() };

export const paymentMethodEndpoints: readonly Endpoint[] = [
  endpoint("post", "/v1/payment_methods", createShape, (world, params) => create(world, params)),
  endpoint(
    "get",
    "/v1/payment_methods",
    { ...listShape, customer: text() },
    (world, { customer, ...params }) =>
      customer === undefined
        ? listObject([], "/v1/payment_methods")
        : listOfCustomer(world, customer, "/v1/payment_methods", params),
  ),
  endpoint("get", "/v1/payment_methods/:id", {}, (world, _, { id }) => findOrMint(world, id)),
  endpoint(
    "post",
    "/v1/payment_methods/:id",
    {
      allow_redisplay: redisplay,
      billing_details: billingDetails,
      card: object({ exp_month: integer, exp_year: integer }),
      metadata,
    },
    (world, { billing_details = {}, card = {}, metadata: given, ...params }, { id }) => {
      const method = get<PaymentMethod>(world, "payment_method", id);
      if (method.customer === null)
        throw invalidRequest("You must save this PaymentMethod to a customer before updating it.");
      return saveAndTell<PaymentMethod>(world, "payment_method.updated", {
        ...method,
        ...params,
        billing_details: { ...method.billing_details, ...billing_details },
        card: { ...method.card, ...card },
        metadata: mergeMetadata(method.metadata, given),
      });
    },
  ),
  endpoint(
    "post",
    "/v1/payment_methods/:id/attach",
    { customer: required(text()) },
    (world, { customer }, { id }) => {
      getNamed(world, { object: "customer", id: customer, param: "customer" });
      const method = findOrMint(world, id);
      refuseSpent(world, method);
      const card = cardOf(world, method);
      if (!card.canBeSaved) {
        const { isBlocked: _, ...decline } = card.decline ?? declines.generic_decline;
        throw cardError({ ...decline, payment_method: method });
      }
      return attach(world, method, customer);
    },
  ),
  endpoint("post", "/v1/payment_methods/:id/detach", {}, (world, _, { id }) => {
    const method = get<PaymentMethod>(world, "payment_method", id);
    if (method.customer === null)
      throw invalidRequest(
        "The payment method you provided is not attached to a customer so detachment is impossible.",
      );
    return detach(world, method);
  }),
  endpoint("get", "/v1/customers/:id/payment_methods", listShape, (world, params, { id }) =>
    listOfCustomer(world, id, `/v1/customers/${id}/payment_methods`, params),
  ),
  endpoint("get", "/v1/customers/:id/payment_methods/:methodId", {}, (world, _, ids) => {
    const method = get<PaymentMethod>(world, "payment_method", ids.methodId ?? "");
    if (method.customer !== ids.id) throw resourceMissing("PaymentMethod", method.id);
    return method;
  }),
];

export function cardOf(world: World, method: PaymentMethod): TestCard {
  const { card } = world.store.facts<PaymentMethodFacts>(method.id);
  const found = findTestCard(card);
  if (found === undefined) throw new Error(`${method.id} is no test card`);
  return found;
}

/** A test id is a card of its own each time it is used; any other id must exist. */
export function findOrMint(world: World, id: string, param = "payment_method"): PaymentMethod {
  const card = id.startsWith("pm_card_") ? findTestCard(id) : undefined;
  if (card !== undefined) return mint(world, card, {});
  return getNamed<PaymentMethod>(world, { object: "payment_method", id, param });
}

/** Makes a card of what somebody typed. What is no test number is refused and forgotten. */
export function create(world: World, params: Parsed<typeof createShape>): PaymentMethod {
  const { card: given } = params;
  const { token, number } = given;
  if ((token === undefined) === (number === undefined))
    throw invalidRequest("Give either a card number or a token.", {
      code: "parameter_missing",
      param: "card[number]",
    });
  const card = token === undefined ? findTestCard(digitsOf(number)) : cardOfToken(token);
  if (card?.id === null || (card === undefined && !passesLuhn(digitsOf(number))))
    throw cardError({ ...declines.incorrect_number, param: "number" });
  if (card === undefined) throw cardError({ ...declines.test_mode_live_card });
  const thisYear = new Date(world.clock.now()).getUTCFullYear();
  const { exp_month = 12, exp_year = thisYear + 4 } = given;
  if (exp_month < 1 || exp_month > 12) throw badExpiry("month");
  if (exp_year < thisYear || exp_year > thisYear + 50) throw badExpiry("year");
  return mint(world, card, { ...params, exp_month, exp_year });
}

export function attach(world: World, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer === customer) return method;
  if (method.customer !== null)
    throw invalidRequest(
      "The payment method you provided has already been attached to a customer.",
      { code: "resource_already_exists" },
    );
  method.customer = customer;
  world.store.save(method);
  world.emit("payment_method.attached", method);
  return method;
}

export function detachAllOf(world: World, customer: string): void {
  for (const method of methodsOf(world, customer)) detach(world, method);
}

export function refuseSpent(world: World, method: PaymentMethod): void {
  if (world.store.facts<PaymentMethodFacts>(method.id).isSpent !== true) return;
  throw invalidRequest(
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.",
    { param: "payment_method" },
  );
}

export function remember(world: World, id: string, more: Partial<PaymentMethodFacts>): void {
  world.store.saveFacts(id, { ...world.store.facts<PaymentMethodFacts>(id), ...more });
}

function detach(world: World, method: PaymentMethod): PaymentMethod {
  const customer = method.customer ?? "";
  const owner = world.store.find<Resource & { invoice_settings: Record<string, unknown> }>(
    "customer",
    customer,
  );
  if (owner?.invoice_settings?.default_payment_method === method.id) {
    owner.invoice_settings.default_payment_method = null;
    saveAndTell(world, "customer.updated", owner);
  }
  remember(world, method.id, { isSpent: true });
  return saveAndTell(world, "payment_method.detached", { ...method, customer: null });
}

function listOfCustomer(
  world: World,
  customer: string,
  url: string,
  { type, allow_redisplay, ...params }: ListParams & { type?: string; allow_redisplay?: string },
) {
  getNamed(world, { object: "customer", id: customer, param: "customer" });
  return listAll<PaymentMethod>(world, { object: "payment_method", url }, params, {
    where: { customer, type, allow_redisplay },
  });
}

function methodsOf(world: World, customer: string): PaymentMethod[] {
  return world.store.list<PaymentMethod>({
    object: "payment_method",
    where: { customer },
    createdFrom: 0,
    createdTo: Number.MAX_SAFE_INTEGER,
    limit: 1000,
  });
}

type Minted = Partial<Omit<Parsed<typeof createShape>, "card">> & {
  exp_month?: number;
  exp_year?: number;
};

function mint(world: World, card: TestCard, given: Minted): PaymentMethod {
  const { billing_details = {}, metadata: entries = {}, allow_redisplay = "unspecified" } = given;
  const created = world.clock.seconds();
  const { exp_month = 12, exp_year = new Date(world.clock.now()).getUTCFullYear() + 4 } = given;
  const method: PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay,
    billing_details: {
      email: null,
      name: null,
      phone: null,
      tax_id: null,
      ...billing_details,
      address: addressOf(billing_details.address),
    },
    card: { ...cardDetails(card), exp_month, exp_year },
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: entries,
    type: "card",
  };
  return world.store.insert(method, created, { card: card.id } as PaymentMethodFacts);
}

function cardDetails(card: TestCard) {
  return {
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: "US",
    display_brand: card.brand === "amex" ? "american_express" : card.brand,
    fingerprint: createHash("sha256").update(card.number).digest("base64url").slice(0, 16),
    funding: "credit",
    generated_from: null,
    last4: card.number.slice(-4),
    networks: { available: [card.brand], preferred: null },
    regulated_status: "unregulated",
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

function cardOfToken(token: string): TestCard | undefined {
  const card = findTestCard(token.replace(/^tok_/, "pm_card_"));
  if (card === undefined) throw resourceMissing("token", token, "card[token]", 400);
  return card;
}

function badExpiry(part: "month" | "year") {
  return cardError({
    code: `invalid_expiry_${part}`,
    message: `Your card's expiration ${part} is invalid.`,
    param: `exp_${part}`,
  });
}

const digitsOf = (number = "") => number.replace(/[\s-]/g, "");

function passesLuhn(digits: string): boolean {
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
