/** A customer at the checkout: each press of a button as the pages make it, and what is left after it. */
import type { Outcome, Refusal } from "@scanmeter/core";
import type { BillingDetails } from "@scanmeter/core/purchase";
import { type AccountDetails, listTopUps, type PaymentMethod, type TopUpRow } from "@scanmeter/db";
import type { CheckoutState } from "../payments/checkouts.ts";
import { aBilling, type Shop } from "./shop.ts";

type Answered = Outcome<CheckoutState, Refusal>;

/** A payment as the local Stripe has it. */
export interface PaymentThere {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
}

export interface Customer {
  readonly account: AccountDetails;
  open(quantity: number, idempotencyKey?: string): Promise<CheckoutState>;
  look(checkoutId: string): Promise<CheckoutState>;
  /** Presses "Pay" with the total that is on the button. */
  pay(seen: CheckoutState): Promise<Answered>;
  setQuantity(checkoutId: string, quantity: number): Promise<Answered>;
  bill(billing: Partial<BillingDetails>): Promise<void>;
  saveCard(card?: string): Promise<PaymentMethod>;
  payWith(checkoutId: string, card: PaymentMethod, keep?: boolean): Promise<Answered>;
  answerBank(state: CheckoutState, answer: "approve" | "fail"): Promise<void>;
  cards(): Promise<readonly PaymentMethod[]>;
  /** Purchases, oldest first. */
  topUps(): Promise<readonly TopUpRow[]>;
  /** What must be exactly right in the end: money there, credits here. */
  books(): Promise<{ readonly succeeded: number; readonly credits: number }>;
  paymentsThere(): Promise<readonly PaymentThere[]>;
}

export interface CustomerOptions {
  /** A test card to have saved; null for none. */
  readonly card?: string | null;
  readonly isBilled?: boolean;
}

export async function aCustomer(
  shop: Shop,
  name: string,
  { card = "pm_card_visa", isBilled = true }: CustomerOptions = {},
): Promise<Customer> {
  const { buying } = shop;
  const account = await shop.account(name);
  let opened = 0;

  const customer: Customer = {
    account,
    async open(quantity, idempotencyKey = `order-${++opened}`) {
      return got(await buying.openCheckout({ account, quantity, idempotencyKey }));
    },
    look: async (checkoutId) => got(await buying.getCheckout({ account, checkoutId })),
    pay: ({ checkout, priced }) =>
      buying.finalizeCheckout({
        account,
        checkoutId: checkout.id,
        expectedTotalMinor: priced.quote.totalMinor,
        orderedBy: "user_buyer",
      }),
    setQuantity: (checkoutId, quantity) =>
      buying.setCheckoutQuantity({ account, checkoutId, quantity }),
    async bill(billing) {
      await buying.saveBilling({ accountId: account.id, billing: { ...aBilling, ...billing } });
    },
    saveCard: async (wanted = "pm_card_visa") =>
      got(await buying.addTestCard({ accountId: account.id, card: wanted })),
    payWith: (checkoutId, { id: paymentMethodId }, keep) =>
      buying.setCheckoutPayment({ account, checkoutId, paymentMethodId, keep }),
    async answerBank({ topUp }, answer) {
      await shop.stripe.control(`/challenges/${topUp?.topUp.paymentIntentId}`, { answer });
    },
    cards: () => buying.listCards(account.id),
    async topUps() {
      const page = { accountId: account.id, beforeId: null, limit: 100 };
      return (await listTopUps(shop.operations.database, page)).reverse();
    },
    async books() {
      const payments = await customer.paymentsThere();
      return {
        succeeded: payments.filter(({ status }) => status === "succeeded").length,
        credits: await shop.available(account.id),
      };
    },
    async paymentsThere() {
      const customers = await listThere<{ id: string; metadata: { account_id?: string } }>(
        shop,
        "customers",
      );
      const ours = customers.filter(({ metadata }) => metadata.account_id === account.id);
      const lists = ours.map(({ id }) =>
        listThere<PaymentThere>(shop, `payment_intents?customer=${id}`),
      );
      return (await Promise.all(lists)).flat();
    },
  };
  if (isBilled) await customer.bill({});
  if (card !== null) await customer.saveCard(card);
  return customer;
}

export function got<Value>(outcome: Outcome<Value, Refusal>): Value {
  if (!outcome.ok) throw new Error(`It was refused: ${outcome.refusal.code}.`);
  return outcome.value;
}

/** Asks the local Stripe as its dashboard would, past our own gateway. */
export async function readThere<Answer>({ stripe }: Shop, path: string): Promise<Answer> {
  const response = await fetch(`${stripe.url}/v1/${path}`, {
    headers: { authorization: `Bearer ${stripe.secretKey}` },
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function listThere<Item>(shop: Shop, path: string): Promise<readonly Item[]> {
  const separator = path.includes("?") ? "&" : "?";
  return (await readThere<{ data: Item[] }>(shop, `${path}${separator}limit=100`)).data;
}
