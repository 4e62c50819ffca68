/**
 * Single statements of many callers, stored together. Hundreds of events may arrive in the same
 * moment, and a commit for each would have the disk waited for hundreds of times. Nothing waits for
 * company: what arrives while the last commit is on its way to the disk shares the next.
 */
import { type Database, DatabaseUnavailable, failureOf, type Statement } from "@scanmeter/db";

type Result = Awaited<ReturnType<Database["write"]>>[number];

interface Waiting {
  readonly statement: Statement;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const GROUP_MAX = 256;

export class SharedCommits {
  readonly #db: Pick<Database, "write">;
  readonly #queue: Waiting[] = [];
  #isDraining = false;

  constructor(db: Pick<Database, "write">) {
    this.#db = db;
  }

  /** Resolves once it is stored, durably, with what this statement did. */
  write(statement: Statement): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ statement, resolve, reject });
      if (!this.#isDraining) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    do {
      // What has arrived in this turn of the event loop is still being read.
      await new Promise(setImmediate);
      await this.#commit(this.#queue.splice(0, GROUP_MAX));
    } while (this.#queue.length > 0);
    this.#isDraining = false;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#db.write(group.map(({ statement }) => statement));
      for (const [at, one] of group.entries()) one.resolve(results[at] as Result);
    } catch (error) {
      const isEverybodys = group.length === 1 || failureOf(error) instanceof DatabaseUnavailable;
      if (isEverybodys) for (const one of group) one.reject(error);
      // One of them broke something: alone, each succeeds or fails for its own reason.
      else for (const one of group) await this.#commit([one]);
    }
  }
}
