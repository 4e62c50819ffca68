/**
 * A running sandbox seen from where the money is: customers who buy, the local Stripe with its levers
 * and what it says it did, the operator's command line, and the books they must all agree with.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckoutView, PaymentMethodView } from "@scanmeter/contracts/checkout";
import type { ScanView } from "@scanmeter/contracts/scans";
import { openForReading } from "@scanmeter/db";
import { expect } from "vitest";
import { type Answer, accepted, mutate } from "./call.ts";
import { type Customer, overviewOf, signUpCustomer } from "./customer.ts";
import { type Launched, launch, stopLaunched } from "./launched.ts";
import { runOps } from "./product.ts";
import { endPrograms } from "./program.ts";

export interface Purchase {
  readonly checkoutId: string;
  readonly topUpId: string;
  readonly paymentIntentId: string;
  readonly totalMinor: number;
}

export interface OpenAlert {
  readonly key: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly text: string;
  readonly times: number;
}

export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
}

/** A command of the operator with `--json`. */
export interface OpsAnswer<Result = Readonly<Record<string, unknown>>> {
  readonly code: number | null;
  readonly ok: boolean;
  readonly said: string;
  readonly refusal: string | undefined;
  readonly result: Result;
}

interface Summary {
  readonly charges: Readonly<Record<string, number>>;
  readonly refunds: Readonly<Record<string, number>>;
  readonly paymentIntentsChargedTwice: readonly string[];
}

const STRIPE_KEY = "sk_test_standin_of_a_test";
/** The queue's sweep comes every few seconds, and what it finds may need one more. */
const SWEPT_WITHIN_MS = 20_000;

const billing = {
  name: "Ada Example",
  email: "ada@customers.test",
  address: { line1: "Hauptstraße 1", city: "Berlin", postalCode: "10115", country: "DE" },
};

export class Till {
  readonly #root: string;
  readonly #env: Readonly<Record<string, string>>;
  #sandbox: Launched | null = null;
  #names = 0;

  private constructor(root: string, env: Readonly<Record<string, string>>) {
    this.#root = root;
    this.#env = env;
  }

  static async open(env: Readonly<Record<string, string>> = {}): Promise<Till> {
    const till = new Till(mkdtempSync(join(tmpdir(), "till-")), env);
    await till.start();
    return till;
  }

  get sandbox(): Launched {
    if (this.#sandbox === null) throw new Error("The till is closed.");
    return this.#sandbox;
  }

  get dataDir(): string {
    return join(this.#root, "data");
  }

  async start(): Promise<void> {
    this.#sandbox = await launch({ DATA_DIR: this.dataDir, ...this.#env });
  }

  async close(): Promise<void> {
    await stopLaunched();
    await endPrograms();
    rmSync(this.#root, { recursive: true, force: true });
  }

  // What customers do.

  /** Signed up and billed, with this test card; each is somebody new. */
  async customer(card = "pm_card_visa"): Promise<Customer> {
    this.#names += 1;
    const customer = await signUpCustomer(this.sandbox.url, `customer-${this.#names}`);
    await accepted(mutate(customer.person, "account.saveBilling", billing));
    await this.addCard(customer, card);
    return customer;
  }

  addCard({ person }: Customer, card: string): Promise<PaymentMethodView> {
    return accepted(mutate<PaymentMethodView>(person, "sandbox.addTestCard", { card }));
  }

  order({ person }: Customer, quantity = 10): Promise<CheckoutView> {
    const idempotencyKey = crypto.randomUUID();
    return accepted(mutate<CheckoutView>(person, "checkout.open", { quantity, idempotencyKey }));
  }

  /** Presses "Pay" with what is on the button. */
  pay({ person }: Customer, { id, quote }: CheckoutView): Promise<Answer<CheckoutView>> {
    const command = { checkoutId: id, expectedTotalMinor: quote.totalMinor };
    return mutate<CheckoutView>(person, "checkout.finalize", command);
  }

  /** Presses "Pay", whatever comes of it. */
  async begin(customer: Customer, quantity = 10): Promise<Purchase> {
    const ordered = await this.order(customer, quantity);
    const { id: checkoutId, topUpId, quote } = await accepted(this.pay(customer, ordered));
    if (topUpId === null) throw new Error("Nothing was begun.");
    const [row] = await this.rows<{ id: string }>(
      "SELECT payment_intent_id AS id FROM top_ups WHERE id = ?",
      topUpId,
    );
    return { checkoutId, topUpId, paymentIntentId: row?.id ?? "", totalMinor: quote.totalMinor };
  }

  /** Bought and paid. */
  async buy(customer: Customer, quantity = 10): Promise<Purchase> {
    const purchase = await this.begin(customer, quantity);
    await this.becomes(purchase, "paid");
    return purchase;
  }

  /** As it is stored. Asking the product would make it look at the payment again. */
  async standing({ topUpId }: Pick<Purchase, "topUpId">) {
    const sql = "SELECT state, settlement FROM top_ups WHERE id = ?";
    const [row] = await this.rows<{ state: string; settlement: string }>(sql, topUpId);
    return { state: row?.state, settlement: row?.settlement };
  }

  async becomes(purchase: Pick<Purchase, "topUpId">, state: string): Promise<void> {
    await expect
      .poll(() => this.standing(purchase), { timeout: SWEPT_WITHIN_MS })
      .toMatchObject({ state });
  }

  startScan({ runner, targetId }: Customer): Promise<Answer<ScanView>> {
    const idempotencyKey = crypto.randomUUID();
    return mutate<ScanView>(runner, "runner.startScan", { targetId, idempotencyKey });
  }

  /** Scans that end within their first hour cost a credit each. */
  async spend(customer: Customer, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const { scanId } = await accepted(this.startScan(customer));
      const ended = { scanId, outcome: "completed" };
      await accepted(mutate(customer.runner, "runner.finishScan", ended));
    }
  }

  // What the local Stripe does and says.

  control<Answer = unknown>(path: string, body: object = {}): Promise<Answer> {
    return this.#stripe(`/_control${path}`, { method: "POST", body: JSON.stringify(body) });
  }

  look<Answer = unknown>(path: string): Promise<Answer> {
    return this.#stripe(`/_control${path}`, {});
  }

  async calm(): Promise<void> {
    await this.#stripe("/_control/faults", { method: "DELETE" });
    await this.#stripe("/_control/deliveries/rules", { method: "DELETE" });
  }

  read<Answer = unknown>(path: string): Promise<Answer> {
    return this.#stripe(`/v1/${path}`, {});
  }

  /** As somebody does it in the gateway's own dashboard. */
  dashboard<Answer = { readonly id: string }>(
    path: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    return this.#stripe(`/v1/${path}`, { method: "POST", body: new URLSearchParams(fields) });
  }

  async #stripe<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const headers = { authorization: `Bearer ${STRIPE_KEY}` };
    const response = await fetch(`${this.sandbox.stripeUrl}${path}`, { headers, ...init });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** Until everything the local Stripe had to tell was delivered and worked on. */
  async heard(): Promise<void> {
    await this.control("/idle");
    const waiting = () => this.rows("SELECT id FROM gateway_events WHERE next_attempt_at NOTNULL");
    await expect.poll(waiting, { timeout: SWEPT_WITHIN_MS }).toEqual([]);
  }

  async refundsOf({ paymentIntentId }: Purchase) {
    const path = `refunds?payment_intent=${paymentIntentId}&limit=100`;
    return (await this.read<{ data: { id: string; amount: number; status: string }[] }>(path)).data;
  }

  /** How often the customer was charged for a purchase, whatever came back later. */
  async chargesOf({ paymentIntentId }: Purchase): Promise<number> {
    const path = `charges?payment_intent=${paymentIntentId}&limit=100`;
    const { data } = await this.read<{ data: { status: string }[] }>(path);
    return data.filter(({ status }) => status === "succeeded").length;
  }

  summary(): Promise<Summary> {
    return this.look<Summary>("/summary");
  }

  /** Both clocks go on; what falls due is done by then or soon after. */
  async advance(by: Readonly<Record<string, number>>): Promise<void> {
    await accepted(mutate({ url: this.sandbox.url, headers: {} }, "sandbox.advance", { by }));
  }

  // What the operator and the books say.

  async ops<Result>(...args: readonly string[]): Promise<OpsAnswer<Result>> {
    const { code, output, errors } = await runOps(this.dataDir, ...args, "--json");
    if (output === "") throw new Error(errors);
    const { ok, said, code: refusal, result } = JSON.parse(output);
    return { code, ok, said, refusal, result };
  }

  refund<Result = { refundId: string; status: string; credits: number; amountMinor: number }>(
    { topUpId }: Purchase,
    ...args: readonly string[]
  ): Promise<OpsAnswer<Result>> {
    return this.ops<Result>("refund", "--top-up", topUpId, ...args);
  }

  /** What waits for a person, of one account or, without one, of nobody's. */
  async alerts(customer: Customer | null, ...kinds: readonly string[]): Promise<OpenAlert[]> {
    const { output } = await runOps(this.dataDir, "alerts", "--json");
    const { alerts } = JSON.parse(output) as { alerts: OpenAlert[] };
    return alerts.filter(
      ({ accountId, kind }) =>
        accountId === (customer?.accountId ?? null) && (kinds.length === 0 || kinds.includes(kind)),
    );
  }

  async stands(customer: Customer, purchase: Pick<Purchase, "topUpId">) {
    const { available, frozen, debt } = (await overviewOf(customer.person)).balance;
    return { available, frozen, debt, ...(await this.standing(purchase)) };
  }

  /** What was booked for a purchase: how often it granted, and what was taken back by now. */
  async booked({ topUpId }: Pick<Purchase, "topUpId">) {
    const [row] = await this.rows<{ grants: number; granted: number; removed: number }>(
      `SELECT sum(e.from_account = 'purchases') AS grants,
          sum(iif(e.from_account = 'purchases', e.amount, 0)) AS granted,
          sum(iif(e.to_account = 'refunds', e.amount, 0)
            - iif(e.from_account = 'refunds', e.amount, 0)) AS removed
        FROM entries e JOIN postings p ON p.id = e.posting_id WHERE p.top_up_id = ?`,
      topUpId,
    );
    return row;
  }

  /** Kinds and totals of a purchase's documents, in their order. */
  async documents({ topUpId }: Pick<Purchase, "topUpId">): Promise<[string, number][]> {
    const rows = await this.rows<{ kind: string; total: number }>(
      "SELECT kind, total_minor AS total FROM invoices WHERE top_up_id = ? ORDER BY number",
      topUpId,
    );
    return rows.map(({ kind, total }) => [kind, total]);
  }

  async mails(): Promise<Mail[]> {
    const headers = { accept: "application/json" };
    const response = await fetch(`${this.sandbox.url}/sandbox/mailbox`, { headers });
    return (await response.json()) as Mail[];
  }

  async rows<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    ...args: (string | number)[]
  ): Promise<Row[]> {
    const database = await openForReading({ url: `file:${join(this.dataDir, "scanmeter.db")}` });
    try {
      const { rows, columns } = await database.read({ sql, args });
      return rows.map(
        (row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])) as Row,
      );
    } finally {
      database.close();
    }
  }

  /** Nothing is owed to anybody, nobody was charged twice, and every invariant holds. */
  async addsUp(): Promise<void> {
    await this.heard();
    expect((await this.summary()).paymentIntentsChargedTwice).toEqual([]);
    const audit = await runOps(this.dataDir, "audit");
    expect(audit.code, audit.output + audit.errors).toBe(0);
  }
}
