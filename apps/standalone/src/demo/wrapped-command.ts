/** A command that stands in for a scanner, wrapped by the real runner CLI as anybody would wrap theirs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Sightings } from "./sightings.ts";
import type { Say } from "./words.ts";

const STOP_WITHIN_MS = 3_000;
/** Works until its input is closed. */
const SCANNER =
  'process.stdin.resume().on("end", () => console.log("nothing found")); console.log("scanning")';

export interface RunnerCli {
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface WrappedCommandOptions {
  readonly runner: RunnerCli;
  readonly url: string;
  readonly key: string;
  readonly target: string;
  readonly label: string;
  readonly seen: Sightings;
  readonly say: Say;
}

export class WrappedCommand {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<unknown>;

  constructor({ runner, url, key, target, label, seen, say }: WrappedCommandOptions) {
    const args = ["run", "--target", target, "--label", label, "--"];
    say(`$ scanmeter-runner ${args.join(" ")} node -e …`);
    this.#child = spawn(
      process.execPath,
      [runner.program, ...args, process.execPath, "-e", SCANNER],
      {
        env: { ...runner.env, SCANMETER_URL: url, SCANMETER_RUNNER_KEY: key },
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    this.#ended = once(this.#child, "close");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on("line", (line) => {
        this.#lines.push(line);
        say(line);
        seen.look();
      });
    }
  }

  said(pattern: RegExp): boolean {
    return this.#lines.some((line) => pattern.test(line));
  }

  /** The exit code that was passed through, once the command has nothing more to scan. */
  async finish(): Promise<number | null> {
    this.#child.stdin?.end();
    await this.#ended;
    return this.#child.exitCode;
  }

  /** Whatever came before: nobody is left scanning. A runner whose sandbox is gone would go on reporting. */
  async close(): Promise<void> {
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.#ended;
    clearTimeout(force);
  }
}
