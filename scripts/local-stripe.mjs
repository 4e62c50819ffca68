/**
 * The local Stripe of one folder, as a child of its own: for `npm start` without Stripe's keys, and
 * for tests. Its state is on disk, so it may be ended and started at will; it stops by itself when
 * whoever started it is gone, because its channel to them closes.
 *
 * The port it last had is asked for again, so that a page of it that is still open in a browser
 * survives a restart. Somebody else may have taken it meanwhile: then any free one does.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { exitCodeOf, Stop } from "./command.mjs";

/** Any key with this prefix opens every local Stripe, and no other. */
export const STAND_IN_KEY = "sk_test_standin_scanmeter";

const STOP_LIMIT_MS = 5_000;
const START_LIMIT_MS = 30_000;
/** The one before us may still be on its way out. */
const FOLDER_FREE_WITHIN_MS = 10_000;
const POLL_MS = 50;

const READY = /^Local Stripe ready at (http:\/\/\S+:(\d+))$/;
const PORT_TAKEN = /EADDRINUSE/;
const FOLDER_TAKEN = /Another local Stripe already uses/;

export async function startLocalStripe({ program, dir, port, signal }) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const webhookSecret = keptWebhookSecret(dir);
  const deadline = Date.now() + FOLDER_FREE_WITHIN_MS;
  let wanted = port ?? lastPort(dir);
  for (;;) {
    const server = spawnServer(program, dir, wanted);
    const ready = await becomesReady(server);
    if (ready) {
      writeFileSync(portPath(dir), String(ready.port));
      return handleFor(server, { ...ready, webhookSecret });
    }
    await end(server);
    const log = readFileSync(logPath(dir), "utf8").trim();
    const isFolderTaken = FOLDER_TAKEN.test(log) && Date.now() < deadline && !signal?.aborted;
    if (PORT_TAKEN.test(log) && port === undefined && wanted !== 0) wanted = 0;
    else if (isFolderTaken) await delay(POLL_MS);
    else
      throw new Stop(
        `The local Stripe did not start in ${dir}. Its last words:\n${log.split("\n").slice(-3).join("\n")}`,
      );
  }
}

function spawnServer(program, dir, port) {
  const args = [
    ["--port", String(port)],
    ["--data-dir", dir],
    ["--business-name", "Scanmeter"],
    ["--controls"],
  ];
  const log = openSync(logPath(dir), "w", 0o600);
  const child = spawn(process.execPath, ["--enable-source-maps", program, ...args.flat()], {
    stdio: ["ignore", "pipe", log, "ipc"],
    // Its own process group: a Ctrl-C in the terminal must reach the application first.
    detached: true,
  });
  closeSync(log);
  const exited = new Promise((resolve) => {
    child.once("error", (error) => {
      writeFileSync(logPath(dir), error.message);
      resolve(127);
    });
    child.once("exit", (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  // The last resort on every way out of this process.
  const endWithProcess = () => child.kill("SIGKILL");
  process.once("exit", endWithProcess);
  void exited.then(() => process.off("exit", endWithProcess));
  return { child, exited };
}

/** Its first line says where it is. */
async function becomesReady({ child, exited }) {
  const lines = createInterface(child.stdout);
  const limit = new AbortController();
  const line = await Promise.race([
    new Promise((resolve) => lines.once("line", resolve)),
    exited.then(() => ""),
    delay(START_LIMIT_MS, "", { signal: limit.signal, ref: false }).catch(() => ""),
  ]);
  limit.abort();
  const [, url, port] = READY.exec(line) ?? [];
  return url && { url, port: Number(port) };
}

function handleFor(server, { url, port, webhookSecret }) {
  return {
    url,
    port,
    webhookSecret,
    pid: server.child.pid,
    exited: server.exited,
    stop: () => end(server),
  };
}

async function end({ child, exited }) {
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await exited;
  clearTimeout(force);
}

/** Signs what the local Stripe delivers. Kept, so that what is still to be delivered stays believable. */
function keptWebhookSecret(dir) {
  const path = join(dir, "webhook-secret");
  const kept = readOr(path, "").trim();
  if (/^whsec_\w{32,}$/.test(kept)) return kept;
  const secret = `whsec_${randomBytes(32).toString("hex")}`;
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, `${secret}\n`, { mode: 0o600 });
  // Renamed into place: a file that is there is whole.
  renameSync(`${path}.new`, path);
  return secret;
}

function lastPort(dir) {
  const port = Number(readOr(portPath(dir), "0"));
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : 0;
}

function readOr(path, otherwise) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

const logPath = (dir) => join(dir, "local-stripe.log");
const portPath = (dir) => join(dir, "port");
