import { type ParseArgsConfig, parseArgs } from "node:util";

/** What was asked on the command line. */
export type Request =
  | { readonly ask: "help" }
  | { readonly ask: "version" }
  | ({ readonly ask: "targets" } & ConnectionFlags)
  | ({ readonly ask: "run" } & ConnectionFlags & RunFlags);

export interface ConnectionFlags {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

export interface RunFlags {
  readonly target: string;
  readonly label?: string | undefined;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs?: number | undefined;
  readonly command: { readonly file: string; readonly args: readonly string[] };
}

/** A sentence for whoever typed it; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const GRACE_MAX_SECONDS = 3_600;

const connection = {
  url: { type: "string" },
  key: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const satisfies ParseArgsConfig["options"];

const options = {
  run: {
    ...connection,
    target: { type: "string" },
    label: { type: "string" },
    grace: { type: "string" },
  },
  targets: connection,
} as const;

export function parseArguments(argv: readonly string[]): Request {
  // Everything after the first "--" is somebody else's command line and none of our business.
  const cut = argv.indexOf("--");
  const [verb, ...flags] = cut < 0 ? argv : argv.slice(0, cut);
  const command = cut < 0 ? [] : argv.slice(cut + 1);

  if (verb === undefined) throw new UsageError("say what to do: run or targets (see --help)");
  if (verb === "run") return parseRun(flags, command, cut >= 0);
  if (verb === "targets") return parseTargets(flags, cut >= 0);
  if (verb === "--help" || verb === "-h" || verb === "help") return { ask: "help" };
  if (verb === "--version" || verb === "version") return { ask: "version" };
  const what = verb.startsWith("-") ? `option ${verb} before a command` : `command "${verb}"`;
  throw new UsageError(`unknown ${what}; there are run and targets (see --help)`);
}

function parseRun(
  flags: readonly string[],
  command: readonly string[],
  hasDashes: boolean,
): Request {
  const { values, positionals } = parseFlags(flags, options.run);
  if (values.help) return { ask: "help" };
  if (values.version) return { ask: "version" };
  if (positionals.length > 0) {
    throw new UsageError(`unexpected "${positionals[0]}"; the command to run goes after "--"`);
  }
  if (!values.target) throw new UsageError("say which target to scan with --target <id|url>");
  const [file, ...args] = command;
  if (!file) {
    const where = hasDashes ? 'nothing follows the "--"' : 'put it after "--"';
    throw new UsageError(`there is no command to run: ${where}`);
  }
  const { url, key, target, label } = values;
  const graceMs = parseGrace(values.grace);
  return { ask: "run", url, key, target, label, graceMs, command: { file, args } };
}

function parseGrace(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= GRACE_MAX_SECONDS) return seconds * 1_000;
  throw new UsageError(`--grace is a number of seconds from 0 to ${GRACE_MAX_SECONDS}`);
}

function parseTargets(flags: readonly string[], hasDashes: boolean): Request {
  const { values, positionals } = parseFlags(flags, options.targets);
  if (values.help) return { ask: "help" };
  if (values.version) return { ask: "version" };
  const extra = hasDashes ? "--" : positionals[0];
  if (extra !== undefined)
    throw new UsageError(`unexpected "${extra}"; targets takes no arguments`);
  return { ask: "targets", url: values.url, key: values.key };
}

function parseFlags<Options extends NonNullable<ParseArgsConfig["options"]>>(
  flags: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...flags], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(flagSentence(error, flags));
  }
}

/** Node's own sentences advise on "--", which has another meaning here, and may repeat a key. */
function flagSentence(error: unknown, flags: readonly string[]): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const named = /'(-[^' =]+)/.exec(message)?.[1];
  const flag = named ?? flags.find((text) => text.startsWith("-")) ?? "";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `unknown option ${flag} (see --help)`;
  return `the option ${flag} is used wrongly: check whether it takes a value (see --help)`;
}
