#!/usr/bin/env node
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseArguments, type Request, UsageError } from "./arguments.ts";
import { type Child, spawnChild } from "./child.ts";
import { createRunnerClient, type RunnerClient } from "./client.ts";
import { endpointsOf } from "./connection.ts";
import { type Environment, readEnvironment } from "./env.ts";
import { exitCodes, exitOf } from "./exit.ts";
import { findCommand } from "./find-command.ts";
import { helpText } from "./help.ts";
import { runMetered } from "./metered-run.ts";
import { printable } from "./printable.ts";
import { findTarget } from "./target.ts";
import { systemTimers, wait } from "./timers.ts";
import { notStartedWords } from "./words.ts";

type RunRequest = Extract<Request, { ask: "run" }>;
const CLOSE_WITHIN_MS = 500;

type Say = (sentence: string) => void;

async function main(argv: readonly string[], environment: Environment): Promise<number> {
  let { url, key } = environment;
  try {
    const request = parseArguments(argv);
    if (request.ask === "help") return print(helpText);
    if (request.ask === "version") return print(`${version()}\n`);

    key = request.key ?? key;
    url = endpointsOf(request.url ?? url).origin;
    if (!key) throw new UsageError("no runner key: set SCANMETER_RUNNER_KEY or pass --key <key>");
    const say = speaker(key);
    const client = createRunnerClient({ url, key });
    try {
      if (request.ask === "targets") return await listTargets(client);
      return await run(request, { client, environment, say });
    } finally {
      // A connection that is just being tried again is not worth the wait.
      await Promise.race([client.close(), wait(systemTimers, CLOSE_WITHIN_MS)]);
    }
  } catch (error) {
    const exit = exitOf(error, url);
    speaker(key)(exit.words);
    return exit.code;
  }
}

async function listTargets(client: RunnerClient): Promise<number> {
  const targets = await client.targets();
  const lines = targets.map(({ id, mode, url, name }) =>
    printable([id, mode.padEnd("unlimited".length), url, name ?? ""].join("  ").trimEnd()),
  );
  return print(lines.map((line) => `${line}\n`).join(""));
}

interface RunDeps {
  readonly client: RunnerClient;
  readonly environment: Environment;
  readonly say: Say;
}

async function run(request: RunRequest, { client, environment, say }: RunDeps): Promise<number> {
  const { file, args } = request.command;
  const lookup = findCommand(file, environment.searchPath);
  if (lookup === "missing") {
    say(`${notStartedWords(file, "ENOENT")}; no scan was started`);
    return exitCodes.notFound;
  }
  if (lookup === "not_executable") {
    say(`${notStartedWords(file, "EACCES")}; no scan was started`);
    return exitCodes.notExecutable;
  }

  const found = findTarget(await client.targets(), request.target);
  if (!found.found) throw new UsageError(found.why);

  let child: Child | undefined;
  const metered = runMetered(
    {
      client,
      timers: systemTimers,
      say,
      spawn: (scan) => {
        const forCommand = { ...environment.forCommand, SCANMETER_SCAN_ID: scan.scanId };
        child = spawnChild({ file, args, environment: forCommand });
        void child.ended.then(() => {
          child = undefined;
        });
        return child;
      },
    },
    {
      start: {
        targetId: found.target.id,
        idempotencyKey: randomUUID(),
        ...(request.label ? { label: request.label } : {}),
      },
      ...(request.graceMs === undefined ? {} : { graceMs: request.graceMs }),
    },
  );
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
    process.on(signal, () => metered.interrupt(signal));
  }
  // Should this process fall over, the command must not go on where nobody meters or stops it.
  process.on("exit", () => child?.signal("SIGKILL"));
  return metered.ended;
}

/** Standard error, line by line, and never the key: not even where somebody else's text holds it. */
function speaker(key: string | undefined): Say {
  return (sentence) => {
    const text = printable(key ? sentence.replaceAll(key.trim(), "<key>") : sentence);
    process.stderr.write(`scanmeter: ${text}\n`);
  };
}

function print(text: string): number {
  process.stdout.write(text);
  return exitCodes.done;
}

/** From the package's own file, which lies one folder up from the source and from the build. */
function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const manifest: unknown = JSON.parse(text);
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "unknown";
}

// A terminal that went away must not take the running scan with it.
process.stderr.on("error", () => {});
process.exit(await main(process.argv.slice(2), readEnvironment()));
