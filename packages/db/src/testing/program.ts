import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundle } from "../../../../scripts/bundle.mjs";

/** A process of its own that a test speaks with by lines. */
export interface Program {
  readonly pid: number;
  /** The next line it says; rejects when it ends without another. */
  says(): Promise<string>;
  tell(line: string): void;
  kill(signal?: NodeJS.Signals): Promise<void>;
  readonly exited: Promise<unknown>;
}

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const names = ["locker", "migrator", "owner", "writer"] as const;

/** One file each, because loading their modules one by one takes longer than what they do. */
let bundled: Promise<void> | null = null;

/** Starts one of `programs/`, if wanted inside another command such as a shell with limits. */
export async function startProgram(
  name: (typeof names)[number],
  args: readonly string[],
  options: SpawnOptions & { readonly inside?: (command: readonly string[]) => string[] } = {},
): Promise<Program> {
  bundled ??= bundle(
    "packages/db",
    Object.fromEntries(names.map((each) => [each, `src/testing/programs/${each}.ts`])),
  );
  await bundled;
  const { inside = (command) => [...command], ...spawnOptions } = options;
  const command = inside([process.execPath, join(dist, `${name}.js`), ...args]);
  const [file, ...rest] = command as [string, ...string[]];
  const child = spawn(file, rest, { ...spawnOptions, stdio: ["pipe", "pipe", "inherit"] });
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
