/**
 * How soon somebody who paid sees their credits, in a real browser over the product as `npm start`
 * runs it: from the way back from their bank, or from the press of Pay where no bank asks, to the new
 * balance on Account Overview. Beside it the same page, opened with a balance that is already there.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { openBrowser } from "../apps/standalone/test/support/browser.ts";
import { launch, stopLaunched } from "../apps/standalone/test/support/launched.ts";
import { buildIfStale } from "../scripts/build.mjs";
import { percentile, type Row, report } from "./harness.ts";
import { Shopper } from "./shopper.ts";

/** Fewer for a quick look. */
const RUNS = Number(process.env.RUNS ?? 20);
const LIMIT_MS = 1_000;
const WORKS = "pm_card_visa";
const ASKS_THE_BANK = "pm_card_authenticationRequired";

await buildIfStale(["web", "standalone", "local-stripe"]);
const dir = mkdtempSync(join(tmpdir(), "scanmeter-bench-"));
process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
// Whatever ends the benchmark ends what it started.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void stopLaunched().finally(() => process.exit(1)));
}
let browser: Browser | null = null;

try {
  const product = await launch({ DATA_DIR: dir });
  browser = await openBrowser();
  const asked = await Shopper.begin(browser, product.url, ASKS_THE_BANK);
  const back = await repeat(() => asked.payAtTheBank());
  const plain = await repeat(() => asked.openOverview());
  await asked.end();
  const unasked = await Shopper.begin(browser, product.url, WORKS);
  const pressed = await repeat(() => unasked.pay());
  await unasked.end();

  const rows = [
    row("floor: Account Overview with a balance that is there", plain, plain),
    {
      ...row("back from the bank, to the new balance", back, plain),
      limit: `max ≤ ${LIMIT_MS} ms`,
    },
    row("Pay pressed, no bank asks, to the new balance", pressed, plain),
  ];
  report("settle", rows, { isKept: process.env.RUNS === undefined });
} finally {
  await browser?.close();
  await stopLaunched();
}

/** The first is for the caches, of the browser and of the product. */
async function repeat(measure: () => Promise<number>): Promise<number[]> {
  await measure();
  const samples: number[] = [];
  for (let run = 0; run < RUNS; run++) samples.push(await measure());
  return samples;
}

function row(what: string, samples: readonly number[], floor: readonly number[]): Row {
  return {
    what,
    count: samples.length,
    "p50 ms": percentile(samples, 50),
    "max ms": percentile(samples, 100),
    "p50 of floor": percentile(samples, 50) / percentile(floor, 50),
  };
}
