import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process of its own that a test speaks with by lines. */
export interface Program {
  readonly pid: number;
  /** The next line it says; rejects when it ends without another. */
  says(): Promise<string>;
  tell(line: string): void;
  kill(signal?: NodeJS.Signals): Promise<void>;
  readonly exited: Promise<unknown>;
}

const programs = fileURLToPath(new URL("./programs/", import.meta.url));
const commandOf = (name: string, args: readonly string[]) => [
  process.execPath,
  "--import",
  "tsx",
  `${programs}${name}.ts`,
  ...args,
];

/** Starts one of `programs/`, if wanted inside another command such as a shell with limits. */
export function startProgram(
  name: string,
  args: readonly string[],
  options: SpawnOptions & { readonly inside?: (command: readonly string[]) => string[] } = {},
): Program {
  const { inside = (command) => [...command], ...spawnOptions } = options;
  const [file, ...rest] = inside(commandOf(name, args)) as [string, ...string[]];
  const child = spawn(file, rest, {
    cwd: programs,
    ...spawnOptions,
    stdio: ["pipe", "pipe", "inherit"],
  });
  return programOver(child);
}

function programOver(child: ChildProcess): Program {
  const { stdin, stdout } = child as ChildProcess & { stdin: NodeJS.WritableStream };
  const exited = once(child, "exit");
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  child.once("exit", () => process.removeListener("exit", killWithUs));
  // Whoever dies while it is told something has an exit to tell of; the pipe has nothing to add.
  stdin.on("error", () => {});
  const lines = createInterface({ input: stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  return {
    pid: child.pid as number,
    exited,
    async says() {
      const line = await lines.next();
      if (line.done) throw new Error("The program ended without another word.");
      return line.value;
    },
    tell: (line) => void stdin.write(`${line}\n`),
    async kill(signal = "SIGKILL") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
