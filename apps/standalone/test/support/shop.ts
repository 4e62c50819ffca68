/** A sandbox in which credits are sold, with a browser beside it: the product as its customers meet it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { accepted, query } from "./call.ts";
import { type Launched, launch, stopLaunched } from "./launched.ts";
import { buildProduct } from "./product.ts";
import { endPrograms } from "./program.ts";

export class Shop {
  readonly #dir: string;
  readonly #launched: Launched;
  readonly browser: Browser;

  static async open(name: string): Promise<Shop> {
    await buildProduct("web", "standalone", "runner", "local-stripe");
    const dir = mkdtempSync(join(tmpdir(), `${name}-`));
    const launched = await launch({ DATA_DIR: join(dir, "data"), SANDBOX_SEED: "demo" });
    return new Shop(dir, launched, await openBrowser());
  }

  private constructor(dir: string, launched: Launched, browser: Browser) {
    this.#dir = dir;
    this.#launched = launched;
    this.browser = browser;
  }

  get url(): string {
    return this.#launched.url;
  }

  get dataDir(): string {
    return join(this.#dir, "data");
  }

  async now(): Promise<number> {
    const clock = query<{ now: string }>({ url: this.url, headers: {} }, "sandbox.clock");
    return Date.parse((await accepted(clock)).now);
  }

  /** As the payment provider has it. */
  async paymentsChargedTwice(): Promise<readonly string[]> {
    const response = await fetch(`${this.#launched.stripeUrl}/_control/summary`);
    const summary = (await response.json()) as { paymentIntentsChargedTwice: string[] };
    return summary.paymentIntentsChargedTwice;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await stopLaunched();
    await endPrograms();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
