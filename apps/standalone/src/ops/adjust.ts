/** Puts a balance right by hand; the customer reads the reason. */
import { keptReasons, type Refusal } from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";
import { z } from "zod";
import { accountMeant } from "./account-meant.ts";
import type { CommandAnswer } from "./commands.ts";
import { printable } from "./printable.ts";

const ADJUST_MAX = 1_000_000;
const AMOUNT = `--credits must be a whole number from -${ADJUST_MAX} to ${ADJUST_MAX}, and not 0`;
/** Words by which the ledger itself says why it moves what expired. */
const own: readonly string[] = Object.values(keptReasons);

export const adjustInput = z.strictObject({
  account: z.string("--account is missing: an account's id or its owner's email").min(1).max(320),
  credits: z
    .int(AMOUNT)
    .min(-ADJUST_MAX, AMOUNT)
    .max(ADJUST_MAX, AMOUNT)
    .refine((credits) => credits !== 0, AMOUNT),
  reason: z
    .string("--reason is missing: the customer reads it")
    .trim()
    .min(1, "--reason must say something")
    .max(200, "--reason may have at most 200 characters")
    .refine((text) => text === printable(text), "--reason must be one line of text")
    .refine((text) => !own.includes(text), "--reason is a word the ledger uses itself"),
  key: z.string().min(1).max(200, "--key may have at most 200 characters"),
});

export type AdjustInput = z.output<typeof adjustInput>;

export async function runAdjust(
  operations: Operations,
  { account: wanted, credits, reason, key }: AdjustInput,
): Promise<CommandAnswer> {
  const meant = await accountMeant(operations, wanted);
  if (!meant.ok) return meant;
  const { id: accountId, name } = meant.account;
  const outcome = await operations.adjustCredits({ accountId, credits, reason, key: `ops-${key}` });
  if (!outcome.ok) {
    const { refusal } = outcome;
    return { ok: false, code: refusal.code, said: sentenceOf(refusal, name) };
  }
  const { version } = outcome.value;
  const done = credits > 0 ? `Added ${credits} free credits to` : `Took ${-credits} credits from`;
  return {
    ok: true,
    said: `${done} ${name} (${accountId}); version ${version}.`,
    result: { accountId, credits, reason, version },
  };
}

function sentenceOf(refusal: Refusal, name: string): string {
  switch (refusal.code) {
    case "insufficient_credits":
      return `${name} has only ${refusal.available} credits to take, so none were taken.`;
    case "idempotency_key_reused":
      return "This --key was used for another adjustment; choose a new one.";
    default:
      return `It was refused: ${refusal.code}.`;
  }
}
