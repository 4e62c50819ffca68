/**
 * Product, local Stripe and Redis as processes of their own, connected by HTTP as they are in a
 * sandbox. The product may be killed and started again on the same data; the others live on, as the
 * payment gateway does.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openForReading } from "@scanmeter/db";
import { audit } from "@scanmeter/operations";
import { expect } from "vitest";
import { STAND_IN_KEY, startLocalStripe } from "../../../../scripts/local-stripe.mjs";
import { type PrivateRedis, startRedis } from "../../../../scripts/redis.mjs";
import { accepted, mutate, query } from "../support/call.ts";
import { buildProduct, type Product, runOps, startProduct } from "../support/product.ts";
import { Buyer } from "./buyer.ts";
import { type Outcome, outcomeFor } from "./outcome.ts";
import { turnBackClock } from "./sabotage.ts";
import { StripeSide } from "./stripe-side.ts";

const stripeProgram = fileURLToPath(
  new URL("../../../../packages/sandbox/dist/local-stripe.js", import.meta.url),
);

export interface Span {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

interface Mail {
  readonly id: string;
  readonly to: unknown;
  readonly subject: string;
}

/** What must come true; the limit only says when to stop hoping on a busy machine. */
const eventually = { timeout: 25_000, interval: 50 };

export class World {
  readonly #dir: string;
  readonly #env: Environment;
  readonly stripe: StripeSide;
  #redis: PrivateRedis;
  product: Product;
  #buyers = 0;
  readonly #ended = new Map<Buyer, Outcome>();

  /** @param env what the product is told beside where everything is */
  static async begin(env: Environment = {}): Promise<World> {
    await buildProduct("standalone", "local-stripe");
    const dir = mkdtempSync(join(tmpdir(), "payments-"));
    const redis = await startRedis({ dir: join(dir, "redis") });
    const local = await startLocalStripe({ program: stripeProgram, dir: join(dir, "stripe") });
    const stripe = new StripeSide(local);
    const product = await startBeside({ dir, stripe, redis, env });
    return new World({ dir, stripe, redis, env }, product);
  }

  private constructor({ dir, stripe, redis, env }: Surroundings, product: Product) {
    this.#dir = dir;
    this.#env = env;
    this.stripe = stripe;
    this.#redis = redis;
    this.product = product;
  }

  /** Somebody with an account of their own, a saved card, unless it is null, and billing details. */
  async buyer(card: string | null = "pm_card_visa"): Promise<Buyer> {
    this.#buyers += 1;
    return Buyer.signUp(this, `buyer-${this.#buyers}`, card);
  }

  /** As abrupt as a power cut. */
  async kill(): Promise<void> {
    await this.product.program.kill();
  }

  /** Redis dies with everything it knew, and another one, empty, takes its place. */
  async loseRedis(): Promise<void> {
    const { pid, port, exited } = this.#redis;
    process.kill(pid, "SIGKILL");
    await exited;
    rmSync(join(this.#dir, "redis"), { recursive: true, force: true });
    this.#redis = await startRedis({ dir: join(this.#dir, "redis"), port });
  }

  /** Where it was, on the data that are there; perhaps told something else. */
  async restart(env: Environment = {}): Promise<void> {
    const { port } = this.product;
    this.product = await startBeside({
      dir: this.#dir,
      stripe: this.stripe,
      redis: this.#redis,
      env: { ...this.#env, ...env },
      port,
    });
  }

  /** Killed, and started again so much later: what came due meanwhile came due for nobody. */
  async isAwayFor(ms: number): Promise<void> {
    await this.kill();
    await turnBackClock(this, ms);
    await this.restart();
  }

  /** Time passes for product and gateway alike, and what is due on the way is done. */
  async advance(by: Span): Promise<void> {
    await accepted(mutate(this.#anybody, "sandbox.advance", { by }));
  }

  async advanceTo(at: number): Promise<void> {
    const to = new Date(at).toISOString();
    await accepted(mutate(this.#anybody, "sandbox.advance", { to }));
  }

  async now(): Promise<number> {
    const { now } = await accepted(query<{ now: string }>(this.#anybody, "sandbox.clock"));
    return Date.parse(now);
  }

  get #anybody() {
    return { url: this.product.url, headers: {} };
  }

  get redisUrl(): string {
    return this.#redis.url;
  }

  /** Everything the product and its Redis keep, and nothing of the gateway's. */
  get keptIn(): readonly string[] {
    return [this.product.dataDir, join(this.#dir, "redis")];
  }

  get databasePath(): string {
    return join(this.product.dataDir, "scanmeter.db");
  }

  /** The product's own rows, beside the running product and unable to write. */
  async rows<Row>(sql: string, ...args: readonly (string | number)[]): Promise<Row[]> {
    const database = await openForReading({ url: `file:${this.databasePath}` });
    try {
      const { columns, rows } = await database.read({ sql, args: [...args] });
      const record = (row: (typeof rows)[number]) =>
        Object.fromEntries(columns.map((column, at) => [column, row[at]]));
      return rows.map((row) => record(row) as Row);
    } finally {
      database.close();
    }
  }

  /** What arrived in the sandbox's mailbox for them. */
  async mailsTo({ email }: Buyer): Promise<Mail[]> {
    const headers = { accept: "application/json" };
    const response = await fetch(`${this.product.url}/sandbox/mailbox`, { headers });
    const mails = (await response.json()) as Mail[];
    return mails.filter(({ to }) => JSON.stringify(to).includes(email));
  }

  /** Every invariant holds, and nobody was charged twice. */
  async addsUp(): Promise<void> {
    const summary = await this.stripe.control("GET", "/summary");
    expect(summary).toMatchObject({ paymentIntentsChargedTwice: [] });
    const database = await openForReading({ url: `file:${this.databasePath}` });
    try {
      for await (const { id, title, broken } of audit(database))
        expect(broken, `${id} ${title}`).toBeNull();
    } finally {
      database.close();
    }
  }

  /** The kinds of what a person was told about them and has not resolved. */
  async alertsFor({ accountId }: Buyer): Promise<string[]> {
    const found = await this.rows<{ kind: string }>(
      "SELECT kind FROM alerts WHERE account_id = ? AND resolved_at IS NULL ORDER BY key",
      accountId,
    );
    return found.map(({ kind }) => kind);
  }

  /** Everything that was told has arrived and has been looked at. */
  async quiet(): Promise<void> {
    await this.stripe.isIdle();
    const unread = async () =>
      (await this.rows("SELECT id FROM gateway_events WHERE state = 'received'")).length;
    await expect.poll(unread, eventually).toBe(0);
  }

  /** This is what comes of it, stays so when all is quiet, and is looked at once more at the end. */
  async ends(buyer: Buyer, outcome: Outcome): Promise<void> {
    await this.comes(buyer, outcome);
    await this.quiet();
    expect(await outcomeFor(this, buyer)).toEqual(outcome);
    this.#ended.set(buyer, outcome);
  }

  /** The same for what is only so for now. */
  async comes(buyer: Buyer, outcome: Outcome): Promise<void> {
    await expect.poll(() => outcomeFor(this, buyer), eventually).toEqual(outcome);
  }

  /** After days of comparing with the gateway everything is as it ended, and every invariant holds. */
  async stillHolds(): Promise<void> {
    await this.advance({ hours: 50 });
    await this.quiet();
    for (const [buyer, outcome] of this.#ended)
      expect(await outcomeFor(this, buyer), buyer.name).toEqual(outcome);
    const summary = await this.stripe.control("GET", "/summary");
    expect(summary).toMatchObject({ paymentIntentsChargedTwice: [] });
    const { code, output, errors } = await runOps(this.product.dataDir, "audit");
    expect(code, output + errors).toBe(0);
  }

  async end(): Promise<void> {
    await this.product.program.kill();
    await this.stripe.stop();
    await this.#redis.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

type Environment = Readonly<Record<string, string>>;

interface Surroundings {
  readonly dir: string;
  readonly stripe: StripeSide;
  readonly redis: PrivateRedis;
  readonly env: Environment;
  readonly port?: number;
}

function startBeside({ dir, stripe, redis, env, port = 0 }: Surroundings): Promise<Product> {
  const payments = {
    STRIPE_SECRET_KEY: STAND_IN_KEY,
    STRIPE_API_BASE: stripe.url,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
  };
  const dataDir = join(dir, "data");
  return startProduct({ dataDir, redisUrl: redis.url, port, env: { ...payments, ...env } });
}
