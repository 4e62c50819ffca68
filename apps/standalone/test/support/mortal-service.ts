/**
 * The product on one port and one set of files, killed without warning as often as one likes and
 * started again. Clients ask it to be up, and are cut off in the middle of what they say.
 */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type PrivateRedis, startRedis } from "../../../../scripts/redis.mjs";
import type { Answer } from "./call.ts";
import type { Dice } from "./dice.ts";
import { launchProduct, type Product, type ProductOptions, startProduct } from "./product.ts";
import type { Ending } from "./program.ts";

/** Whether Redis dies as well, and when it is back. */
export type RedisFate = "lives" | "dies with it" | "dies before it" | "is back late";

const FAILURES_MAX = 20;

export class MortalService {
  readonly #dir: string;
  readonly #dice: Dice;
  /** Null while it is dead. */
  #redis: PrivateRedis | null = null;
  #redisAddress = { url: "", port: 0 };
  #up: Promise<Product>;
  /** Requests that ended without an answer. */
  cutOff = 0;
  /** Answers that were nobody's fault but the service's. */
  readonly failures: string[] = [];

  constructor(dir: string, dice: Dice) {
    this.#dir = dir;
    this.#dice = dice;
    this.#up = new Promise(() => {});
  }

  get dataDir(): string {
    return join(this.#dir, "data");
  }

  async start(): Promise<Product> {
    this.#redis = await startRedis({ dir: join(this.#dir, "redis") });
    this.#redisAddress = this.#redis;
    this.#up = startProduct(this.#options(0));
    return this.#up;
  }

  /** Settles when there is somebody to talk to. */
  up(): Promise<Product> {
    return this.#up;
  }

  /**
   * Ends the product, at the latest when it has been ready for so long, and starts it anew. The
   * killing is the test's own doing: it waits for nothing, so a delay is a moment chosen by dice.
   */
  async killAfter(
    moment: { readonly readyForMs: number } | { readonly startingForMs: number },
    fate: RedisFate,
  ): Promise<void> {
    const { program, port } = await this.#up;
    if ("readyForMs" in moment) await delay(moment.readyForMs);
    if (fate === "dies before it") {
      await this.#killRedis();
      await delay(this.#dice.between(0, 300));
    }
    let reopen: (next: Promise<Product>) => void = () => {};
    this.#up = new Promise((resolve) => {
      reopen = resolve;
    });
    await program.kill();
    if (fate === "dies with it" || fate === "is back late") await this.#killRedis();

    if ("startingForMs" in moment) {
      const stillborn = launchProduct(this.#options(port));
      await delay(moment.startingForMs);
      await stillborn.kill();
    }
    if (fate !== "is back late") await this.#reviveRedis();
    const next = startProduct(this.#options(port));
    reopen(next);
    await next;
    await this.#reviveRedis();
  }

  /** The end in order: nobody is cut off. */
  async stop(): Promise<Ending> {
    const { program } = await this.#up;
    const ending = await program.stop();
    await this.#redis?.stop();
    return ending;
  }

  async end(): Promise<void> {
    await this.#redis?.stop();
  }

  /** Says it again, with the same key and the same words, until there is an answer. */
  async answered<Data>(say: (product: Product) => Promise<Answer<Data>>): Promise<Answer<Data>> {
    for (let failures = 0; failures < FAILURES_MAX; ) {
      const product = await this.#up;
      const answer = await say(product).catch((error: Error) => {
        // Nobody who is dead takes that long to say so.
        if (error.name === "TimeoutError") throw error;
        return null;
      });
      if (answer !== null && answer.status < 500) return answer;
      if (answer === null) {
        this.cutOff += 1;
      } else {
        failures += 1;
        this.failures.push(JSON.stringify(answer));
      }
      // Dead without a word, or the answer was a failure: not at once again on the same line.
      await Promise.race([product.program.ended, delay(20)]);
    }
    throw new Error(`It fails for good: ${this.failures.at(-1)}`);
  }

  #options(port: number): ProductOptions {
    return { dataDir: this.dataDir, redisUrl: this.#redisAddress.url, port };
  }

  async #killRedis(): Promise<void> {
    if (this.#redis === null) return;
    process.kill(this.#redis.pid, "SIGKILL");
    await this.#redis.exited;
    this.#redis = null;
  }

  async #reviveRedis(): Promise<void> {
    const { port } = this.#redisAddress;
    this.#redis ??= await startRedis({ dir: join(this.#dir, "redis"), port });
  }
}
