/**
 * Remembers beside the data which Redis serves a folder, and ends the one that an
 * owner killed without warning left running. What was remembered may be long out
 * of date, so nothing is touched that does not prove to be ours.
 */
import { readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Stop } from "./command.mjs";
import { identifyRedis } from "./redis-probe.mjs";

const END_LIMIT_MS = 5_000;
const POLL_MS = 10;

/** @param {{ port: number, pid?: number }} server */
export function rememberServer(folder, server) {
  writeFileSync(recordPath(folder), JSON.stringify(server));
}

export function forgetServer(folder) {
  rmSync(recordPath(folder), { force: true });
}

/** Ends the server that a killed owner left in the folder, if there is one. The caller holds the folder's lock. */
export async function endServerLeftBehind(folder) {
  const record = readRecord(folder);
  if (!record) return;
  const pid = await findOurServer(record, folder);
  if (pid && !(await endProcess(pid, "SIGTERM")) && !(await endProcess(pid, "SIGKILL")))
    throw new Stop(`A Redis left behind in ${folder} (process ${pid}) cannot be ended.`);
  forgetServer(folder);
}

async function endProcess(pid, signal) {
  if (isAlive(pid)) process.kill(pid, signal);
  const deadline = Date.now() + END_LIMIT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

// A process id may by now belong to anybody. It is ours if the server on the
// remembered port names this very folder, or, when it is too stuck to answer, if
// it is a Redis that works in this folder.
async function findOurServer({ port, pid }, folder) {
  const identity = await identifyRedis(port);
  if (identity) return identity.dir === folder ? identity.pid : undefined;
  return pid && isRedis(pid) && workingFolderOf(pid) === folder ? pid : undefined;
}

function isRedis(pid) {
  try {
    return /^(redis|valkey)/.test(readFileSync(`/proc/${pid}/comm`, "utf8"));
  } catch {
    return false;
  }
}

function workingFolderOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

// A dead process whose parent never asked about it still has an id, but works nowhere.
function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== "linux" || workingFolderOf(pid) !== undefined;
}

function readRecord(folder) {
  try {
    return JSON.parse(readFileSync(recordPath(folder), "utf8"));
  } catch {
    return undefined;
  }
}

const recordPath = (folder) => join(folder, "server.json");
