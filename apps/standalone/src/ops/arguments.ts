/** The operator's command line, read into one of the things that can be asked for. */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { type AdjustInput, adjustInput } from "./adjust.ts";
import { type GrantInput, grantInput, type RefundInput, refundInput } from "./commands.ts";

export type Request =
  | { readonly command: "audit" | "alerts" | "reconcile"; readonly isJson: boolean }
  | { readonly command: "resolve"; readonly input: { alert: string }; readonly isJson: boolean }
  | { readonly command: "explain"; readonly account: string; readonly isJson: boolean }
  | { readonly command: "backup" | "restore"; readonly file: string; readonly isJson: boolean }
  | {
      readonly command: "verify-export";
      readonly file: string;
      readonly hash: string | null;
      readonly isJson: boolean;
    }
  | { readonly command: "grant"; readonly input: GrantInput; readonly isJson: boolean }
  | { readonly command: "adjust"; readonly input: AdjustInput; readonly isJson: boolean }
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
  adjust --account <id or owner's email> --credits <number> --reason <text> [--key <text>]
                       adds free credits, or takes some when the number is negative, and never more
                       than there are; the customer reads the reason
  refund --top-up <id or invoice number> [--credits <number>] [--reason <text>] [--key <text>]
                       gives the money of unspent credits back; without --credits of all of them
  reconcile            compares with the payment provider now, as is done every day: what it found,
                       and the open alerts
  alerts               lists what waits for a person to look at it
  resolve <key>        closes an alert that was dealt with; the same again opens it again
  backup <file>        copies the database, beside a running instance too, and checks the copy
  restore <file>       puts a copy in its place, while no instance runs; keeps what was there
  verify-export <file> [--hash <hash>]
                       checks a ledger that a customer downloaded, with nothing but the file; with
                       --hash also that the posting with this hash is still in it`;

const options = {
  account: { type: "string" },
  credits: { type: "string" },
  kind: { type: "string" },
  expires: { type: "string" },
  key: { type: "string" },
  "top-up": { type: "string" },
  reason: { type: "string" },
  hash: { type: "string" },
  json: { type: "boolean" },
} as const;

const allowed = {
  audit: [],
  explain: [],
  grant: ["account", "credits", "kind", "expires", "key"],
  adjust: ["account", "credits", "reason", "key"],
  refund: ["top-up", "credits", "reason", "key"],
  reconcile: [],
  alerts: [],
  resolve: [],
  backup: [],
  restore: [],
  "verify-export": ["hash"],
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

  /** The one thing a command is about. */
  const only = (what: string): string => {
    const [value, ...more] = rest;
    if (value === undefined || more.length > 0) throw new BadArguments(`${command} takes ${what}.`);
    return value;
  };
  switch (command) {
    case "explain":
      return { command, account: only("one account: its id or its owner's email"), isJson };
    case "resolve":
      return { command, input: { alert: only("one alert: its key, as alerts shows it") }, isJson };
    case "backup":
    case "restore":
      return { command, file: only("one file"), isJson };
    case "verify-export":
      return { command, file: only("one file"), hash: values.hash ?? null, isJson };
  }
  if (rest.length > 0)
    throw new BadArguments(`${command} does not know what to do with "${rest[0]}".`);
  switch (command) {
    case "grant":
      return { command, input: grantInputFrom(values), isJson };
    case "adjust":
      return { command, input: adjustInputFrom(values), isJson };
    case "refund":
      return { command, input: refundInputFrom(values), isJson };
    default:
      return { command, isJson };
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: signed(args), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new BadArguments(`${(error as Error).message.split(/\.\s/)[0]}.`);
  }
}

/** An amount may be negative and a hash begin with a dash; the parser would take either for an option. */
function signed(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1) ?? "";
    const isValue = (option === "--credits" && /^-\d/.test(arg)) || option === "--hash";
    if (isValue) joined.splice(-1, 1, `${option}=${arg}`);
    else joined.push(arg);
  }
  return joined;
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
  return typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

function adjustInputFrom(values: Values): AdjustInput {
  const { account, credits, reason, key = randomUUID() } = values;
  const parsed = adjustInput.safeParse({ account, credits: numberOr(credits), reason, key });
  if (parsed.success) return parsed.data;
  throw new BadArguments(`${parsed.error.issues[0]?.message}.`);
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
