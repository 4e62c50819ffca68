/**
 * Builds what runs from a built form, and only if its sources changed: the web
 * app, and one bundle for each Node program. A bundle takes the workspace
 * packages in and leaves npm packages outside.
 *
 *   node scripts/build.mjs [web] [standalone] [runner] [local-stripe]
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.mjs";
import { isEntry, main, run, Stop } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { bundledWorkspaces, isTestFile, listFiles, root } from "./repository.mjs";

const TARGETS = {
  web: { folder: "apps/web", build: buildWeb },
  standalone: { folder: "apps/standalone", build: buildStandalone },
  runner: { folder: "packages/runner", build: buildRunner },
  "local-stripe": { folder: "packages/sandbox", build: buildLocalStripe },
};

export const targetNames = Object.keys(TARGETS);

/** Builds the named targets, all of them by default; those that are up to date cost some milliseconds. */
export async function buildIfStale(names = targetNames) {
  for (const name of names) await buildTargetIfStale(name);
}

async function buildTargetIfStale(name) {
  const { folder, build } = TARGETS[name];
  const stamp = join(root, folder, "dist/.built-from");
  const fingerprint = fingerprintOf(folder);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint) return;
  // Gone before the build begins: one that is interrupted must not look finished.
  rmSync(stamp, { force: true });
  const startedAt = performance.now();
  await build();
  mkdirSync(join(root, folder, "dist"), { recursive: true });
  writeFileSync(stamp, fingerprint);
  console.error(`Built ${folder} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}

/** Contents decide, not dates: a fresh checkout or a copied folder is as stale as what is in it. */
export function fingerprintOf(folder, repositoryRoot = root, workspaces = undefined) {
  const sources = bundledWorkspaces(folder, workspaces)
    .flatMap((workspace) => listFiles(workspace.folder, repositoryRoot))
    .filter((path) => !isTestFile(path) && !path.endsWith(".md"));
  const builders = ["package-lock.json", "scripts/build.mjs", "scripts/bundle.mjs"];
  const hash = createHash("sha256");
  for (const path of [...sources, ...builders]) {
    const contents = readFileSync(join(repositoryRoot, path));
    hash.update(`${path} ${contents.length}\n`).update(contents);
  }
  return hash.digest("hex");
}

async function buildWeb() {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", "--logLevel", "warn"];
  const { code } = await run(process.execPath, args, {
    cwd: join(root, "apps/web"),
    output: "stderr",
  });
  if (code !== 0) throw new Stop("The web app could not be built; the reason is above.");
}

async function buildStandalone() {
  const entries = { main: "src/main.ts", ops: "src/ops.ts", demo: "src/demo/tour.ts" };
  await bundle("apps/standalone", entries);
  const migrations = join(root, "apps/standalone/dist/migrations");
  rmSync(migrations, { recursive: true, force: true });
  cpSync(join(root, "packages/db/migrations"), migrations, { recursive: true });
}

async function buildRunner() {
  await bundle("packages/runner", { cli: "src/cli.ts" });
}

async function buildLocalStripe() {
  await bundle("packages/sandbox", { "local-stripe": "src/stripe/main.ts" });
}

if (isEntry(import.meta.url)) {
  await main(async () => {
    const names = process.argv.slice(2);
    const unknown = names.filter((name) => !(name in TARGETS));
    if (unknown.length > 0)
      throw new Stop(`Unknown: ${unknown.join(", ")}. There are ${targetNames.join(", ")}.`);
    await ensureInstalled({ output: "stderr" });
    await buildIfStale(names.length > 0 ? names : targetNames);
  });
}
