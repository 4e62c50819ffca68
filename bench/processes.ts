/**
 * The parts of a benchmark that need a process of their own: what is measured, what it is measured
 * against and who asks. They are bundled the way the product is, because a program that is compiled
 * while it runs carries helpers in its hot paths that the product does not have.
 */
import { type ChildProcess, fork } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Answers, Question, Reply } from "./program.ts";

const STOP_LIMIT_MS = 30_000;

const inBench = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function buildPrograms(names: readonly string[]): Promise<void> {
  const bundler = new URL("../scripts/bundle.mjs", import.meta.url).href;
  const { bundle } = (await import(bundler)) as {
    bundle(folder: string, entries: Record<string, string>): Promise<void>;
  };
  await bundle("bench", Object.fromEntries(names.map((name) => [name, `programs/${name}.ts`])));
  const migrations = inBench("dist/migrations");
  rmSync(migrations, { recursive: true, force: true });
  cpSync(inBench("../packages/db/migrations"), migrations, { recursive: true });
}

export interface Program<Known extends Answers> {
  ask<Name extends keyof Known & string>(
    name: Name,
    ...input: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>>;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
// Whatever ends the benchmark ends its programs.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** With PROFILE set to a folder, each program leaves a CPU profile in it. */
export function startProgram<Known extends Answers>(name: string): Program<Known> {
  const { PROFILE } = process.env;
  const profiling = PROFILE ? ["--cpu-prof", `--cpu-prof-dir=${PROFILE}/${name}`] : [];
  const child = fork(inBench(`dist/${name}.js`), {
    execArgv: ["--enable-source-maps", "--expose-gc", ...profiling],
    serialization: "advanced",
    // What it logs is formatted and written, as in the product, and then nobody keeps it.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  running.add(child);
  const waiting = new Map<number, (reply: Reply) => void>();
  let asked = 0;
  child.on("message", (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", (code) => {
      running.delete(child);
      for (const settle of waiting.values()) settle({ id: 0, error: `${name} ended (${code})` });
      resolve();
    });
  });
  return {
    ask: (question, ...input) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        waiting.set(id, (reply) => {
          if ("error" in reply) reject(new Error(`${name} ${question}: ${reply.error}`));
          else resolve(reply.answer as never);
        });
        child.send({ id, name: question, input: input[0] } satisfies Question);
      }),
    async stop() {
      if (child.connected) child.send({ id: 0, name: "stop", input: null } satisfies Question);
      const force = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await ended;
      clearTimeout(force);
    },
  };
}
