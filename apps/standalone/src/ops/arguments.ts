/** The operator's command line, read into one of the things that can be asked for. */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { type GrantInput, grantInput, type RefundInput, refundInput } from "./commands.ts";

export type Request =
  | { readonly command: "audit" | "alerts" | "reconcile"; readonly isJson: boolean }
  | { readonly command: "resolve"; readonly input: { alert: string }; readonly isJson: boolean }
  | { readonly command: "explain"; readonly account: string; readonly isJson: boolean }
  | { readonly command: "grant"; readonly input: GrantInput; readonly isJson: boolean }
  | { readonly command: "refund"; readonly input: RefundInput; readonly isJson: boolean };

/** The command line asks for something that does not exist; the message is one sentence. */
export class BadArguments extends Error {
  override readonly name = "BadArguments";
}

export const USAGE = `npm run ops -- <command> [--json]

  audit                checks every invariant of the books; ends with 1 at the first that is broken
  explain <account>    shows an account's lots, scans and postings; by id or its owner's email
  grant --account <id or owner's email> --credits <number> [--kind paid|free]
        [--expires <instant>] [--key <text>]
                       grants credits; the same --key again grants nothing more
  refund --top-up <id or invoice number> [--credits <number>] [--reason <text>] [--key <text>]
                       gives the money of unspent credits back; without --credits of all of them
  reconcile            compares with the payment provider now, as is done every day: what it found,
                       and the open alerts
  alerts               lists what waits for a person to look at it
  resolve <key>        closes an alert that was dealt with; the same again opens it again`;

const options = {
  account: { type: "string" },
  credits: { type: "string" },
  kind: { type: "string" },
  expires: { type: "string" },
  key: { type: "string" },
  "top-up": { type: "string" },
  reason: { type: "string" },
  json: { type: "boolean" },
} as const;

const allowed = {
  audit: [],
  explain: [],
  grant: ["account", "credits", "kind", "expires", "key"],
  refund: ["top-up", "credits", "reason", "key"],
  reconcile: [],
  alerts: [],
  resolve: [],
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
  if (command === "resolve") {
    const [alert, ...more] = rest;
    if (alert === undefined || more.length > 0) {
      throw new BadArguments("resolve takes one alert: its key, as alerts shows it.");
    }
    return { command, input: { alert }, isJson };
  }
  if (rest.length > 0)
    throw new BadArguments(`${command} does not know what to do with "${rest[0]}".`);
  switch (command) {
    case "grant":
      return { command, input: grantInputFrom(values), isJson };
    case "refund":
      return { command, input: refundInputFrom(values), isJson };
    default:
      return { command, isJson };
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new BadArguments(`${(error as Error).message.split(/\.\s/)[0]}.`);
  }
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function refundInputFrom(values: Values): RefundInput {
  const { credits, reason = "asked by an operator", key = randomUUID() } = values;
  const parsed = refundInput.safeParse({
    topUp: values["top-up"],
    ...(credits === undefined ? {} : { credits: numberOr(credits) }),
    reason,
    key,
  });
  if (parsed.success) return parsed.data;
  throw new BadArguments(`${parsed.error.issues[0]?.message}.`);
}

/** A number as people write it; anything else stays what it was, to be told of. */
function numberOr(value: string | boolean | undefined) {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

function grantInputFrom(values: Values): GrantInput {
  const { account, credits, kind = "paid", expires, key = randomUUID() } = values;
  const parsed = grantInput.safeParse({
    account,
    credits: numberOr(credits),
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
