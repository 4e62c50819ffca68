/** A real process: what it has said so far, how it ended, and an end to it before the test's own. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

export interface ProgramOptions {
  /** The whole environment; nothing is inherited but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Closes when the test dies, so that a program that listens to it dies with the test. */
  readonly hasChannel?: boolean;
  readonly cwd?: string;
  readonly uid?: number;
}

const SAYS_WITHIN_MS = 30_000;
const running = new Set<Program>();

export class Program {
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  readonly #name: string;
  output = "";
  errors = "";
  readonly ended: Promise<Ending>;

  constructor(command: string, args: readonly string[], options: ProgramOptions = {}) {
    const { env = {}, hasChannel = false, ...rest } = options;
    const spawnOptions: SpawnOptions = {
      ...rest,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "pipe", ...(hasChannel ? (["ipc"] as const) : [])],
    };
    this.#name = [command, ...args].join(" ");
    this.#child = spawn(command, args, spawnOptions);
    running.add(this);
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      this.#look();
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
      this.#look();
    });
    this.ended = this.#end();
    void this.ended.finally(() => running.delete(this));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#name} was not started`);
    return this.#child.pid;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** As abrupt as a power cut, as far as a process can tell. */
  kill(): Promise<Ending> {
    this.signal("SIGKILL");
    return this.ended;
  }

  /** Told to stop; settles when it has. */
  stop(): Promise<Ending> {
    this.signal("SIGTERM");
    return this.ended;
  }

  /** The first line that matches, said already or to come. */
  says(pattern: RegExp, withinMs = SAYS_WITHIN_MS): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const line = `${this.output}\n${this.errors}`.split("\n").find((one) => pattern.test(one));
        if (line === undefined) return;
        settle();
        resolve(line);
      };
      const fail = (why: string) => {
        settle();
        reject(new Error(`${this.#name} ${why} ${pattern}:\n${this.errors}${this.output}`));
      };
      const deadline = setTimeout(() => fail(`did not say in ${withinMs} ms`), withinMs);
      const settle = () => {
        clearTimeout(deadline);
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
      void this.ended.then(() => fail("ended without saying"));
    });
  }

  async #end(): Promise<Ending> {
    const streams = [this.#child.stdout, this.#child.stderr] as Readable[];
    const [[code, signal]] = (await Promise.all([
      once(this.#child, "exit"),
      ...streams.map((stream) => finished(stream).catch(() => {})),
    ])) as [[number | null, NodeJS.Signals | null], ...unknown[]];
    return { code, signal, output: this.output, errors: this.errors };
  }

  #look(): void {
    for (const look of [...this.#listeners]) look();
  }
}

/** For the end of a test, whatever came of it. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.kill()));
}
