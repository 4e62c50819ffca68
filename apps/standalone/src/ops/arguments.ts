/** The operator's command line, read into one of the things that can be asked for. */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { type GrantInput, grantInput } from "./commands.ts";

export type Request =
  | { readonly command: "audit"; readonly isJson: boolean }
  | { readonly command: "explain"; readonly account: string; readonly isJson: boolean }
  | { readonly command: "grant"; readonly input: GrantInput; readonly isJson: boolean };

/** The command line asks for something that does not exist; the message is one sentence. */
export class BadArguments extends Error {
  override readonly name = "BadArguments";
}

export const USAGE = `npm run ops -- <command> [--json]

  audit                checks every invariant of the books; ends with 1 at the first that is broken
  explain <account>    shows an account's lots, scans and postings; by id or its owner's email
  grant --account <id or owner's email> --credits <number> [--kind paid|free]
        [--expires <instant>] [--key <text>]
                       grants credits; the same --key again grants nothing more`;

const options = {
  account: { type: "string" },
  credits: { type: "string" },
  kind: { type: "string" },
  expires: { type: "string" },
  key: { type: "string" },
  json: { type: "boolean" },
} as const;

const allowed = {
  audit: [],
  explain: [],
  grant: ["account", "credits", "kind", "expires", "key"],
} as const satisfies Record<Request["command"], readonly (keyof typeof options)[]>;

export function parseRequest(args: readonly string[]): Request {
  const { values, positionals } = parse(args);
  const [command = "", ...rest] = positionals;
  const isJson = values.json === true;
  if (!isKnown(command)) {
    throw new BadArguments(
      command === "" ? USAGE : `There is no command "${command}".\n\n${USAGE}`,
    );
  }
  const foreign = Object.keys(values).find(
    (name) => name !== "json" && !(allowed[command] as readonly string[]).includes(name),
  );
  if (foreign !== undefined) throw new BadArguments(`${command} takes no --${foreign}.`);

  if (command === "explain") {
    const [account, ...more] = rest;
    if (account === undefined || more.length > 0) {
      throw new BadArguments("explain takes one account: its id or its owner's email.");
    }
    return { command, account, isJson };
  }
  if (rest.length > 0)
    throw new BadArguments(`${command} does not know what to do with "${rest[0]}".`);
  if (command === "audit") return { command, isJson };
  return { command, input: grantInputFrom(values), isJson };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new BadArguments(`${(error as Error).message.split(". ")[0]}.`);
  }
}

function grantInputFrom(
  values: Readonly<Record<string, string | boolean | undefined>>,
): GrantInput {
  const { account, credits, kind = "paid", expires, key = randomUUID() } = values;
  const isNumber = typeof credits === "string" && /^\d{1,15}$/.test(credits);
  const parsed = grantInput.safeParse({
    account,
    credits: isNumber ? Number(credits) : credits,
    kind,
    ...(expires === undefined ? {} : { expires }),
    key,
  });
  if (parsed.success) return parsed.data;
  throw new BadArguments(`${parsed.error.issues[0]?.message}.`);
}

function isKnown(command: string): command is Request["command"] {
  return Object.hasOwn(allowed, command);
}
