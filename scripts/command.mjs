/**
 * Runs one command to its end. Standard input is closed, because nothing here
 * may wait for a person; output goes straight through unless it is asked for.
 */
import { spawn } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./repository.mjs";

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, output?: "inherit" | "stderr" | "capture" }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd = root, env = {}, output = "inherit" } = {}) {
  const stdio = {
    inherit: ["ignore", "inherit", "inherit"],
    stderr: ["ignore", 2, 2],
    capture: ["ignore", "pipe", "pipe"],
  }[output];
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", ...env },
    });
    let text = "";
    const collect = (chunk) => {
      text += chunk;
    };
    child.stdout?.setEncoding("utf8").on("data", collect);
    child.stderr?.setEncoding("utf8").on("data", collect);
    child.once("error", (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.once("close", (code, signal) =>
      resolve({ code: exitCodeOf(code, signal), output: text }),
    );
  });
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/** What a shell would report: the code, or 128 and the number of the signal that ended it. */
export function exitCodeOf(code, signal) {
  return code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 0);
}

/** The first of these programs that PATH knows, as a full path. */
export function findOnPath(...names) {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      if (folder && isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether a module is the script that was called, rather than imported by one. */
export function isEntry(moduleUrl) {
  return (
    process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(moduleUrl)
  );
}

/** An expected end with one sentence for the person at the keyboard; no stack is printed for it. */
export class Stop extends Error {}

/** Runs the body of a script: a `Stop` is printed as its sentence, anything else with its stack. */
export async function main(body) {
  try {
    const code = await body();
    process.exitCode = code ?? process.exitCode ?? 0;
  } catch (error) {
    console.error(error instanceof Stop ? error.message : error);
    process.exitCode = 1;
  }
}
