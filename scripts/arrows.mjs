/**
 * Keeps the arrows of the design: which workspace may import which, what core
 * must not know, who reads the environment, and what the manifests promise.
 *
 *   node scripts/arrows.mjs
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importViolations } from "./arrows/import-rules.mjs";
import { manifestViolations } from "./arrows/manifest-rules.mjs";
import { sourceViolations } from "./arrows/source-rules.mjs";
import { isEntry, main } from "./command.mjs";
import { listFiles, listWorkspaces, root } from "./repository.mjs";

/** @returns {{ file: string, problem: string }[]} */
export function findViolations(repository) {
  return [
    ...importViolations(repository),
    ...sourceViolations(repository),
    ...manifestViolations(repository),
  ];
}

export function readRepository() {
  const read = (path) => readFileSync(join(root, path), "utf8");
  const files = ["apps", "packages", "scripts", "bench"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => listFiles(folder))
    .filter((path) => /\.(m?[jt]s|[jt]sx)$/.test(path))
    .map((path) => ({ path, source: read(path) }));
  return {
    files,
    workspaces: listWorkspaces(),
    rootManifest: JSON.parse(read("package.json")),
    lock: JSON.parse(read("package-lock.json")),
  };
}

if (isEntry(import.meta.url)) {
  await main(() => {
    const violations = findViolations(readRepository());
    for (const { file, problem } of violations) console.log(`${file}: ${problem}`);
    console.log(`${violations.length} violations of the arrows`);
    return violations.length === 0 ? 0 : 1;
  });
}
