/** Several workers over one database server, one Redis and one local Stripe, each a process of its own. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Instant, instant } from "@scanmeter/core";
import type { Clock } from "@scanmeter/operations";

export interface FleetPlace {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly stripe: {
    readonly url: string;
    readonly secretKey: string;
    readonly webhookSecret: string;
  };
  readonly clockFile: string;
}

export interface WorkerFleet {
  /** Where each of them takes webhooks. */
  readonly webhookUrls: readonly string[];
  /** All look at an account and sweep what is due at the same moment; settles when all have. */
  race(accountId: string): Promise<void>;
  end(): Promise<void>;
}

/** Stands still until the file says otherwise, then for everybody at once. */
export function fileClock(path: string): Clock {
  return { now: () => instant(Number(readFileSync(path, "utf8"))) };
}

export function setFileClock(path: string, at: Instant): void {
  writeFileSync(`${path}.new`, String(at));
  renameSync(`${path}.new`, path);
}

const program = fileURLToPath(new URL("worker-program.ts", import.meta.url));

export async function startFleet(count: number, place: FleetPlace): Promise<WorkerFleet> {
  const workers = Array.from({ length: count }, () =>
    fork(program, [JSON.stringify(place)], { execArgv: ["--import", "tsx"] }),
  );
  const ports = await Promise.all(workers.map((worker) => answerOf<number>(worker)));
  return {
    webhookUrls: ports.map((port) => `http://127.0.0.1:${port}`),
    async race(accountId) {
      const answers = workers.map((worker) => answerOf(worker));
      for (const worker of workers) worker.send(accountId);
      await Promise.all(answers);
    },
    async end() {
      await Promise.all(
        workers.map(async (worker) => {
          if (worker.exitCode !== null) return;
          const exited = once(worker, "exit");
          worker.disconnect();
          await exited;
        }),
      );
    },
  };
}

async function answerOf<Said>(worker: ChildProcess): Promise<Said> {
  const died = new AbortController();
  const onExit = () => died.abort(new Error("A worker died."));
  worker.once("exit", onExit);
  try {
    const [said] = await once(worker, "message", { signal: died.signal });
    return said as Said;
  } finally {
    worker.off("exit", onExit);
  }
}
