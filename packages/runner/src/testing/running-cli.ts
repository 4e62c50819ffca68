import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { standInKey } from "./stand-in-platform.ts";

const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

export function commandPath(name: string): string {
  return fileURLToPath(new URL(`commands/${name}.mjs`, import.meta.url));
}

/** The real CLI in a process of its own, and what it has written so far. */
export class RunningCli {
  readonly #process: ChildProcess;
  readonly #heard = new Set<() => void>();
  readonly #out: Buffer[] = [];
  #errors = "";
  readonly exitCode: Promise<number | null>;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#process = spawn(process.execPath, ["--import", "tsx", "src/cli.ts", ...args], {
      cwd: packageFolder,
      env: { PATH: process.env.PATH, SCANMETER_RUNNER_KEY: standInKey, ...env },
    });
    this.#process.stdout?.on("data", (chunk: Buffer) => {
      this.#out.push(chunk);
      this.#announce();
    });
    this.#process.stderr?.on("data", (chunk: Buffer) => {
      this.#errors += chunk.toString();
      this.#announce();
    });
    this.exitCode = new Promise((resolve) => {
      this.#process.on("close", (code) => resolve(code));
    });
  }

  get output(): Buffer {
    return Buffer.concat(this.#out);
  }

  /** What was written to standard error: the runner's words, and the command's. */
  get errors(): string {
    return this.#errors;
  }

  get words(): readonly string[] {
    return this.#errors.split("\n").filter((line) => line.startsWith("scanmeter: "));
  }

  write(bytes: Buffer): void {
    this.#process.stdin?.end(bytes);
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Waits for words of the runner. */
  says(pattern: RegExp): Promise<void> {
    return this.#until(() => this.words.some((line) => pattern.test(line)));
  }

  outputs(text: string): Promise<void> {
    return this.#until(() => this.output.includes(text));
  }

  /** The processes of a command that announces them with "pids …". */
  async pids(): Promise<readonly number[]> {
    const line = () => /^pids (.+)\n/m.exec(this.output.toString())?.[1];
    await this.#until(() => line() !== undefined);
    return (line() ?? "").split(" ").map(Number);
  }

  #announce(): void {
    for (const check of [...this.#heard]) check();
  }

  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.#heard.delete(check);
        resolve();
      };
      this.#heard.add(check);
      check();
    });
  }
}

/** The kernel's letter for a process: T stopped, Z dead but not yet buried, "gone" when there is none. */
export function processState(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "gone";
  } catch {
    return "gone";
  }
}

export async function eventually(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 30_000, interval: 10 });
}
