/**
 * A running world from where the money is looked after: what somebody does at the gateway's dashboard,
 * what an operator types here, and the books that must agree with both.
 */
import type { CheckoutView } from "@scanmeter/contracts/checkout";
import type { ScanView } from "@scanmeter/contracts/scans";
import { expect } from "vitest";
import { type Answer, accepted, mutate } from "../support/call.ts";
import { overviewOf } from "../support/customer.ts";
import { runOps } from "../support/product.ts";
import type { Buyer } from "./buyer.ts";
import type { World } from "./world.ts";

export interface Purchase {
  readonly topUpId: string;
  readonly checkoutId: string;
  readonly intentId: string;
  readonly totalMinor: number;
}

export interface OpenAlert {
  readonly key: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly text: string;
  readonly times: number;
}

/** A command of the operator with `--json`. */
export interface OpsAnswer<Result> {
  readonly exitCode: number | null;
  readonly ok: boolean;
  readonly said: string;
  /** Why not. */
  readonly code?: string;
  readonly result?: Result;
}

export interface Refunded {
  readonly refundId: string;
  readonly status: string;
  readonly credits: number;
  readonly amountMinor: number;
}

interface Listed<One> {
  readonly data: readonly One[];
}

/** A sweep comes every few seconds; the limit only says when to stop hoping on a busy machine. */
export const SOON = { timeout: 25_000, interval: 50 } as const;

export class BackOffice {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  // What customers do.

  /** Bought and paid. */
  async buys(buyer: Buyer, quantity = 10): Promise<Purchase> {
    const paid = await buyer.pays(quantity);
    expect(paid).toMatchObject({ status: "complete", lastError: null });
    return this.#purchase(buyer, paid);
  }

  /** Sent to the bank by "Pay", which has not answered yet. */
  async isAtTheBank(buyer: Buyer, quantity = 10): Promise<Purchase> {
    const asked = await buyer.pays(quantity);
    expect(asked.nextAction).toMatchObject({ type: "redirect" });
    return this.#purchase(buyer, asked);
  }

  /** The newest one, of this checkout. */
  async #purchase(buyer: Buyer, { id: checkoutId, quote }: CheckoutView): Promise<Purchase> {
    const { id: topUpId, intentId } = await buyer.topUp();
    return { topUpId, checkoutId, intentId: intentId ?? "", totalMinor: quote.totalMinor };
  }

  cancels({ customer }: Buyer, { checkoutId }: Purchase): Promise<Answer<CheckoutView>> {
    return mutate<CheckoutView>(customer.person, "checkout.cancel", { checkoutId });
  }

  startsScan({ customer }: Buyer): Promise<Answer<ScanView>> {
    const start = { targetId: customer.targetId, idempotencyKey: crypto.randomUUID() };
    return mutate<ScanView>(customer.runner, "runner.startScan", start);
  }

  /** Scans that end within their first hour cost a credit each. */
  async spends(buyer: Buyer, count: number): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      const { scanId } = await accepted(this.startsScan(buyer));
      const ended = { scanId, outcome: "completed" };
      await accepted(mutate(buyer.customer.runner, "runner.finishScan", ended));
    }
  }

  // What happens at the gateway.

  /** Money moves although nobody asks any more. */
  succeeds({ intentId }: Purchase): Promise<unknown> {
    return this.#world.stripe.control("POST", `/payment_intents/${intentId}/succeed`);
  }

  /** As somebody does it in the dashboard. */
  async refundsElsewhere({ intentId }: Purchase, amount: number): Promise<void> {
    const form = { payment_intent: intentId, amount: String(amount) };
    const made = await this.#world.stripe.api<{ object: string }>("/v1/refunds", form);
    expect(made).toMatchObject({ object: "refund" });
  }

  async endsRefund(refundId: string, status: "succeeded" | "failed"): Promise<void> {
    await this.#world.stripe.control("POST", `/refunds/${refundId}`, { status });
    await this.#world.quiet();
  }

  async disputes({ intentId }: Purchase, about: Readonly<Record<string, unknown>> = {}) {
    const body = { paymentIntent: intentId, ...about };
    const { id } = await this.#world.stripe.control<{ id: string }>("POST", "/disputes", body);
    await this.#world.quiet();
    return id;
  }

  async endsDispute(id: string, how: "won" | "lost" | "warning_closed" | "escalate") {
    await this.#world.stripe.control("POST", `/disputes/${id}/${how}`);
    await this.#world.quiet();
  }

  async refundsThere({ intentId }: Purchase) {
    const path = `/v1/refunds?payment_intent=${intentId}&limit=100`;
    type Refund = { id: string; amount: number; status: string };
    return (await this.#world.stripe.api<Listed<Refund>>(path)).data;
  }

  // What the operator does and sees.

  async ops<Result>(...args: readonly string[]): Promise<OpsAnswer<Result>> {
    const { dataDir } = this.#world.product;
    const { code, output, errors } = await runOps(dataDir, ...args, "--json");
    if (output === "") throw new Error(errors);
    return { exitCode: code, ...JSON.parse(output) };
  }

  refund({ topUpId }: Purchase, ...args: readonly string[]): Promise<OpsAnswer<Refunded>> {
    return this.ops("refund", "--top-up", topUpId, ...args);
  }

  /** What waits for a person, of one account or, without one, of nobody's. */
  async alerts(buyer: Buyer | null): Promise<OpenAlert[]> {
    const { alerts } = (await this.ops("alerts")) as unknown as { alerts: OpenAlert[] };
    return alerts.filter(({ accountId }) => accountId === (buyer?.accountId ?? null));
  }

  // What the books say.

  /** As it is stored. Asking the product would make it look at the payment again. */
  async standing({ topUpId }: Purchase) {
    const sql = "SELECT state, settlement FROM top_ups WHERE id = ?";
    const [row] = await this.#world.rows<{ state: string; settlement: string }>(sql, topUpId);
    return { state: row?.state, settlement: row?.settlement };
  }

  async balanceOf({ customer }: Buyer) {
    const { available, frozen, debt } = (await overviewOf(customer.person)).balance;
    return { available, frozen, debt };
  }

  async stands(buyer: Buyer, purchase: Purchase) {
    const { settlement } = await this.standing(purchase);
    return { ...(await this.balanceOf(buyer)), settlement };
  }

  /** What was booked for a purchase: what it granted each time, and what of it is taken back by now. */
  async booked({ topUpId }: Purchase) {
    const entries = await this.#world.rows<{ from: string; to: string; amount: number }>(
      `SELECT e.from_account AS "from", e.to_account AS "to", e.amount
        FROM entries e JOIN postings p ON p.id = e.posting_id WHERE p.top_up_id = ?`,
      topUpId,
    );
    const taken = entries.map(({ from, to, amount }) => {
      if (to === "refunds") return amount;
      return from === "refunds" ? -amount : 0;
    });
    return {
      granted: entries.filter(({ from }) => from === "purchases").map(({ amount }) => amount),
      removed: taken.reduce((sum, amount) => sum + amount, 0),
    };
  }

  /** Kind and total of each document about a purchase, in their order. */
  async documents({ topUpId }: Purchase): Promise<[string, number][]> {
    const rows = await this.#world.rows<{ kind: string; total: number }>(
      "SELECT kind, total_minor AS total FROM invoices WHERE top_up_id = ? ORDER BY number",
      topUpId,
    );
    return rows.map(({ kind, total }) => [kind, total]);
  }

  async kindsOfDocuments(purchase: Purchase): Promise<string[]> {
    return (await this.documents(purchase)).map(([kind]) => kind);
  }
}
