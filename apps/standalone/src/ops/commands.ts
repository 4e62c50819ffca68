/**
 * What an operator can change, as one table. The running instance offers it on its socket; without
 * one, the command line opens the database and runs the same entry itself.
 */
import { credits, parseInstant } from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";
import { z } from "zod";

/** What a command did, or one sentence about why it did not. */
export type CommandAnswer =
  | { readonly ok: true; readonly said: string; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly said: string; readonly code: string };

type RunCommand = (operations: Operations, input: unknown) => Promise<CommandAnswer>;

const GRANT_MAX = 1_000_000;

export const grantInput = z.strictObject({
  account: z.string("--account is missing: an account's id or its owner's email").min(1).max(320),
  credits: z
    .int(`--credits must be a whole number from 1 to ${GRANT_MAX}`)
    .min(1, `--credits must be a whole number from 1 to ${GRANT_MAX}`)
    .max(GRANT_MAX, `--credits must be a whole number from 1 to ${GRANT_MAX}`),
  kind: z.enum(["paid", "free"], "--kind must be paid or free"),
  expires: z
    .string()
    .refine(
      (text) => parseInstant(text) !== undefined,
      "--expires must be an instant such as 2027-01-31T00:00:00Z",
    )
    .optional(),
  key: z.string().min(1).max(200, "--key may have at most 200 characters"),
});

export type GrantInput = z.output<typeof grantInput>;

const grant: RunCommand = async (operations, input) => {
  const parsed = grantInput.safeParse(input);
  if (!parsed.success) return badInput(parsed.error);
  const { account: wanted, kind, key, expires } = parsed.data;
  const account = await operations.findAccount(wanted);
  if (account === null) return no("account_not_found", `There is no account ${wanted}.`);
  const outcome = await operations.grantCredits({
    accountId: account.id,
    credits: credits(parsed.data.credits),
    kind,
    source: "operator grant",
    key: `ops-${key}`,
    expiresAt: expires === undefined ? undefined : parseInstant(expires),
  });
  if (!outcome.ok) return no(outcome.refusal.code, sentenceOf(outcome.refusal));
  const amount = `${parsed.data.credits} ${kind} credits`;
  return {
    ok: true,
    said: `Granted ${amount} to ${account.name} (${account.id}); version ${outcome.value.version}.`,
    result: {
      accountId: account.id,
      credits: parsed.data.credits,
      kind,
      version: outcome.value.version,
    },
  };
};

export const commands = { grant } as const satisfies Record<string, RunCommand>;
export type CommandName = keyof typeof commands;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

export function badInput(error: z.ZodError): CommandAnswer {
  return no("bad_input", `${error.issues[0]?.message ?? "The input is not usable"}.`);
}

function sentenceOf(refusal: { readonly code: string }): string {
  const sentences: Record<string, string> = {
    idempotency_key_reused: "This --key was used for another grant; choose a new one.",
    invalid_expiry: "--expires must lie in the future.",
  };
  return sentences[refusal.code] ?? `It was refused: ${refusal.code}.`;
}

const no = (code: string, said: string): CommandAnswer => ({ ok: false, code, said });
