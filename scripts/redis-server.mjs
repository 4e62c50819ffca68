/**
 * Finds the Redis server program. Where none is installed and apt is there, its
 * packages are fetched and unpacked beside the npm packages: nothing is
 * installed on the system, no service starts, and no root is needed.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findOnPath, run, Stop } from "./command.mjs";
import { root } from "./repository.mjs";

const NOT_FOUND = "Redis was not found: set REDIS_URL, or install redis-server (or valkey-server).";

/** @returns {Promise<{ path: string, env: Record<string, string> }>} */
export async function findRedisServer({
  unpackedFolder = join(root, "node_modules/.cache/redis-server"),
} = {}) {
  const path = findOnPath("redis-server", "valkey-server");
  if (path) return { path, env: {} };
  if (!existsSync(unpackedFolder)) await unpack(unpackedFolder);
  return {
    path: join(unpackedFolder, "usr/bin/redis-server"),
    env: { LD_LIBRARY_PATH: libraryFolders(unpackedFolder).join(":") },
  };
}

async function unpack(folder) {
  if (!findOnPath("apt-get") || !findOnPath("dpkg")) throw new Stop(NOT_FOUND);
  console.error("Redis is not installed; fetching a private copy of it.");

  // Work beside the goal and rename at the end: a folder that exists is complete.
  const work = `${folder}.${process.pid}`;
  const archives = join(work, "cache/archives");
  mkdirSync(join(work, "state/lists/partial"), { recursive: true });
  mkdirSync(join(archives, "partial"), { recursive: true });
  try {
    await aptGet(work, "update");
    await aptGet(work, "install", "--no-install-recommends", "--download-only", "redis-server");
    for (const archive of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
      await runOrStop("dpkg", ["-x", join(archives, archive), join(work, "files")]);
    }
    if (!existsSync(join(work, "files/usr/bin/redis-server"))) throw new Stop(NOT_FOUND);
    renameSync(join(work, "files"), folder);
  } catch (error) {
    // Another process may have been quicker with the same work.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// apt with its own lists and cache, the system's sources and its knowledge of what
// is installed: it downloads only the libraries that are missing here.
function aptGet(work, ...args) {
  const options = {
    "Dir::State": join(work, "state"),
    "Dir::State::lists": join(work, "state/lists"),
    "Dir::Cache": join(work, "cache"),
    "Debug::NoLocking": "1",
    "APT::Sandbox::User": "root",
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return runOrStop("apt-get", [...flags, "-qq", "-y", ...args]);
}

async function runOrStop(command, args) {
  const { code, output } = await run(command, args, { output: "capture" });
  if (code !== 0) throw new Stop(`${NOT_FOUND}\n(${command} failed: ${output.trim()})`);
}

function libraryFolders(unpackedFolder) {
  return ["usr/lib", "lib"].flatMap((name) => {
    const folder = join(unpackedFolder, name);
    if (!existsSync(folder)) return [];
    const triplets = readdirSync(folder).filter((entry) => entry.includes("-linux-"));
    return [folder, ...triplets.map((triplet) => join(folder, triplet))];
  });
}
