/**
 * Where things are in this repository: its root, and its workspaces with what
 * each of them declares. Everything in `scripts/` runs before anything is
 * installed, so it asks the folders themselves, not npm.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

const SKIPPED_FOLDERS = new Set(["node_modules", "dist", "coverage", "results", "screenshots"]);

/** @returns {{ name: string, folder: string, manifest: Record<string, any> }[]} sorted by folder */
export function listWorkspaces(repositoryRoot = root) {
  const found = [];
  for (const group of ["apps", "packages"]) {
    for (const entry of namesIn(join(repositoryRoot, group))) {
      const folder = `${group}/${entry}`;
      const manifestPath = join(repositoryRoot, folder, "package.json");
      if (!existsSync(manifestPath)) continue;
      const manifest = JSON.parse(readFileSync(manifestPath, "utf8"));
      found.push({ name: manifest.name, folder, manifest });
    }
  }
  return found;
}

/** The workspaces that end up in a bundle of `folder`: itself and what it depends on at run time. */
export function bundledWorkspaces(folder, workspaces = listWorkspaces()) {
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]));
  const start = workspaces.find((workspace) => workspace.folder === folder);
  if (!start) throw new Error(`no workspace in ${folder}`);
  const reached = new Set([start]);
  for (const workspace of reached) {
    for (const name of Object.keys(workspace.manifest.dependencies ?? {})) {
      const dependency = byName.get(name);
      if (dependency) reached.add(dependency);
    }
  }
  return [...reached];
}

/** Every file below a folder as a path relative to the root, sorted; generated and hidden folders are left out. */
export function listFiles(folder, repositoryRoot = root) {
  const files = [];
  for (const entry of readdirSync(join(repositoryRoot, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name) && !entry.name.startsWith("."))
        files.push(...listFiles(path, repositoryRoot));
    } else if (entry.isFile()) {
      files.push(path);
    }
  }
  return files.sort();
}

export function isTestFile(path) {
  return /\.test\.[a-z]+$/.test(path) || /\/(testing|test)\//.test(path);
}

function namesIn(folder) {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
