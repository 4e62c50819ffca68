/**
 * Makes sure that the npm packages are there. npm keeps a copy of the lock file
 * inside node_modules and writes it last, so comparing the two says whether what
 * is installed is what is locked, whoever installed it and however it ended.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run, Stop } from "./command.mjs";
import { root } from "./repository.mjs";

const NODE_MIN = [20, 19];

/** Installs when packages are missing or differ from the lock; costs a few milliseconds otherwise. */
export async function ensureInstalled({ output = "inherit" } = {}) {
  requireNode(process.versions.node);
  if (isInstalled(root)) return;
  console.error("Installing dependencies (npm ci). This takes about a minute the first time.");
  // Development packages build the web app, so NODE_ENV=production must not leave them out.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  const { code } = await run("npm", args, { output });
  if (code !== 0) throw new Stop(`npm ci failed with code ${code}; its own message is above.`);
}

export function requireNode(version) {
  const [major, minor] = version.split(".").map(Number);
  const isEnough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  if (!isEnough)
    throw new Stop(`Scanmeter needs Node ${NODE_MIN.join(".")} or newer; this is Node ${version}.`);
}

export function isInstalled(folder) {
  const installed = readPackages(join(folder, "node_modules/.package-lock.json"));
  const locked = readPackages(join(folder, "package-lock.json"));
  if (installed === undefined || locked === undefined) return false;
  // npm's copy says nothing about folders that were removed by hand since then.
  const isComplete = Object.keys(installed).every((path) => existsSync(join(folder, path)));
  return isComplete && isSameInstall(locked, installed);
}

/** Optional packages may be absent: they are the binaries of other platforms. */
export function isSameInstall(locked, installed) {
  for (const [path, entry] of Object.entries(locked)) {
    if (path === "") continue;
    const present = installed[path];
    if (present === undefined && entry.optional) continue;
    if (present === undefined || identityOf(present) !== identityOf(entry)) return false;
  }
  return Object.keys(installed).every((path) => path in locked);
}

// A workspace's entry carries what it depends on, not a version, and a changed
// dependency shows up as a package of its own.
function identityOf(entry) {
  return `${entry.version} ${entry.integrity}`;
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}
