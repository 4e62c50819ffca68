/**
 * How long somebody waits who has just cloned the repository, who starts it again and who checks a
 * change, beside the part of it that is not ours. It measures what is committed.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Row, report } from "./harness.ts";

const FIRST_START_S = 90;
const SECOND_START_S = 5;
const CHECK_S = 60;
const READY = "Scanmeter is ready";
const STOP_LIMIT_MS = 40_000;

const repository = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "scanmeter-bench-"));
// Open like the folders people clone into; the tests look at their files as somebody else, too.
chmodSync(folder, 0o755);
const clone = join(folder, "clone");
const other = join(folder, "other");
const env = cleanEnv();
// Whatever ends the benchmark ends what it started and leaves nothing behind.
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

await command("git", ["clone", "--quiet", repository, clone]);
await command("git", ["clone", "--quiet", repository, other]);

// Goes first, so that npm's cache is warm for the start that is measured.
const install = await command("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], other);
const first = await start();
const npm = await command("npm", ["pkg", "get", "name"]);
const second = await start();
// A warm tree is one whose types were checked before.
await command("npm", ["run", "typecheck"]).catch(note);
const tests = await command("npx", ["vitest", "run", "--project", "unit"]).catch(note);
const check = await command("npm", ["run", "check"]).catch(note);

report("start", [
  row("floor: npm ci by itself", install, install),
  row("npm start in a fresh clone, npm's cache warm", first, install, FIRST_START_S),
  row("floor: npm that reads a package.json", npm, npm),
  row("npm start the second time", second, npm, SECOND_START_S),
  row("floor: the unit tests by themselves", tests, tests),
  row("npm run check on a warm tree", check, tests, CHECK_S),
]);

/** Seconds from `npm start` until it says that it is ready; then it is stopped as by Ctrl-C. */
async function start(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn("npm", ["start"], {
    cwd: clone,
    env: { ...env, PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
    // Its own group, because Ctrl-C reaches everybody in it.
    detached: true,
  });
  const endGroup = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
  };
  const kill = () => endGroup("SIGKILL");
  process.once("exit", kill);
  let said = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const ready = new Promise<boolean>((resolve) => {
    const listen = (text: string) => {
      said += text;
      if (said.includes(READY)) resolve(true);
    };
    child.stdout.setEncoding("utf8").on("data", listen);
    child.stderr.setEncoding("utf8").on("data", listen);
    void ended.then(() => resolve(false));
  });
  const isReady = await ready;
  const seconds = (performance.now() - startedAt) / 1_000;
  endGroup("SIGINT");
  const force = setTimeout(kill, STOP_LIMIT_MS);
  const code = await ended;
  clearTimeout(force);
  process.off("exit", kill);
  if (!isReady || code !== 0) throw new Error(`npm start ended with ${code}:\n${said}`);
  return seconds;
}

/** Seconds until a command has ended well. */
async function command(program: string, args: readonly string[], cwd?: string): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: cwd ?? (program === "git" ? folder : clone),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => child.kill();
  process.once("exit", end);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  process.off("exit", end);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${said}`);
  return (performance.now() - startedAt) / 1_000;
}

/** A check that fails has no time worth telling, and what else was measured is still true. */
function note(error: Error): number {
  console.error(error.message);
  process.exitCode = 1;
  return Number.NaN;
}

/** Nothing of the npm that may run this benchmark, and none of the settings that change what is started. */
function cleanEnv(): NodeJS.ProcessEnv {
  const told =
    /^(npm_(?!config_)|REDIS_URL$|DATA_DIR$|DATABASE_|STRIPE_|SMTP_URL$|PUBLIC_URL$|HOST$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !told.test(name)));
}

function row(what: string, seconds: number, floor: number, limit?: number): Row {
  return {
    what,
    seconds,
    "of floor": seconds / floor,
    ...(limit !== undefined && { limit: `≤ ${limit} s` }),
  };
}
