/** Whom the gateway knows, and the cards they saved on its own page: card data never comes near us. */
import type { BillingDetails } from "@scanmeter/core/purchase";
import type { Line } from "./gateway-calls.ts";
import {
  type CardFacts,
  type CardPageFacts,
  type CardPageOrder,
  cardOf,
  cardPageOf,
} from "./gateway-cards.ts";
import { objectNamed, textOf } from "./gateway-fields.ts";
import { cardPageParams, customerParams } from "./gateway-params.ts";
import type { Asked } from "./gateway-refusals.ts";

export interface GatewayCustomer {
  readonly id: string;
}

export interface CustomerCalls {
  /** Says nothing but whose it is, so that the same key may be sent again after an address changed. */
  createCustomer(customer: {
    readonly accountId: string;
    readonly key: string;
  }): Promise<Asked<GatewayCustomer>>;
  updateCustomer(customerId: string, billing: BillingDetails): Promise<Asked<GatewayCustomer>>;
  openCardPage(page: CardPageOrder & { readonly key: string }): Promise<Asked<CardPageFacts>>;
  readCardPage(sessionId: string): Promise<Asked<CardPageFacts>>;
  readCard(paymentMethodId: string): Promise<Asked<CardFacts>>;
  attachCard(card: {
    readonly paymentMethodId: string;
    readonly customerId: string;
    readonly key: string;
  }): Promise<Asked<CardFacts>>;
  /** A detached card never pays again, for anybody. */
  detachCard(card: {
    readonly paymentMethodId: string;
    readonly key: string;
  }): Promise<Asked<CardFacts>>;
}

export function customerCalls({ stripe, ask }: Line): CustomerCalls {
  return {
    createCustomer: ({ accountId, key }) =>
      ask({
        name: "createCustomer",
        key,
        send: () =>
          stripe.customers.create({ metadata: { account_id: accountId } }, { idempotencyKey: key }),
        read: customerOf,
      }),

    updateCustomer: (id, billing) =>
      ask({
        name: "updateCustomer",
        // It says how the customer is to be, so a second time changes nothing.
        key: null,
        about: id,
        send: () => stripe.customers.update(id, customerParams(billing)),
        read: customerOf,
      }),

    openCardPage: ({ key, ...page }) =>
      ask({
        name: "openCardPage",
        key,
        send: () => stripe.checkout.sessions.create(cardPageParams(page), { idempotencyKey: key }),
        read: cardPageOf,
      }),

    readCardPage: (id) =>
      ask({
        name: "readCardPage",
        key: null,
        about: id,
        send: () =>
          stripe.checkout.sessions.retrieve(id, { expand: ["setup_intent.payment_method"] }),
        read: (body) => {
          const page = cardPageOf(body);
          return page?.id === id ? page : null;
        },
      }),

    readCard: (id) =>
      ask({
        name: "readCard",
        key: null,
        about: id,
        send: () => stripe.paymentMethods.retrieve(id),
        read: cardOf,
      }),

    attachCard: ({ paymentMethodId: id, customerId: customer, key }) =>
      ask({
        name: "attachCard",
        key,
        about: id,
        send: () => stripe.paymentMethods.attach(id, { customer }, { idempotencyKey: key }),
        read: cardOf,
      }),

    detachCard: ({ paymentMethodId: id, key }) =>
      ask({
        name: "detachCard",
        key,
        about: id,
        send: () => stripe.paymentMethods.detach(id, {}, { idempotencyKey: key }),
        read: cardOf,
      }),
  };
}

/** A customer who was deleted is answered with an object that says so. */
function customerOf(value: unknown): GatewayCustomer | null {
  const customer = objectNamed("customer", value);
  const id = textOf(customer?.id);
  return id === null || customer?.deleted === true ? null : { id };
}
