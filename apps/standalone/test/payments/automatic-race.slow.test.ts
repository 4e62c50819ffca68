/**
 * Case 34: fifty scans find no credit at the same instant, and four workers, each a process of its own
 * over one database server, see it at once: the hours and what follows from them, or, when the hours
 * are booked already, only that. Whoever is first buys, and nobody else does.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, credits, type Instant, instant, type Outcome, type Refusal } from "@scanmeter/core";
import { demoSeller } from "@scanmeter/core/documents";
import { listTopUps } from "@scanmeter/db";
import { hasSqld, type Sqld, startSqld } from "@scanmeter/db/testing";
import { audit, type Buying, type Operations, openOperations } from "@scanmeter/operations";
import { afterAll, beforeAll, expect, test } from "vitest";
import { STAND_IN_KEY, startLocalStripe } from "../../../../scripts/local-stripe.mjs";
import { type PrivateRedis, startRedis } from "../../../../scripts/redis.mjs";
import { buildProduct } from "../support/product.ts";
import { fileClock, setFileClock, startFleet, type WorkerFleet } from "../support/worker-fleet.ts";
import { SOON } from "./back-office.ts";
import { StripeSide } from "./stripe-side.ts";

const ROUNDS = Number(process.env.ROUNDS ?? 20);
const WORKERS = 4;
const SCANS = 50;
/** What is left when all of them come due. */
const LEFT = 10;
/** Shorter than the silence after which a runner is lost. */
const BEAT_MS = 4 * 60_000;
const HOUR_MS = 3_600_000;
const stripeProgram = fileURLToPath(
  new URL("../../../../packages/sandbox/dist/local-stripe.js", import.meta.url),
);

let dir: string;
let sqld: Sqld;
let redis: PrivateRedis;
let stripe: StripeSide;
let operations: Operations;
let fleet: WorkerFleet;
let clockFile: string;

beforeAll(async () => {
  if (!hasSqld) return;
  await buildProduct("local-stripe");
  dir = mkdtempSync(join(tmpdir(), "race-"));
  clockFile = join(dir, "clock");
  // Later than the gateway's clock at its start, which never runs back.
  setFileClock(clockFile, instant(Date.now() + 60_000));
  sqld = await startSqld();
  redis = await startRedis({ dir: join(dir, "redis") });
  stripe = new StripeSide(
    await startLocalStripe({ program: stripeProgram, dir: join(dir, "stripe") }),
  );
  const { url, webhookSecret } = stripe;
  const place = { url, secretKey: STAND_IN_KEY, webhookSecret };
  operations = await openOperations({
    databaseUrl: sqld.url,
    clock: fileClock(clockFile),
    payments: {
      secretKey: STAND_IN_KEY,
      apiBase: url,
      webhookSecrets: [webhookSecret],
      seller: demoSeller,
      publicUrl: () => "http://scanmeter.test",
    },
  });
  fleet = await startFleet(WORKERS, {
    databaseUrl: sqld.url,
    redisUrl: redis.url,
    stripe: place,
    clockFile,
  });
  await stripe.control("POST", "/receiver", { url: fleet.webhookUrls[0], secret: webhookSecret });
});
afterAll(async () => {
  await fleet?.end();
  await operations?.close();
  await stripe?.stop();
  await redis?.stop();
  await sqld?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function got<Value>(outcome: Outcome<Value, Refusal>): Value {
  if (!outcome.ok) throw new Error(`It was refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.value;
}

async function moveClock(at: Instant): Promise<void> {
  setFileClock(clockFile, at);
  await stripe.control("POST", "/clock", { to: at });
}

/** An account whose scans are all due at the same instant, with too few credits left for them. */
async function aRound(round: number, quantity: number) {
  const { database, clock } = operations;
  const buying = operations.buying as Buying;
  const userId = `user-${round}`;
  const at = clock.now();
  await database.write([
    {
      sql: `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
        VALUES (?1, ?1, ?1 || '@customers.test', 1, ?2, ?2)`,
      args: [userId, at],
    },
  ]);
  const { account } = await operations.openAccount({ userId, name: userId });
  const accountId = account.id;
  got(await buying.addTestCard({ accountId, card: "pm_card_visa" }));
  got(
    await operations.grantCredits({
      accountId,
      credits: credits(SCANS + LEFT),
      kind: "paid",
      source: "test",
      key: "first",
    }),
  );
  const save = async (enabled: boolean) => {
    const { settings } = await buying.getAutoTopUp(account);
    const triggers = { outOfCredits: true, beforeExpiry: false };
    const { revision } = settings;
    const request = { enabled, quantity, triggers, surface: "overview" as const, revision };
    got(await buying.saveAutoTopUp({ account, userId, ip: null, request }));
  };
  await save(true);
  const target = got(
    await operations.createTarget({
      accountId,
      url: `https://${userId}.test/`,
      name: userId,
      mode: "credits",
    }),
  );
  const scans = await Promise.all(
    Array.from({ length: SCANS }, async (_, n) => {
      const idempotencyKey = `${userId}-${n}`;
      const start = { accountId, targetId: target.id, idempotencyKey, runnerKeyId: null };
      return got(await operations.startScan(start)).id;
    }),
  );
  for (let beat = BEAT_MS; beat < HOUR_MS; beat += BEAT_MS) {
    await moveClock(after(at, beat));
    await Promise.all(scans.map((scanId) => operations.heartbeat({ accountId, scanId })));
  }

  return {
    accountId,
    comesDue: () => moveClock(after(at, HOUR_MS)),
    bookHours: () => operations.catchUp(accountId),
    /** What became of it: money there, credits and scans here. */
    async outcome() {
      const topUps = await listTopUps(database, { accountId, beforeId: null, limit: 10 });
      const [customer] = (
        await database.read({
          sql: "SELECT customer_id FROM gateway_customers WHERE account_id = ?",
          args: [accountId],
        })
      ).rows;
      const customerId = String(customer?.[0]);
      const { rows } = await database.read({
        sql: `SELECT balance, (SELECT count(*) FROM scans WHERE account_id = a.id AND state = 'running')
          FROM accounts a WHERE a.id = ?`,
        args: [accountId],
      });
      return {
        topUps: topUps.map(({ topUp }) => topUp.state),
        intents: (await stripe.intentsOf(customerId)).map(({ status }) => status),
        charges: await stripe.succeededChargesOf(customerId),
        available: rows[0]?.[0],
        running: rows[0]?.[1],
      };
    },
    async ends() {
      await save(false);
      const outcome = "completed" as const;
      await Promise.all(
        scans.map((scanId) => operations.finishScan({ accountId, scanId, outcome })),
      );
    },
  };
}

test.runIf(hasSqld)(
  `case 34: ${SCANS} scans that run out at the same instant under ${WORKERS} workers are one purchase, and all that can be paid go on: ${ROUNDS} rounds`,
  async () => {
    const tookMs: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      // Enough for all of them, or for some: then a cap, not the episode, holds the next purchase back.
      const quantity = round % 4 < 2 ? 25 : 100;
      const { accountId, comesDue, bookHours, outcome, ends } = await aRound(round, quantity);
      await comesDue();
      if (round % 2 === 0) await bookHours();
      const startedAt = performance.now();
      const raced = fleet.race(accountId);
      const running = Math.min(SCANS, LEFT + quantity);
      const expected = {
        topUps: ["paid"],
        intents: ["succeeded"],
        charges: 1,
        running,
        available: LEFT + quantity - running,
      };
      await expect.poll(outcome, SOON).toEqual(expected);
      tookMs.push(Math.round(performance.now() - startedAt));
      await raced;
      await stripe.isIdle();
      await fleet.race(accountId);
      expect(await outcome(), `round ${round}`).toEqual(expected);
      await ends();
    }
    console.log(
      `${ROUNDS} rounds of ${SCANS} scans and ${WORKERS} workers: one purchase each, settled and all scans on after ${tookMs.join(", ")} ms`,
    );
    const summary = await stripe.control("GET", "/summary");
    expect(summary).toMatchObject({
      paymentIntentsChargedTwice: [],
      paymentIntents: { succeeded: ROUNDS },
    });
    for await (const { id, title, broken } of audit(operations.database))
      expect(broken, `${id} ${title}`).toBeNull();
  },
  60_000 + ROUNDS * 10_000,
);
