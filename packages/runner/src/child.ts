import { type ChildProcess, spawn } from "node:child_process";
import { printable } from "./printable.ts";

/** How a command ended. `not_started` carries the system's code, such as ENOENT. */
export type ChildEnd =
  | { readonly how: "exited"; readonly code: number }
  | { readonly how: "signalled"; readonly signal: NodeJS.Signals }
  | { readonly how: "not_started"; readonly code: string };

/** A command and everything it started. */
export interface Child {
  readonly command: string;
  /** When the command itself has ended; what it started may live on. */
  readonly ended: Promise<ChildEnd>;
  /** Signals the whole group. */
  signal(name: NodeJS.Signals): "sent" | "gone" | "forbidden";
  /** Whether anything of the group is left. */
  isAnyoneLeft(): boolean;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Starts a command at the head of a group of its own, so that a freeze or a stop reaches all of a
 * scanner's helpers and Ctrl-C reaches the scanner only through us. Its input and output are ours,
 * byte for byte: they never pass through this process.
 */
export function spawnChild({ file, args, environment }: Command): Child {
  const started = tryToSpawn({ file, args, environment });
  const groupId = started.process?.pid;
  return {
    command: printable([file, ...args].join(" ")),
    ended: started.ended,
    signal(name) {
      return groupId === undefined ? "gone" : signalGroup(groupId, name);
    },
    isAnyoneLeft() {
      return groupId !== undefined && signalGroup(groupId, 0) !== "gone";
    },
  };
}

function tryToSpawn({ file, args, environment }: Command): {
  readonly process?: ChildProcess;
  readonly ended: Promise<ChildEnd>;
} {
  try {
    const child = spawn(file, args, { stdio: "inherit", detached: true, env: environment });
    return { process: child, ended: endOf(child) };
  } catch (error) {
    // Thrown rather than emitted for arguments no system would take, such as a zero byte.
    return { ended: Promise.resolve({ how: "not_started", code: codeOf(error) }) };
  }
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ how: "not_started", code: codeOf(error) }));
    child.once("exit", (code, signal) => {
      resolve(signal ? { how: "signalled", signal } : { how: "exited", code: code ?? 1 });
    });
  });
}

function signalGroup(groupId: number, name: NodeJS.Signals | 0): "sent" | "gone" | "forbidden" {
  try {
    process.kill(-groupId, name);
    return "sent";
  } catch (error) {
    return codeOf(error) === "ESRCH" ? "gone" : "forbidden";
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : String(error);
}
