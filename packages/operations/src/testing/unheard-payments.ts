/**
 * Customers who paid on their bank's page and closed the window there: the money has moved, and nobody
 * has told us. What is left is for a webhook to settle. Each purchase is of an account of its own,
 * because an account has at most one by hand under way.
 *
 * The calls are the product's own and core moves the rows; only what needs no gateway is written many
 * at a time, because thousands are wanted and are not what is measured.
 */
import {
  type AccountId,
  defaultPriceListData,
  instant,
  type Outcome,
  parsePriceList,
  type QuoteTerms,
  quoteTerms,
  type TopUpId,
  taxFor,
} from "@scanmeter/core";
import { demoSeller } from "@scanmeter/core/documents";
import {
  type Answer,
  type AttemptAction,
  advance,
  type NewTopUp,
  openTopUp,
  type PaymentAttempt,
  type TopUp,
} from "@scanmeter/core/purchase";
import {
  addCustomer,
  type Database,
  insertAccount,
  insertCheckout,
  putBilling,
  putTopUps,
  type Statement,
} from "@scanmeter/db";
import { mintId } from "../mint-id.ts";
import {
  confirmOnSessionParams,
  createGateway,
  type Gateway,
  paymentParams,
} from "../payments/gateway.ts";
import { aBilling, PUBLIC_URL } from "./shop.ts";

export interface UnheardPayment {
  readonly accountId: AccountId;
  readonly topUpId: TopUpId;
  readonly paymentIntentId: string;
}

export interface UnheardOrder {
  readonly count: number;
  readonly quantity: number;
  readonly stripe: { readonly url: string; readonly secretKey: string };
}

/** Enough to keep both sides busy. */
const AT_ONCE = 16;
const STORED_AT_ONCE = 100;
const CARD_THAT_ASKS = "pm_card_authenticationRequired";
const LABEL = { brand: "visa", last4: "3184" } as const;

export async function makeUnheardPayments(
  db: Database,
  { count, quantity, stripe }: UnheardOrder,
): Promise<UnheardPayment[]> {
  const now = instant(Date.now());
  const terms = termsOf(quantity);
  const gateway = createGateway({
    secretKey: stripe.secretKey,
    apiBase: stripe.url,
    webhookSecrets: [],
    now: () => now,
  });
  const made: TopUp[] = [];
  let begun = 0;
  const makeSome = async () => {
    while (begun < count) {
      begun += 1;
      const order = openTopUp(await orderBy(gateway, terms), now);
      made.push(await payAtTheBank(gateway, order, stripe.url));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, makeSome));
  for (let from = 0; from < made.length; from += STORED_AT_ONCE) {
    await db.write(made.slice(from, from + STORED_AT_ONCE).flatMap(statementsOf));
  }
  return made.map(({ id: topUpId, accountId, paymentIntentId }) => ({
    accountId,
    topUpId,
    paymentIntentId: paymentIntentId ?? "",
  }));
}

function termsOf(quantity: number): QuoteTerms {
  const priceList = must(parsePriceList(defaultPriceListData));
  const { country, taxBasisPoints } = demoSeller;
  const buyer = { country: aBilling.address.country, taxId: null };
  return must(quoteTerms({ quantity, priceList, tax: taxFor({ country, taxBasisPoints }, buyer) }));
}

async function orderBy(gateway: Gateway, terms: QuoteTerms): Promise<NewTopUp> {
  const id = mintId("topUp");
  const accountId = mintId("account");
  const customer = await gateway.createCustomer({ accountId, key: `cus-${accountId}` });
  if (customer.is !== "value") throw new Error(`No customer: ${JSON.stringify(customer)}`);
  const { livemode } = gateway;
  const customerId = customer.value.id;
  return { id, accountId, trigger: "manual", triggerKey: id, terms, customerId, livemode };
}

/** The row as it was when the customer was sent to their bank; there, the payment has succeeded since. */
async function payAtTheBank(gateway: Gateway, order: TopUp, stripeUrl: string): Promise<TopUp> {
  const draft = storedCall(order, "create", paymentParams(order));
  const created = moved(draft, await gateway.createPayment(lastCall(draft)));
  const params = confirmOnSessionParams({ paymentMethodId: CARD_THAT_ASKS, returnUrl: PUBLIC_URL });
  const charging = storedCall(created, "confirm", params);
  const paymentIntentId = charging.paymentIntentId ?? "";
  const call = { paymentIntentId, ...lastCall(charging) };
  const asked = moved(charging, await gateway.confirmPayment(call));
  if (asked.state !== "action_required") throw new Error(`The purchase is ${asked.state}.`);
  const approved = await fetch(`${stripeUrl}/_control/challenges/${paymentIntentId}`, {
    method: "POST",
    body: JSON.stringify({ answer: "approve" }),
  });
  if (!approved.ok) throw new Error(`The bank says: ${await approved.text()}`);
  await approved.body?.cancel();
  return asked;
}

function storedCall(topUp: TopUp, action: AttemptAction, params: string): TopUp {
  return must(advance(topUp, { type: "attempt_stored", action, params }, topUp.createdAt));
}

function lastCall({ attempts }: TopUp): { readonly params: string; readonly key: string } {
  const { params, key } = attempts.at(-1) as PaymentAttempt;
  return { params, key };
}

function moved(topUp: TopUp, answer: Answer): TopUp {
  const number = topUp.attempts.length;
  return must(advance(topUp, { type: "answered", number, answer }, topUp.createdAt));
}

function statementsOf(topUp: TopUp): Statement[] {
  const { id: topUpId, accountId, customerId, livemode, createdAt } = topUp;
  const { quantity } = topUp.quote;
  const ownerId = `user-${accountId}`;
  return [
    {
      sql: `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
        VALUES (?1, 'Ada', ?1 || '@example.test', 1, ?2, ?2)`,
      args: [ownerId, createdAt],
    },
    ...insertAccount({
      id: accountId,
      ownerId,
      name: "Ada",
      timeZone: "UTC",
      currency: "EUR",
      createdAt,
    }),
    putBilling(accountId, aBilling, createdAt),
    addCustomer({ accountId, livemode, customerId, createdAt }),
    ...putTopUps([
      {
        topUp,
        billing: aBilling,
        card: LABEL,
        receipt: null,
        settlement: "none",
        reversed: null,
        consentId: null,
      },
    ]),
    insertCheckout({
      id: mintId("checkout"),
      accountId,
      idempotencyKey: topUpId,
      openedQuantity: quantity,
      quantity,
      paymentMethodId: null,
      keepsCard: true,
      cardPageId: null,
      topUpId,
      status: "open",
      createdAt,
      endedAt: null,
      revision: 0,
    }),
  ];
}

function must<Value>(outcome: Outcome<Value, unknown>): Value {
  if (outcome.ok) return outcome.value;
  throw new Error(`Refused: ${JSON.stringify(outcome.refusal)}`);
}
