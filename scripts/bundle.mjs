/**
 * One file per Node program: the workspace packages are taken in, npm packages
 * stay outside and are found in node_modules when the program runs.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { Stop } from "./command.mjs";
import { root } from "./repository.mjs";

/**
 * @param {string} folder the workspace; the files go to its `dist`
 * @param {Record<string, string>} entries name of the output to source file
 */
export async function bundle(folder, entries) {
  // Loaded here, because the scripts start before anything is installed.
  const esbuild = await import("esbuild");
  const workspace = resolve(root, folder);
  const outdir = join(workspace, "dist");
  try {
    const result = await esbuild.build({
      absWorkingDir: workspace,
      entryPoints: entries,
      outdir,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: true,
      conditions: [],
      plugins: [npmPackagesOutside(outdir)],
      logLevel: "warning",
      write: false,
    });
    for (const file of result.outputFiles) replaceFile(file.path, file.contents);
  } catch (error) {
    // esbuild has printed what is wrong and where.
    if (error.errors) throw new Stop(`${folder} could not be built; the reason is above.`);
    throw error;
  } finally {
    await esbuild.stop();
  }
}

// A program that starts meanwhile sees the old file or the new one, never half of it.
function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, contents);
  chmodSync(beside, 0o755);
  renameSync(beside, path);
}

function npmPackagesOutside(outdir) {
  return {
    name: "npm-packages-outside",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.pluginData === "resolving" || args.kind === "entry-point") return undefined;
        if (args.path.startsWith("@scanmeter/")) return undefined;
        if (isBuiltin(args.path)) return { path: args.path, external: true };
        const name = packageNameOf(args.path);
        const found = findPackage(args.resolveDir, name);
        if (found && found === findPackage(outdir, name))
          return { path: args.path, external: true };

        // npm gave this workspace a copy of its own, which its name does not
        // reach from the bundle: point at the very file instead.
        const { path, errors } = await build.resolve(args.path, {
          kind: args.kind,
          importer: args.importer,
          resolveDir: args.resolveDir,
          pluginData: "resolving",
        });
        return errors.length > 0 ? { errors } : { path: relative(outdir, path), external: true };
      });
    },
  };
}

function packageNameOf(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function findPackage(from, name) {
  const candidate = join(from, "node_modules", name);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(from);
  return parent === from ? undefined : findPackage(parent, name);
}
