/** The process `npm start` runs: starts everything, says where it is, and stops in order when told. */
import { readEnv } from "./env.ts";
import { openLog } from "./log.ts";
import { type Standalone, startStandalone } from "./standalone.ts";
import { endingFor } from "./start-failure.ts";

/** Longer than closing takes when something hangs, shorter than the launcher's patience. */
const STOP_WITHIN_MS = 28_000;

async function main(): Promise<void> {
  const env = readEnv();
  const log = openLog({ level: env.logLevel, isTerminal: process.stdout.isTTY === true });
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, "Something broke that nobody caught; the process ends");
      process.exit(1);
    });
  }

  const starting = startStandalone(env, log);
  let isStopping = false;
  const stop = (why: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ why }, "Stopping");
    setTimeout(() => {
      log.error("Stopping took too long; the process ends as it is");
      process.exit(1);
    }, STOP_WITHIN_MS).unref();
    starting
      .then((standalone) => standalone.close())
      .then(() => log.info("Stopped"))
      .then(
        () => process.exit(0),
        (error) => {
          log.error({ err: error }, "Stopping failed");
          process.exit(1);
        },
      );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => stop(signal));
  // Whoever started us is gone without a word, and with it the private Redis.
  if (process.connected) process.on("disconnect", () => stop("the launcher is gone"));

  const standalone = await starting;
  if (!isStopping) sayReady(standalone);
}

function sayReady({ url, demo }: Standalone): void {
  const lines = [`Scanmeter is ready on ${url}`];
  if (demo !== null) lines.push(`Sign in as ${demo.email} with the password ${demo.password}`);
  if (demo?.runnerKey) lines.push(`Runner key, shown only this once: ${demo.runnerKey}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

main().catch((error: unknown) => {
  const ending = endingFor(error);
  console.error(ending?.sentence ?? error);
  process.exit(ending?.exitCode ?? 1);
});
