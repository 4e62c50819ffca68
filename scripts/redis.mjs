/**
 * A private Redis for one folder: for `npm start` when REDIS_URL is not set, and
 * for tests. It keeps an append-only file, listens on 127.0.0.1 only and belongs
 * to the process that started it. Should that process be killed, the next start
 * in the same folder ends the server left behind and starts its own, so there is
 * never a second writer on one append-only file.
 *
 * Losing the data is allowed (the database is the truth, the queue only wakes
 * it), so a file that Redis cannot read is set aside rather than a reason not to
 * start.
 */
import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { exitCodeOf, Stop } from "./command.mjs";
import { lockFolder } from "./folder-lock.mjs";
import { endServerLeftBehind, forgetServer, rememberServer } from "./redis-left-behind.mjs";
import { identifyRedis, isReady } from "./redis-probe.mjs";
import { findRedisServer } from "./redis-server.mjs";

const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5_000;
const START_ATTEMPTS = 3;
const POLL_MS = 10;

const PORT_TAKEN = /Address already in use/;
const UNREADABLE_FILE =
  /Bad file format|Unexpected end of file|Unrecoverable error reading|Wrong signature|RDB format version|RDB reading|Short read|checksum|AOF manifest|AOF file .* doesn't exist|Unable to obtain the AOF file/;

export async function startRedis({ dir, port, freeWithinMs = 0 }) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const folder = realpathSync(dir);
  const lock = await lockWithin(folder, freeWithinMs);
  if (!lock) throw new Stop(`Another running Scanmeter uses the Redis in ${folder}.`);
  try {
    await endServerLeftBehind(folder);
    const program = await findRedisServer();
    return handleFor(await startServer(program, folder, port), folder, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The one before us may still be on its way out. */
async function lockWithin(folder, limitMs) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const lock = await lockFolder(folder);
    if (lock || Date.now() >= deadline) return lock;
    await delay(POLL_MS);
  }
}

async function startServer(program, folder, fixedPort) {
  let log = "";
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const server = await launch(program, folder, fixedPort ?? (await freePort()));
    if (await becomesReady(server, folder)) return server;
    await end(server);
    log = readFileSync(logPath(folder), "utf8").trim();
    if (UNREADABLE_FILE.test(log)) setUnreadableFileAside(folder);
    else if (fixedPort || !PORT_TAKEN.test(log)) break;
  }
  const lastWords = log.split("\n").slice(-3).join("\n");
  throw new Stop(`Redis did not start in ${folder}. Its last words:\n${lastWords}`);
}

async function launch(program, folder, port) {
  const args = [
    ["--port", port],
    ["--bind", "127.0.0.1"],
    ["--dir", folder],
    ["--appendonly", "yes"],
    ["--appendfsync", "everysec"],
    ["--save", ""],
    ["--maxmemory-policy", "noeviction"],
    ["--daemonize", "no"],
    ["--loglevel", "warning"],
  ];
  // Remembered before the server exists, so that one left behind is always found.
  rememberServer(folder, { port });
  const log = openSync(logPath(folder), "w");
  const child = spawn(program.path, args.flat().map(String), {
    cwd: folder,
    env: { ...process.env, ...program.env },
    stdio: ["ignore", log, log],
    // Its own process group: Ctrl-C in the terminal must reach the application
    // first, and Redis only when the application is done with it.
    detached: true,
  });
  closeSync(log);
  const exited = new Promise((resolve) => {
    child.once("error", (error) => {
      writeFileSync(logPath(folder), error.message);
      resolve(127);
    });
    child.once("exit", (code, signal) => resolve(exitCodeOf(code, signal)));
  });
  if (child.pid) rememberServer(folder, { port, pid: child.pid });
  return { child, port, exited };
}

// Another Redis may have taken the port in between, so readiness asks for ours.
async function becomesReady({ port, exited }, folder) {
  let ended = false;
  exited.then(() => {
    ended = true;
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (!ended && Date.now() < deadline) {
    const identity = await identifyRedis(port);
    if (identity?.dir === folder && (await isReady(port))) return true;
    await delay(POLL_MS);
  }
  return false;
}

function handleFor(server, folder, lock) {
  const { child, port, exited } = server;
  // The last resort on every way out of this process but SIGKILL.
  const endWithProcess = () => child.kill("SIGTERM");
  process.once("exit", endWithProcess);
  const released = exited.then((code) => {
    process.off("exit", endWithProcess);
    forgetServer(folder);
    lock.release();
    return code;
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    exited: released,
    async stop() {
      await end(server);
      await released;
    },
  };
}

async function end({ child, exited }) {
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await exited;
  clearTimeout(force);
}

function setUnreadableFileAside(folder) {
  const path = join(folder, "appendonlydir");
  if (!existsSync(path)) return;
  const aside = `${path}.unreadable`;
  rmSync(aside, { recursive: true, force: true });
  renameSync(path, aside);
  console.error(`Redis could not read its file; it was moved to ${aside} and Redis starts empty.`);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const logPath = (folder) => join(folder, "redis.log");
