/**
 * A payment gateway that has kept everything back and now delivers it all, each event ten times, in no
 * order, with forgeries in between: how fast it is answered, how soon everybody has their credits, and
 * whether each has them once. The same requests go to the least that can tell a forgery.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openOperations } from "@scanmeter/operations";
import type { PurchaseCounts } from "@scanmeter/operations/testing/count-purchases";
import { makeUnheardPayments } from "@scanmeter/operations/testing/unheard-payments";
import { buildIfStale } from "../scripts/build.mjs";
import { STAND_IN_KEY, startLocalStripe } from "../scripts/local-stripe.mjs";
import { percentile, type Row, report, timed } from "./harness.ts";
import type { Measured } from "./load/loops.ts";
import { openPrivateFolder } from "./private-folder.ts";
import { buildPrograms, startProgram } from "./processes.ts";
import type { ProductAnswers } from "./programs/product.ts";
import type { VerifiedHookAnswers } from "./programs/verified-hook.ts";
import type { WebhookLoadAnswers } from "./programs/webhook-load.ts";

/** Fewer for a quick look. */
const EVENTS = Number(process.env.EVENTS ?? 10_000);
const TIMES = 10;
const FORGED = EVENTS / 10;
const CREDITS = 10;
const CALLERS = 32;
const SEED = 20_261_122;
const LOOK_EVERY_MS = 250;
/** Without one more grant for this long, something is wrong. */
const PATIENCE_MS = 60_000;

const local = fileURLToPath(new URL("../packages/sandbox/dist/local-stripe.js", import.meta.url));

await buildIfStale(["local-stripe"]);
await buildPrograms(["product", "verified-hook", "webhook-load"]);
const folder = await openPrivateFolder();
const localStripe = await startLocalStripe({ program: local, dir: join(folder.path, "stripe") });
const product = startProgram<ProductAnswers>("product");
const hook = startProgram<VerifiedHookAnswers>("verified-hook");
const load = startProgram<WebhookLoadAnswers>("webhook-load");

try {
  const stripe = { url: localStripe.url, secretKey: STAND_IN_KEY };
  // The local Stripe knows of no endpoint, so that nobody delivers but us.
  const webhookSecret = `whsec_${randomBytes(24).toString("hex")}`;
  const [, preparing] = await timed(() => makePurchases(stripe));
  console.log(`${EVENTS} purchases were paid and not heard of in ${inSeconds(preparing)} s.`);
  const { port } = await product.ask("open", {
    folder: folder.path,
    redisUrl: folder.redisUrl,
    stripe: { ...stripe, webhookSecret },
  });
  const deliveries = { stripe, webhookSecret, times: TIMES, forged: FORGED, seed: SEED };
  const events = await load.ask("prepare", deliveries);
  if (events !== EVENTS) throw new Error(`The local Stripe has ${events} events.`);

  const floorPort = (await hook.ask("open", { webhookSecret })).port;
  const floor = await deliver(floorPort, hook);
  const startedAt = performance.now();
  const [accepted, grantedAfter] = await Promise.all([
    deliver(port, product),
    allGranted(startedAt),
  ]);
  const again = await load.ask("deliverAfterwards", { port, callers: CALLERS });
  await untilHandled();
  assertExact(await product.ask("purchases"), { accepted, again });

  const rows = [
    row("floor: a Hono route that verifies the signature", floor, floor),
    {
      ...row("the product, while it settles", accepted, floor),
      grants: EVENTS,
      duplicates: accepted.answered - FORGED + again.answered - EVENTS,
      "s until all granted": grantedAfter / 1_000,
    },
  ];
  report("webhooks", rows, { isKept: process.env.EVENTS === undefined });
} finally {
  await Promise.all([load, hook, product].map((one) => one.stop()));
  await localStripe.stop();
  await folder.remove();
}

async function makePurchases(stripe: { readonly url: string; readonly secretKey: string }) {
  const databaseUrl = `file:${join(folder.path, "scanmeter.db")}`;
  const operations = await openOperations({ databaseUrl, clock: "system" });
  await makeUnheardPayments(operations.database, { count: EVENTS, quantity: CREDITS, stripe });
  await operations.close();
}

type WithCpu = Measured & { readonly cpuMicros: number };

async function deliver(
  port: number,
  server: { ask(name: "cpuMicros"): Promise<number> },
): Promise<WithCpu> {
  const before = await server.ask("cpuMicros");
  const measured = await load.ask("deliver", { port, callers: CALLERS });
  return { ...measured, cpuMicros: (await server.ask("cpuMicros")) - before };
}

/** How long it took, to the next look. */
async function allGranted(startedAt: number): Promise<number> {
  let granted = 0;
  for (let lastNewsAt = performance.now(); ; ) {
    await wait(LOOK_EVERY_MS);
    const now = await product.ask("lots");
    if (now > granted) lastNewsAt = performance.now();
    granted = now;
    if (granted >= EVENTS) return performance.now() - startedAt;
    if (performance.now() - lastNewsAt > PATIENCE_MS) {
      throw new Error(`Only ${granted} of ${EVENTS} purchases have their credits.`);
    }
  }
}

async function untilHandled(): Promise<void> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
    const { events, handled } = await product.ask("purchases");
    if (events === handled) return;
    await wait(LOOK_EVERY_MS);
  }
}

/** Figures count only if everybody was granted once what they paid for, and no forgery left a trace. */
function assertExact(
  counts: PurchaseCounts,
  { accepted, again }: { readonly accepted: Measured; readonly again: Measured },
): void {
  const expected: PurchaseCounts = {
    purchases: EVENTS,
    paid: EVENTS,
    grants: EVENTS,
    granted: EVENTS,
    credits: EVENTS * CREDITS,
    balances: EVENTS * CREDITS,
    invoices: EVENTS,
    invoiced: EVENTS,
    mails: EVENTS,
    events: EVENTS,
    handled: EVENTS,
    forged: 0,
    alerts: 0,
  };
  const answered = accepted.answered + again.answered;
  const refused = JSON.stringify([accepted.refused, again.refused]);
  const isExact =
    JSON.stringify(counts) === JSON.stringify(expected) &&
    answered === EVENTS * TIMES + FORGED &&
    refused === JSON.stringify([{ 400: FORGED }, {}]);
  if (isExact) return;
  throw new Error(
    `It does not add up: ${answered} deliveries were answered, ${refused} refused, and there is ${JSON.stringify(counts)}.`,
  );
}

function row(what: string, measured: WithCpu, floor: WithCpu): Row {
  const perSecond = ({ answered, seconds }: Measured) => answered / seconds;
  return {
    what,
    "answers/s": Math.round(perSecond(measured)),
    "p50 ms": percentile(measured.latencies, 50),
    "p99 ms": percentile(measured.latencies, 99),
    "server CPU µs": Math.round(measured.cpuMicros / measured.answered),
    "forged, refused": measured.refused[400] ?? 0,
    "of floor": perSecond(measured) / perSecond(floor),
  };
}

function inSeconds(ms: number): number {
  return Math.round(ms / 1_000);
}
