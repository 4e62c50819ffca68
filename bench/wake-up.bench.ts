/**
 * How late an hour is debited that nobody asked for: ten thousand scans of a thousand accounts begin
 * their second hour within one minute, beside as many delayed jobs of the bare queue library at the
 * same instants. Then the same with a Redis that loses everything in the middle.
 */
import { setTimeout as wait } from "node:timers/promises";
import { settings } from "@scanmeter/core";
import { Redis } from "ioredis";
import { makeDueScans } from "./due-scans.ts";
import { percentile, type Row, report } from "./harness.ts";
import { openPrivateFolder, type PrivateFolder } from "./private-folder.ts";
import { buildPrograms, startProgram } from "./processes.ts";
import type { BareDelaysAnswers } from "./programs/bare-delays.ts";
import type { ProductAnswers } from "./programs/product.ts";

const ACCOUNTS = 1_000;
const SCANS = 10_000;
const MINUTE = 60_000;
/** For making the scans, and for starting the processes that wake them. */
const LEAD_MS = 25_000;
/** What one sweep may take to do its work once it runs. */
const PROCESSING_MS = 2_000;
const PATIENCE_MS = 3 * settings.sweepEveryMs;

await buildPrograms(["product", "bare-delays"]);

const calm = await run({ withFloor: true, loseRedisAt: null });
const emptied = await run({ withFloor: false, loseRedisAt: MINUTE / 2 });

report("wake-up", [
  row("floor: bare delayed jobs", calm.floor, calm.floor),
  row("hours debited", calm.late, calm.floor),
  {
    ...row("hours debited, Redis emptied in the middle", emptied.late, calm.floor),
    limit: `max ≤ one sweep and its work, ${(settings.sweepEveryMs + PROCESSING_MS) / 1_000} s`,
  },
]);

interface Run {
  readonly late: readonly number[];
  readonly floor: readonly number[];
}

async function run(options: { withFloor: boolean; loseRedisAt: number | null }): Promise<Run> {
  const { withFloor, loseRedisAt } = options;
  const folder = await openPrivateFolder();
  const floorFolder = await openPrivateFolder();
  const product = startProgram<ProductAnswers>("product");
  const bare = startProgram<BareDelaysAnswers>("bare-delays");
  try {
    const firstAt = Date.now() + LEAD_MS;
    const spread = { firstAt, lastAt: firstAt + MINUTE };
    const dueAt = await makeDueScans(folder.path, { accounts: ACCOUNTS, scans: SCANS, ...spread });
    if (withFloor) await bare.ask("open", { redisUrl: floorFolder.redisUrl, dueAt });
    await product.ask("open", { folder: folder.path, redisUrl: folder.redisUrl });
    if (Date.now() > firstAt) throw new Error("Making the scans took longer than it may.");

    if (loseRedisAt !== null) {
      await wait(firstAt + loseRedisAt - Date.now());
      await empty(folder);
    }
    await wait(firstAt + MINUTE - Date.now());
    await untilAll(() => product.ask("lateness"));
    if (withFloor) await untilAll(() => bare.ask("lateness"));
    return { late: await product.ask("lateness"), floor: await bare.ask("lateness") };
  } finally {
    await Promise.all([product.stop(), bare.stop()]);
    await Promise.all([folder.remove(), floorFolder.remove()]);
  }
}

async function empty({ redisUrl }: PrivateFolder): Promise<void> {
  const redis = new Redis(redisUrl);
  await redis.flushall();
  redis.disconnect();
}

async function untilAll(lateness: () => Promise<readonly number[]>): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const done = (await lateness()).length;
    if (done >= SCANS) return;
    if (performance.now() > until) throw new Error(`Only ${done} of ${SCANS} were done.`);
    await wait(250);
  }
}

function row(what: string, late: readonly number[], floor: readonly number[]): Row {
  return {
    what,
    count: late.length,
    "p50 ms late": percentile(late, 50),
    "p99 ms late": percentile(late, 99),
    "max ms late": percentile(late, 100),
    "p99 of floor": percentile(late, 99) / percentile(floor, 99),
  };
}
