/**
 * Checks a ledger that a customer downloaded, with nothing but the file: that no posting is missing,
 * changed or out of order, and that the amounts add up to the balances that are told. Whoever kept a
 * hash from before can ask whether it is still in there: then nothing up to it was written anew.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { ledgerAccounts, type Posting, postingKinds } from "@scanmeter/core";
import { brokenLink, type ChainPlace, chainStart } from "@scanmeter/db";
import { z } from "zod";
import { StartFailure } from "../start-failure.ts";
import { printable } from "./printable.ts";
import type { Report } from "./reports.ts";

const text = z.string().nullable();

/** As `ledgerLineOf` writes it. */
const ledgerLine = z.strictObject({
  accountId: z.string(),
  version: z.int(),
  kind: z.enum(postingKinds),
  key: z.string(),
  fingerprint: text,
  bookedAt: z.int(),
  recordedAt: z.int(),
  scanId: text,
  hour: z.int().nullable(),
  reverses: z.int().nullable(),
  reason: text,
  balanceAfter: z.int(),
  debtAfter: z.int(),
  entries: z.array(
    z.strictObject({
      from: z.enum(ledgerAccounts),
      to: z.enum(ledgerAccounts),
      amount: z.int().positive(),
      lotId: text,
    }),
  ),
  extensions: z.array(
    z.strictObject({ lotId: z.string(), oldExpiresAt: z.int(), newExpiresAt: z.int() }),
  ),
  topUpId: text,
  /** Not in a file from before postings had it. */
  askedBy: text.default(null),
  hash: z.string(),
});

type LedgerLine = z.output<typeof ledgerLine>;

export interface Verdict {
  readonly accountId: string | null;
  readonly postings: number;
  readonly balance: number;
  readonly owed: number;
  readonly hash: string;
  /** The posting that has the hash that was asked for. */
  readonly foundAt: number | null;
  readonly broken: { readonly line: number; readonly why: string } | null;
}

export async function verifyLines(
  lines: AsyncIterable<string>,
  wanted: string | null = null,
): Promise<Verdict> {
  let accountId: string | null = null;
  let place: ChainPlace = chainStart;
  let [balance, owed, line] = [0, 0, 0];
  let foundAt: number | null = null;
  const verdict = (why: string | null): Verdict => {
    const broken = why === null ? null : { line, why };
    return { accountId, postings: place.version, balance, owed, hash: place.hash, foundAt, broken };
  };
  for await (const written of lines) {
    line += 1;
    const parsed = parse(written);
    if (parsed === null) return verdict("it is no posting");
    accountId ??= parsed.accountId;
    if (parsed.accountId !== accountId) return verdict("it is a posting of another account");
    const { hash, ...posting } = parsed;
    const broken = brokenLink(place, { posting: posting as unknown as Posting, hash });
    if (broken !== null) return verdict(`posting ${broken}`);
    for (const entry of posting.entries) {
      const moved = moveOf(entry);
      [balance, owed] = [balance + moved.balance, owed + moved.owed];
    }
    if (balance !== posting.balanceAfter || owed !== posting.debtAfter)
      return verdict(`posting ${posting.version} says another balance than its amounts add up to`);
    place = { version: posting.version, hash };
    if (hash === wanted) foundAt = posting.version;
  }
  return verdict(null);
}

function parse(line: string): LedgerLine | null {
  try {
    return ledgerLine.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Credits belong to a lot, or, without one, to what is owed; a lot may repay what is owed. */
function moveOf({ from, to, amount, lotId }: LedgerLine["entries"][number]) {
  if (lotId === null) return { balance: 0, owed: from === "customer" ? amount : -amount };
  const balance = from === "customer" ? -amount : amount;
  return { balance, owed: from === "customer" && to === "customer" ? -amount : 0 };
}

export async function verifyExportReport(file: string, wanted: string | null): Promise<Report> {
  const input = createReadStream(file);
  // Listened to before anything else can fail over it.
  const opened = new Promise<void>((resolve, reject) => {
    input.once("open", () => resolve()).once("error", reject);
  });
  await opened.catch((error: Error) => {
    throw new StartFailure(`The file cannot be read: ${error.message}.`, { cause: error });
  });
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const verdict = await verifyLines(lines, wanted);
  input.destroy();
  const isOk = verdict.broken === null && (wanted === null || verdict.foundAt !== null);
  return { json: { ok: isOk, ...verdict }, text: inWords(verdict, wanted), exitCode: isOk ? 0 : 1 };
}

function inWords(verdict: Verdict, wanted: string | null): string {
  const { broken, postings, accountId, balance, owed, hash, foundAt } = verdict;
  if (broken !== null) {
    const before = postings === 0 ? "" : ` The chain is whole up to posting ${postings}.`;
    return `Line ${broken.line}: ${printable(broken.why)}.${before}`;
  }
  if (postings === 0) return "There is no posting in it.";
  const sums = `the amounts add up to ${balance} credits, ${owed} owed`;
  const whole = `${postings} postings of ${printable(accountId ?? "")}: the chain is whole and ${sums}.`;
  const end = `It ends in ${hash}.`;
  if (wanted === null) return `${whole}\n${end}`;
  const found =
    foundAt === null
      ? `No posting in it has the hash ${printable(wanted)}: what ended in it was written anew, or is of another ledger.`
      : `Posting ${foundAt} has the hash ${printable(wanted)}.`;
  return `${whole}\n${end}\n${found}`;
}
