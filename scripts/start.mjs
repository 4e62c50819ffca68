/**
 * `npm start`: everything needed to try Scanmeter and to run it on one machine.
 * Installs and builds what is missing, finds or starts a Redis, starts the local
 * Stripe if this is a sandbox, and runs the application until Ctrl-C. A second
 * start finds everything done and only starts.
 */
import { join, resolve } from "node:path";
import { buildIfStale } from "./build.mjs";
import { main } from "./command.mjs";
import { ensureInstalled } from "./install.mjs";
import { launch } from "./launcher.mjs";
import { isSandboxOfOurs } from "./payment-mode.mjs";
import { root } from "./repository.mjs";

await main(async () => {
  await ensureInstalled();
  const needsLocalStripe = isSandboxOfOurs(process.env);
  await buildIfStale(["web", "standalone", ...(needsLocalStripe ? ["local-stripe"] : [])]);
  const dataDir = resolve(process.env.DATA_DIR || join(root, ".data"));
  return launch({
    program: join(root, "apps/standalone/dist/main.js"),
    redisDir: join(dataDir, "redis"),
    redisUrl: process.env.REDIS_URL || undefined,
    localStripe: needsLocalStripe
      ? {
          program: join(root, "packages/sandbox/dist/local-stripe.js"),
          dir: join(dataDir, "stripe"),
        }
      : undefined,
    env: { DATA_DIR: dataDir },
    stopsWithParent: process.env.npm_lifecycle_event !== undefined,
  });
});
