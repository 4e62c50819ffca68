/** The product as one process, composed as the standalone app composes it, with a second door for the benchmark. */
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { demoSeller } from "@scanmeter/core/documents";
import { findService } from "@scanmeter/db";
import { createEdge, type Edge, type EdgeLimits, logOptions } from "@scanmeter/edge";
import { type Operations, openOperations, type PaymentOptions } from "@scanmeter/operations";
import { countPurchases } from "@scanmeter/operations/testing/count-purchases";
import { createWorker, type MeteringWorker } from "@scanmeter/worker";
import { pino } from "pino";
import { type Customer, makeCustomers, type Sums, sumUp } from "../customers.ts";
import { answerTo, cpuMicros, machineNow, restingMemory } from "../program.ts";

const AUTH_SECRET = "a secret that only this benchmark knows, long enough";

/** A commit as the write path told of it, which is just before its callers have their answers. */
export interface Commit {
  readonly accountId: string;
  readonly version: number;
  readonly at: number;
}

/** A local Stripe. There is no mail server: what is to be mailed waits, and how fast one is says nothing of us. */
export interface StripeToUse {
  readonly url: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
}

interface Product {
  readonly operations: Operations;
  readonly edge: Edge;
  readonly worker: MeteringWorker;
}

let product: Product | null = null;
let commits: Commit[] = [];

function open(): Product {
  if (product === null) throw new Error("The product is not open.");
  return product;
}

const answers = {
  async open(options: {
    readonly folder: string;
    readonly redisUrl: string;
    readonly limits?: Partial<EdgeLimits>;
    readonly stripe?: StripeToUse;
  }) {
    const { folder, redisUrl, limits = {}, stripe } = options;
    const log = pino({ ...logOptions, level: "info", base: null });
    const operations = await openOperations({
      databaseUrl: `file:${join(folder, "scanmeter.db")}`,
      clock: "system",
      payments: stripe === undefined ? null : paymentsAt(stripe),
    });
    const edge = createEdge({
      operations,
      redisUrl,
      publicUrl: null,
      authSecret: AUTH_SECRET,
      webDir: join(folder, "no-pages"),
      sandbox: null,
      log,
      mail: async () => {},
      ready: async () => ({
        database: (await findService(operations.database)) !== null,
        queue: worker.isReady(),
      }),
      limits,
    });
    const worker = createWorker({ operations, redisUrl, log, metrics: edge.metrics });
    operations.announceTo((announcements) => {
      const at = machineNow();
      for (const { accountId, version } of announcements) commits.push({ accountId, version, at });
      worker.announce(announcements);
    });
    operations.wakeThrough(worker.wake);
    await worker.start();
    const { url } = await edge.listen({ host: "127.0.0.1", port: 0 });
    product = { operations, edge, worker };
    return { url, port: Number(new URL(url).port) };
  },

  makeCustomers: ({ count }: { count: number }): Promise<Customer[]> =>
    makeCustomers(open().operations, { count, authSecret: AUTH_SECRET }),

  /** One runner's key for each account. */
  async makeRunnerKeys({ accountIds }: { accountIds: readonly string[] }): Promise<string[]> {
    const secrets: string[] = [];
    for (const accountId of accountIds) {
      const created = await open().operations.createRunnerKey({ accountId, name: "Bench" });
      if (!created.ok) throw new Error(created.refusal.code);
      secrets.push(created.value.secret);
    }
    return secrets;
  },

  async openScans(): Promise<{ accountId: string; scanId: string }[]> {
    const { rows } = await open().operations.database.read(
      "SELECT account_id, id FROM scans WHERE ended_at IS NULL ORDER BY id",
    );
    return rows.map((row) => ({ accountId: row[0] as string, scanId: row[1] as string }));
  },

  /** One running scan for each customer. */
  startScans: ({ customers }: { customers: readonly Customer[] }) =>
    Promise.all(customers.map((customer) => startScan(customer))),

  /**
   * Changes accounts at a steady pace, one after the other and round again: its scan is paused, or
   * resumed if it was. Neither changes how much there is to read or to send.
   */
  async change(options: {
    readonly scans: readonly { readonly accountId: string; readonly scanId: string }[];
    readonly perSecond: number;
    readonly changes: number;
  }): Promise<Commit[]> {
    const { scans, perSecond, changes } = options;
    const { operations } = open();
    commits = [];
    const startedAt = machineNow();
    const written: Promise<void>[] = [];
    while (written.length < changes) {
      const scan = scans[written.length % scans.length];
      const dueAt = startedAt + (written.length * 1_000) / perSecond;
      if (machineNow() < dueAt) await wait(1);
      else if (scan !== undefined) written.push(toggle(operations, scan));
    }
    await Promise.all(written);
    const made = commits;
    commits = [];
    return made;
  },

  /** The newest version of each account, in the order asked for. */
  async versions({ accountIds }: { accountIds: readonly string[] }): Promise<number[]> {
    const found = await open().operations.listVersions(accountIds);
    return accountIds.map((id) => found.get(id) ?? -1);
  },

  /** How late each second hour was recorded, in milliseconds after the instant it began. */
  async lateness(): Promise<number[]> {
    const { rows } = await open().operations.database.read(
      "SELECT recorded_at - booked_at FROM postings WHERE kind = 'debit' AND hour = 2",
    );
    return rows.map((row) => row[0] as number);
  },

  async metric({ name }: { name: string }): Promise<number> {
    const text = await open().edge.metrics.metrics();
    return Number(new RegExp(`^${name} (.+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  },

  sums: (): Promise<Sums> => sumUp(open().operations),
  /** How many lots there are, by the way that costs the least. */
  async lots(): Promise<number> {
    const { rows } = await open().operations.database.read("SELECT count(*) FROM lots");
    return Number(rows[0]?.[0]);
  },
  purchases: () => countPurchases(open().operations.database),
  cpuMicros,
  restingMemory,
};
export type ProductAnswers = typeof answers;

function paymentsAt({ url, secretKey, webhookSecret }: StripeToUse): PaymentOptions {
  return {
    secretKey,
    apiBase: url,
    webhookSecrets: [webhookSecret],
    seller: demoSeller,
    publicUrl: () => "http://scanmeter.test",
  };
}

async function startScan({ accountId, targetId }: Customer) {
  const started = await open().operations.startScan({
    accountId,
    targetId,
    runnerKeyId: null,
    idempotencyKey: `first-${accountId}`,
  });
  if (!started.ok) throw new Error(started.refusal.code);
  return { accountId, scanId: started.value.id as string };
}

const paused = new Set<string>();

async function toggle(
  operations: Operations,
  scan: { readonly accountId: string; readonly scanId: string },
): Promise<void> {
  const isPaused = paused.delete(scan.scanId);
  if (!isPaused) paused.add(scan.scanId);
  const command = { ...scan, by: "user" as const };
  const changed = isPaused
    ? await operations.resumeScan(command)
    : await operations.pauseScan(command);
  if (!changed.ok) throw new Error(changed.refusal.code);
}

answerTo(answers, async () => {
  if (product === null) return;
  await product.edge.drain();
  await product.worker.close();
  await product.operations.close();
});
