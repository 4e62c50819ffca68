/** A small shop for tests of buying: the real operations and database, and a local Stripe of its own. */
import { type Instant, instant } from "@scanmeter/core";
import { demoSeller } from "@scanmeter/core/documents";
import type { BillingDetails } from "@scanmeter/core/purchase";
import { type AccountDetails, findTopUp } from "@scanmeter/db";
import { openTempDatabase, skipFlushing, type TempDatabase } from "@scanmeter/db/testing";
import { type OpenOptions, type Operations, openOperations } from "../open.ts";
import type { Buying } from "../payments/buying.ts";
import { type LocalStripe, startLocalStripe } from "./local-stripe.ts";

export const PUBLIC_URL = "http://scanmeter.test";

export const aBilling: BillingDetails = {
  name: "Ada Example",
  company: null,
  email: "ada@example.test",
  address: {
    line1: "1 Sample Street",
    line2: null,
    city: "Lisbon",
    postalCode: "1000-001",
    state: null,
    country: "PT",
  },
  taxId: null,
};

export interface Shop {
  readonly operations: Operations;
  readonly buying: Buying;
  readonly stripe: LocalStripe;
  /** Delivers what the local Stripe sent so far, in the order given; all of it by default. */
  deliver(order?: (count: number) => number[]): Promise<number>;
  account(name: string): Promise<AccountDetails>;
  /** An account with billing details and a card, and a checkout that is ready to be paid. */
  readyToPay(
    name: string,
    order: { readonly quantity: number; readonly card?: string },
  ): Promise<ReadyCheckout>;
  state(topUpId: string): Promise<string | null>;
  available(accountId: string): Promise<number>;
  succeededPayments(): Promise<number>;
  close(): Promise<void>;
}

export interface ReadyCheckout {
  readonly account: AccountDetails;
  readonly checkoutId: string;
  readonly totalMinor: number;
}

/** The local Stripe keeps a clock of its own; whoever moves this one moves that one too. */
export async function openShop(options: Pick<Partial<OpenOptions>, "clock"> = {}): Promise<Shop> {
  const stripe = await startLocalStripe();
  const temp = await openTempDatabase();
  temp.database.close();
  const operations = await openOperations({
    databaseUrl: temp.url,
    clock: options.clock ?? "system",
    payments: {
      secretKey: stripe.secretKey,
      apiBase: stripe.url,
      webhookSecrets: [stripe.webhookSecret],
      seller: demoSeller,
      publicUrl: () => PUBLIC_URL,
    },
  });
  await skipFlushing(operations.database);
  return shopOver(operations, stripe, temp);
}

function shopOver(operations: Operations, stripe: LocalStripe, temp: TempDatabase): Shop {
  const { buying } = operations;
  if (buying === null) throw new Error("A shop sells.");
  let delivered = 0;

  const account = async (name: string) => {
    const userId = `user-${name}`;
    const at = operations.clock.now();
    await operations.database.write([
      {
        sql: `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
          VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING`,
        args: [userId, name, `${name}@example.test`, at, at],
      },
    ]);
    return (await operations.openAccount({ userId, name })).account;
  };

  return {
    operations,
    buying,
    stripe,
    account,
    async deliver(order = (count) => Array.from({ length: count }, (_, at) => at)) {
      await stripe.control("/idle");
      const news = stripe.deliveries.slice(delivered);
      delivered = stripe.deliveries.length;
      for (const at of order(news.length)) {
        const { body, signature } = news[at] ?? { body: "", signature: null };
        const event = buying.verifyEvent(body, signature);
        if (event === null) throw new Error("The local Stripe signs what it sends.");
        await buying.receiveEvent(event);
        await buying.handleEvent(event.id);
      }
      return news.length;
    },
    async readyToPay(name, { quantity, card = "pm_card_visa" }) {
      const owner = await account(name);
      await buying.saveBilling({ accountId: owner.id, billing: aBilling });
      const saved = await buying.addTestCard({ accountId: owner.id, card });
      if (!saved.ok) throw new Error(`The card was not saved: ${saved.refusal.code}`);
      const idempotencyKey = `order-${saved.value.id}`;
      const opened = await buying.openCheckout({ account: owner, quantity, idempotencyKey });
      if (!opened.ok) throw new Error(`No checkout: ${opened.refusal.code}`);
      const { checkout, priced } = opened.value;
      return { account: owner, checkoutId: checkout.id, totalMinor: priced.quote.totalMinor };
    },
    state: async (topUpId) => (await findTopUp(operations.database, topUpId))?.topUp.state ?? null,
    available: async (accountId) =>
      (await operations.balanceAt(accountId, laterThan(operations.clock.now()))).available,
    async succeededPayments() {
      const summary = await stripe.look<{ paymentIntents: Record<string, number> }>("/summary");
      return summary.paymentIntents.succeeded ?? 0;
    },
    async close() {
      await operations.close();
      await stripe.close();
      await temp.close().catch(() => {});
    },
  };
}

const laterThan = (at: Instant) => instant(at + 1_000);
