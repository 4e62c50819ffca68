/**
 * `npm run demo`: the tour, on the sandbox that runs at PORT, or else on a fresh one of its own, which
 * is gone afterwards and touches no other data.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildIfStale } from "./build.mjs";
import { main } from "./command.mjs";
import { findSandbox, startSandbox } from "./demo-sandbox.mjs";
import { ensureInstalled } from "./install.mjs";
import { root } from "./repository.mjs";

await main(async () => {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupt.abort());
  const { signal } = interrupt;

  await ensureInstalled();
  await buildIfStale(["web", "standalone", "runner", "local-stripe"]);
  process.setSourceMapsEnabled(true);
  const { runTour } = await import(pathToFileURL(join(root, "apps/standalone/dist/demo.js")).href);
  const found = await findSandbox(process.env);
  if (!found) console.log("No sandbox runs; the tour starts one of its own.");
  const sandbox = found ?? (await startSandbox({ signal }));
  let code = 1;
  try {
    code = await runTour({
      url: sandbox.url,
      runner: { program: join(root, "packages/runner/dist/cli.js"), env: process.env },
      say: (line) => console.log(line),
      signal,
    });
  } finally {
    await sandbox.close();
  }
  const { url } = sandbox;
  console.log(found ? `The account stays as it is: ${url}/account` : `${url} is stopped again.`);
  return code;
});
