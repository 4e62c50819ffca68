/** A customer who buys credits over the wire, as the web app does for them. */
import type { CheckoutView, PaymentMethodView } from "@scanmeter/contracts/checkout";
import { accepted, type Caller, mutate, query } from "../support/call.ts";
import { type Customer, signUpCustomer } from "../support/customer.ts";
import type { World } from "./world.ts";

export interface Order {
  readonly checkoutId: string;
  readonly totalMinor: number;
}

const billing = {
  name: "Ada Lovelace",
  address: { line1: "Hauptstraße 1", city: "Wien", postalCode: "1010", country: "AT" },
};

/** Pays at once. */
export const WORKS = "pm_card_visa";
/** Wants the customer to authenticate at the bank, so that paying ends outside of our pages. */
export const ASKS_THE_BANK = "pm_card_authenticationRequired";
export const IS_DECLINED = "pm_card_chargeCustomerFail";

export class Buyer {
  readonly #world: World;
  readonly #person: Caller;
  readonly name: string;
  readonly accountId: string;
  readonly email: string;
  /** With what a scan needs, for those who spend what they bought. */
  readonly customer: Customer;

  static async signUp(world: World, name: string, card: string | null): Promise<Buyer> {
    const customer = await signUpCustomer(world.product.url, name);
    const { person, accountId, email } = customer;
    const buyer = new Buyer(world, { name, person, accountId, email, customer });
    await accepted(mutate(person, "account.saveBilling", { ...billing, email }));
    if (card !== null) await buyer.addCard(card);
    return buyer;
  }

  private constructor(
    world: World,
    of: {
      readonly name: string;
      readonly person: Caller;
      readonly accountId: string;
      readonly email: string;
      readonly customer: Customer;
    },
  ) {
    this.#world = world;
    this.#person = of.person;
    this.name = of.name;
    this.accountId = of.accountId;
    this.email = of.email;
    this.customer = of.customer;
  }

  addCard(card: string): Promise<PaymentMethodView> {
    return accepted(mutate<PaymentMethodView>(this.#person, "sandbox.addTestCard", { card }));
  }

  async orders(quantity = 10): Promise<Order> {
    const order = { quantity, idempotencyKey: crypto.randomUUID() };
    const { id, quote } = await accepted(
      mutate<CheckoutView>(this.#person, "checkout.open", order),
    );
    return { checkoutId: id, totalMinor: quote.totalMinor };
  }

  async changesCard({ checkoutId }: Order, card: string): Promise<void> {
    const { id: paymentMethodId } = await this.addCard(card);
    const change = { checkoutId, paymentMethodId };
    await accepted(mutate(this.#person, "checkout.setPayment", change));
  }

  /** Presses "Pay". */
  presses({ checkoutId, totalMinor }: Order) {
    const press = { checkoutId, expectedTotalMinor: totalMinor };
    return mutate<CheckoutView>(this.#person, "checkout.finalize", press);
  }

  /** Presses "Pay" and hears nothing more of it: whoever answers is killed first. */
  pressesInVain(order: Order): void {
    void this.presses(order).catch(() => {});
  }

  /** Presses "Pay" and waits for as long as it takes. */
  async pressesAndWaits({ checkoutId, totalMinor }: Order): Promise<CheckoutView> {
    const response = await fetch(`${this.#person.url}/trpc/checkout.finalize`, {
      method: "POST",
      headers: { "content-type": "application/json", ...this.#person.headers },
      body: JSON.stringify({ checkoutId, expectedTotalMinor: totalMinor }),
    });
    const { result } = (await response.json()) as { result: { data: CheckoutView } };
    return result.data;
  }

  /** Orders and presses "Pay". */
  async pays(quantity = 10): Promise<CheckoutView> {
    return accepted(this.presses(await this.orders(quantity)));
  }

  /** Is sent to the bank by "Pay", and leaves our pages for good. */
  async leavesForTheBank(): Promise<{ readonly order: Order; readonly intentId: string }> {
    const order = await this.orders();
    const asked = await accepted(this.presses(order));
    if (asked.nextAction?.type !== "redirect")
      throw new Error(`Nobody asks the customer: ${JSON.stringify(asked)}`);
    return { order, intentId: await this.intentId() };
  }

  /** Comes back to our page, as the bank's page sends everybody. */
  returns({ checkoutId }: Order): Promise<CheckoutView> {
    return accepted(query<CheckoutView>(this.#person, "checkout.get", { checkoutId }));
  }

  /** Of the newest purchase. */
  async topUp(): Promise<{ readonly id: string; readonly intentId: string | null }> {
    const [newest] = await this.#world.rows<{ id: string; intentId: string | null }>(
      `SELECT id, payment_intent_id AS intentId FROM top_ups WHERE account_id = ?
        ORDER BY id DESC LIMIT 1`,
      this.accountId,
    );
    if (newest === undefined) throw new Error(`${this.name} has bought nothing.`);
    return newest;
  }

  async intentId(): Promise<string> {
    return (await this.topUp()).intentId ?? "";
  }

  /** Null before the gateway was first asked for one. */
  async customerId(): Promise<string | null> {
    const [found] = await this.#world.rows<{ customer_id: string }>(
      "SELECT customer_id FROM gateway_customers WHERE account_id = ?",
      this.accountId,
    );
    return found?.customer_id ?? null;
  }
}
