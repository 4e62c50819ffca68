/** Where the tour takes place: a sandbox that runs already, or one that is started for it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Stop } from "./command.mjs";
import { root } from "./repository.mjs";

const PORT_DEFAULT = "3000";
const ANSWER_WITHIN_MS = 2_000;
const READY = /^Scanmeter is ready on (\S+)$/;

/**
 * The sandbox at PORT in which something can be bought; nothing where none answers, or something else does.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export async function findSandbox({ PORT, PUBLIC_URL }) {
  const port = PORT?.trim() || PORT_DEFAULT;
  if (port === "0") return undefined;
  const url = PUBLIC_URL?.trim() || `http://localhost:${port}`;
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await (await fetch(`${url}/trpc/sandbox.info`, { signal })).json();
    return answer.result?.data.stripeUrl ? { url, close: async () => {} } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * As `npm start` starts it, with data in a folder that is removed in the end. Of the environment it
 * gets what any program needs and nothing that leads to somebody's database, keys or mail.
 *
 * @param {{ signal: AbortSignal }} options
 */
export async function startSandbox({ signal }) {
  const dataDir = mkdtempSync(join(tmpdir(), "scanmeter-demo-"));
  const { PATH, HOME, TMPDIR } = process.env;
  const started = spawn(process.execPath, [join(root, "scripts/start.mjs")], {
    env: {
      ...given({ PATH, HOME, TMPDIR }),
      DATA_DIR: dataDir,
      PORT: "0",
      LOG_LEVEL: "warn",
      // As under npm, it stops when whoever started it is gone.
      npm_lifecycle_event: "start",
    },
    stdio: ["ignore", "pipe", "inherit"],
    // Its own process group: a Ctrl-C must reach the tour first, which then stops it.
    detached: true,
  });
  const closed = once(started, "close");
  const close = async () => {
    started.kill("SIGTERM");
    await closed;
    rmSync(dataDir, { recursive: true, force: true });
  };
  const url = await new Promise((resolve) => {
    createInterface(started.stdout).on("line", (line) => {
      const [, ready] = READY.exec(line) ?? [];
      if (ready) resolve(ready);
    });
    signal.addEventListener("abort", () => resolve(undefined));
    if (signal.aborted) resolve(undefined);
    void closed.then(() => resolve(undefined));
  });
  if (url) return { url, close };
  await close();
  throw new Stop(signal.aborted ? "Interrupted." : "The sandbox of the tour did not start.");
}

function given(variables) {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}
