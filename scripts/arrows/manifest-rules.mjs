/**
 * What package.json files and the lock must say: exact versions, named exports,
 * a lock that is up to date and complete for every platform. An incomplete lock
 * installs here and fails on the next machine.
 */
const KINDS = ["dependencies", "devDependencies", "optionalDependencies"];
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

export function manifestViolations({ workspaces, rootManifest, lock }) {
  const manifests = [
    { path: "package.json", key: "", manifest: rootManifest },
    ...workspaces.map(({ folder, manifest }) => ({
      path: `${folder}/package.json`,
      key: folder,
      manifest,
    })),
  ];
  return [
    ...manifests.flatMap((entry) => [
      ...inexactVersions(entry),
      ...wildcardExports(entry),
      ...stripeElsewhere(entry),
      ...driftFromLock(entry, lock),
    ]),
    ...missingPlatformPackages(lock),
  ];
}

function inexactVersions({ path, manifest }) {
  const pinned = [...KINDS, "overrides"].flatMap((kind) => Object.entries(manifest[kind] ?? {}));
  return pinned
    .filter(([name, version]) =>
      name.startsWith("@scanmeter/") ? version !== "*" : !EXACT.test(version),
    )
    .map(([name, version]) => ({ file: path, problem: `${name} is not exact: ${version}` }));
}

function wildcardExports({ path, manifest }) {
  return Object.keys(manifest.exports ?? {})
    .filter((name) => name.includes("*"))
    .map((name) => ({ file: path, problem: `exports a wildcard: ${name}` }));
}

function stripeElsewhere({ path, key, manifest }) {
  // The sandbox's local Stripe is tested with the real SDK, and only tested.
  const kinds = key === "packages/sandbox" ? ["dependencies", "optionalDependencies"] : KINDS;
  const isDeclared = kinds.some((kind) => manifest[kind]?.stripe !== undefined);
  return isDeclared && key !== "packages/operations"
    ? [{ file: path, problem: "only packages/operations depends on stripe" }]
    : [];
}

function driftFromLock({ path, key, manifest }, lock) {
  const locked = lock.packages[key];
  const isSame = KINDS.every((kind) => sorted(manifest[kind]) === sorted(locked?.[kind]));
  return isSame
    ? []
    : [{ file: path, problem: "package-lock.json says otherwise; run npm install" }];
}

function missingPlatformPackages(lock) {
  const present = new Set(
    Object.keys(lock.packages).map((path) => path.split("node_modules/").pop()),
  );
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !present.has(name))
      .map((name) => ({
        file: "package-lock.json",
        problem: `${path} needs ${name} on another platform, and the lock lacks it`,
      })),
  );
}

function sorted(versions) {
  return JSON.stringify(Object.entries(versions ?? {}).sort());
}
