/**
 * What an operator can change, as one table. The running instance offers it on its socket; without
 * one, the command line opens the database and runs the same entry itself.
 */
import {
  type Currency,
  credits,
  decimalOf,
  type Minor,
  minor,
  type NotRefundable,
  parseInstant,
  type Refusal,
} from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";
import { z } from "zod";
import { accountMeant } from "./account-meant.ts";
import { adjustInput, runAdjust } from "./adjust.ts";
import { reconcileInput, runReconcile } from "./reconcile.ts";

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
  const meant = await accountMeant(operations, wanted);
  if (!meant.ok) return meant;
  const { account } = meant;
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

export const refundInput = z.strictObject({
  topUp: z.string("--top-up is missing: a purchase's id or its invoice's number").min(1).max(100),
  credits: z
    .int(`--credits must be a whole number from 1 to ${GRANT_MAX}`)
    .min(1, `--credits must be a whole number from 1 to ${GRANT_MAX}`)
    .max(GRANT_MAX, `--credits must be a whole number from 1 to ${GRANT_MAX}`)
    .optional(),
  reason: z.string().min(1, "--reason must say something").max(500, "--reason is too long"),
  key: z.string().min(1).max(200, "--key may have at most 200 characters"),
});

export type RefundInput = z.output<typeof refundInput>;

const refund: RunCommand = async (operations, input) => {
  const parsed = refundInput.safeParse(input);
  if (!parsed.success) return badInput(parsed.error);
  const { buying } = operations;
  if (buying === null) {
    return no("payments_off", "Nothing can be bought here, so nothing can be refunded.");
  }
  const { topUp, reason, key } = parsed.data;
  const outcome = await buying.startRefund({
    topUp,
    credits: parsed.data.credits,
    reason,
    key: `ops-${key}`,
  });
  if (!outcome.ok) return no(outcome.refusal.code, refundSentence(outcome.refusal, topUp));
  const { id, topUpId, accountId, amountMinor, currency, status, credits: taken } = outcome.value;
  const money = moneyWords(amountMinor, currency);
  const about = `${taken} ${taken === 1 ? "credit" : "credits"} of purchase ${topUpId} for ${money}`;
  const result = {
    refundId: id,
    topUpId,
    accountId,
    credits: taken,
    amountMinor,
    currency,
    status,
  };
  switch (status) {
    case "succeeded":
      return { ok: true, said: `Refunded ${about} (${id}).`, result };
    case "refused":
    case "failed":
    case "canceled":
      return no("refund_refused", `The payment provider did not refund ${about}; see the alerts.`);
    default:
      return {
        ok: true,
        said: `The refund of ${about} is under way (${id}): ${status}. Nobody has to ask again.`,
        result,
      };
  }
};

/** Of one of our purchases, so in a currency we sell in. */
const moneyWords = (amountMinor: Minor, currency: string) =>
  `${currency} ${decimalOf({ amountMinor, currency: currency as Currency })}`;

const notRefundable: Record<NotRefundable["reason"], (most: NotRefundable) => string> = {
  not_paid: () => "it was not paid",
  disputed: () => "the bank is deciding a dispute about its payment",
  nothing_left: () => "none of its credits are left",
  too_much: ({ refundableCredits, refundableMinor, currency }) =>
    `at most ${refundableCredits} credits can be refunded, ${moneyWords(minor(refundableMinor), currency)}`,
};

function refundSentence(refusal: Refusal, topUp: string): string {
  switch (refusal.code) {
    case "top_up_not_found":
      return `There is no purchase ${topUp}.`;
    case "not_refundable":
      return `Purchase ${topUp} cannot be refunded: ${notRefundable[refusal.reason](refusal)}.`;
    case "gateway_unavailable":
      return "The payment provider did not answer, so nothing was refunded; try again.";
    case "idempotency_key_reused":
      return "This --key was used for another refund; choose a new one.";
    default:
      return `It was refused: ${refusal.code}.`;
  }
}

const adjust: RunCommand = async (operations, input) => {
  const parsed = adjustInput.safeParse(input);
  return parsed.success ? runAdjust(operations, parsed.data) : badInput(parsed.error);
};

const reconcile: RunCommand = async (operations, input) => {
  const parsed = reconcileInput.safeParse(input);
  return parsed.success ? runReconcile(operations) : badInput(parsed.error);
};

export const resolveInput = z.strictObject({
  alert: z.string("resolve takes the key of an open alert").min(1).max(300),
});

const resolve: RunCommand = async (operations, input) => {
  const parsed = resolveInput.safeParse(input);
  if (!parsed.success) return badInput(parsed.error);
  const { alert } = parsed.data;
  if (!(await operations.resolveAlert(alert))) {
    return no("alert_not_found", `There is no open alert ${alert}.`);
  }
  return { ok: true, said: `Resolved ${alert}. The same again opens it again.`, result: { alert } };
};

export const commands = { grant, adjust, refund, reconcile, resolve } as const satisfies Record<
  string,
  RunCommand
>;
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
