/**
 * Which way imports may point. The table is the drawing in the design made
 * checkable; tests are free to reach for a neighbour's testing tools.
 */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { isTestFile } from "../repository.mjs";
import { importsOf } from "./source-text.mjs";

const PREFIX = "@scanmeter/";

/** What each workspace may import, and what it may import as types only. */
const ARROWS = {
  "apps/web": { values: ["contracts", "core"], types: ["edge"] },
  "apps/edge": { values: ["operations", "db", "contracts", "core"] },
  "apps/worker": { values: ["operations", "db", "contracts", "core"] },
  "apps/standalone": {
    // The composition root: it opens the database and hands it to everybody.
    values: ["edge", "worker", "sandbox", "operations", "db", "contracts", "core"],
  },
  "packages/sandbox": { values: ["operations", "db", "contracts", "core"] },
  "packages/runner": { values: ["contracts"], types: ["edge"] },
  "packages/operations": { values: ["db", "core"] },
  "packages/db": { values: ["core"] },
  "packages/contracts": { values: ["core"] },
  "packages/core": { values: [] },
};

// Its own process, and its own world: it imports nothing of the product, and the
// product nothing of it.
const LOCAL_STRIPE = "packages/sandbox/src/stripe/";

// The one door to Stripe. Everybody else speaks of payments in the words of core.
const GATEWAY = /^packages\/operations\/src\/payments\/gateway[\w.-]*\.ts$/;

export function importViolations({ files, workspaces, rootManifest }) {
  return files.flatMap(({ path, source }) => {
    const workspace = workspaces.find(({ folder }) => path.startsWith(`${folder}/`));
    return importsOf(source).flatMap((imported) => {
      const problem = workspace
        ? problemInWorkspace({ path, imported, workspace, rootManifest })
        : problemInScript({ path, imported });
      return problem ? [{ file: `${path}:${imported.line}`, problem }] : [];
    });
  });
}

function problemInWorkspace({ path, imported, workspace, rootManifest }) {
  const { specifier } = imported;
  if (specifier.startsWith(".")) return problemOfNeighbour(path, specifier, workspace);
  if (isBuiltinModule(specifier)) return undefined;

  const name = packageNameOf(specifier);
  if (specifier.startsWith(PREFIX)) {
    const problem = problemOfArrow(path, imported, workspace);
    if (problem) return problem;
  }
  if (name === "stripe" && !GATEWAY.test(path) && !isStripeContract(path))
    return "only the gateway in packages/operations/src/payments talks to Stripe";
  if (name !== workspace.name && !isDeclared(name, path, imported, workspace, rootManifest))
    return `imports ${name}, which ${workspace.folder}/package.json does not declare`;
  return undefined;
}

/** The local Stripe is held against the real SDK; what it is made of does not know that one. */
function isStripeContract(path) {
  return path.startsWith(LOCAL_STRIPE) && isTestFile(path);
}

function problemOfArrow(path, { specifier, isType }, workspace) {
  const target = packageNameOf(specifier).slice(PREFIX.length);
  if (path.startsWith(LOCAL_STRIPE)) return "the local Stripe imports nothing of the product";
  if (specifier.startsWith(`${PREFIX}sandbox/stripe`))
    return "the product imports nothing of the local Stripe";
  const { values, types = [] } = ARROWS[workspace.folder] ?? { values: [] };
  if (isTestFile(path) && workspace.folder !== "packages/core") return undefined;
  if (specifier.endsWith("/testing")) return `${specifier} is for tests`;
  if (values.includes(target) || `${PREFIX}${target}` === workspace.name) return undefined;
  if (types.includes(target))
    return isType ? undefined : `${workspace.folder} knows ${target} as types only`;
  return `${workspace.folder} must not import ${target}`;
}

function problemOfNeighbour(path, specifier, workspace) {
  const target = posix.join(posix.dirname(path), specifier);
  if (path.startsWith(LOCAL_STRIPE) !== target.startsWith(LOCAL_STRIPE))
    return "the local Stripe and the product import nothing of each other";
  if (target.startsWith(`${workspace.folder}/`)) return undefined;
  if (isTestFile(path) && target.startsWith("scripts/")) return undefined;
  return `reaches into ${target}; import a package by its name`;
}

/** Types need no package at run time, and neither do tests and tool settings. */
function isDeclared(name, path, { isType }, { manifest }, rootManifest) {
  if (name in (manifest.dependencies ?? {})) return true;
  const isSource = path.includes("/src/") && !isTestFile(path);
  if (isSource && !isType) return isBuiltByVite(manifest) && name in manifest.devDependencies;
  return name in (manifest.devDependencies ?? {}) || name in (rootManifest.devDependencies ?? {});
}

// The web app ships what Vite makes of its packages, so none is needed at run time.
function isBuiltByVite(manifest) {
  return manifest.devDependencies?.vite !== undefined;
}

/** A script runs before anything is installed: what it needs from npm it loads when it gets there. */
function problemInScript({ path, imported: { specifier, isType, isDynamic } }) {
  if (!path.startsWith("scripts/") || isTestFile(path) || isType || isDynamic) return undefined;
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
  return `imports ${specifier}, but scripts run before anything is installed`;
}

function isBuiltinModule(specifier) {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

function packageNameOf(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
