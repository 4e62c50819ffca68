/** The product as it is shipped: the bundles, built if they are stale, in processes of their own. */
import { fileURLToPath } from "node:url";
import { type Ending, Program, type ProgramOptions } from "./program.ts";

const inRepository = (path: string) =>
  fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

export const mainProgram = inRepository("apps/standalone/dist/main.js");
const opsProgram = inRepository("apps/standalone/dist/ops.js");
const runnerProgram = inRepository("packages/runner/dist/cli.js");

export async function buildProduct(
  ...targets: ("web" | "standalone" | "runner" | "local-stripe")[]
): Promise<void> {
  const build = new Program(process.execPath, [inRepository("scripts/build.mjs"), ...targets]);
  const { code, errors } = await build.ended;
  if (code !== 0) throw new Error(`The product could not be built:\n${errors}`);
}

export interface ProductOptions {
  readonly dataDir: string;
  readonly redisUrl: string;
  /** Any free one by default; the same one again for a restart that clients should find. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What permissions forbid is forbidden to it, even if we are root. */
  readonly isBound?: boolean;
  /** A file it writes may have at most so many KiB. */
  readonly fileKibMax?: number;
}

export interface Product {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly program: Program;
  /** The demo person's, on the first run of a sandbox with demo data. */
  readonly runnerKey: string | null;
}

/** Started, and perhaps never ready. */
export function launchProduct(options: ProductOptions): Program {
  const { dataDir, redisUrl, port = 0, env = {}, isBound = false, fileKibMax } = options;
  const programOptions: ProgramOptions = {
    hasChannel: true,
    env: {
      DATA_DIR: dataDir,
      REDIS_URL: redisUrl,
      PORT: String(port),
      LOG_LEVEL: "warn",
      SANDBOX_SEED: "none",
      ...env,
    },
  };
  if (isBound && process.getuid?.() === 0) {
    const givenAway = "--bounding-set=-dac_override,-dac_read_search";
    return new Program("setpriv", [givenAway, process.execPath, mainProgram], programOptions);
  }
  if (fileKibMax === undefined) return new Program(process.execPath, [mainProgram], programOptions);
  // POSIX counts the limit in blocks of 512 bytes.
  const limited = `ulimit -f ${2 * fileKibMax} && exec "$0" "$@"`;
  return new Program("/bin/sh", ["-c", limited, process.execPath, mainProgram], programOptions);
}

export async function startProduct(options: ProductOptions): Promise<Product> {
  const program = launchProduct(options);
  const ready = await program.says(/^Scanmeter is ready on /);
  const url = ready.slice("Scanmeter is ready on ".length);
  const runnerKey = /^Runner key, shown only this once: (\S+)$/m.exec(program.output)?.[1] ?? null;
  return { url, port: Number(new URL(url).port), dataDir: options.dataDir, program, runnerKey };
}

/** The operator's command line, run to its end. */
export function runOps(dataDir: string, ...args: readonly string[]): Promise<Ending> {
  return new Program(process.execPath, [opsProgram, ...args], { env: { DATA_DIR: dataDir } }).ended;
}

export interface RunnerOptions {
  readonly url: string;
  readonly key: string;
  readonly target: string;
  readonly label?: string;
  readonly command: readonly string[];
}

/** The runner's command line around a command. */
export function launchRunner({ url, key, target, label, command }: RunnerOptions): Program {
  const labelled = label === undefined ? [] : ["--label", label];
  return new Program(
    process.execPath,
    [runnerProgram, "run", "--target", target, ...labelled, "--", ...command],
    { env: { SCANMETER_URL: url, SCANMETER_RUNNER_KEY: key } },
  );
}
