/**
 * An account's own history as files, for every member of it. They are made while they are read, a page
 * of the database at a time, so that a million lines cost no more memory than one page; each person has
 * a few at once.
 */
import { activityItemOf } from "@scanmeter/contracts/activity-views";
import { isoOf } from "@scanmeter/core";
import { ledgerLineOf } from "@scanmeter/db";
import type { ActivityFilter, Operations } from "@scanmeter/operations";
import type { Logger } from "pino";
import { z } from "zod";
import type { Sessions, SignedIn } from "../auth/sessions.ts";
import { activityFilter } from "../inputs.ts";
import type { EdgeLimits } from "../limits.ts";
import { csvLine } from "./csv.ts";
import { ExportSlots } from "./export-slots.ts";
import { exportStream } from "./export-stream.ts";

export const ACTIVITY_CSV_PATH = "/export/activity.csv";
export const LEDGER_PATH = "/export/ledger.jsonl";

export interface ExportDeps {
  readonly operations: Pick<Operations, "walkActivity" | "walkLedger" | "teams" | "clock">;
  readonly sessions: Pick<Sessions, "find">;
  readonly limits: EdgeLimits;
  readonly log: Logger;
}

export interface Exports {
  /** As `account.activity` has it, the newest first, with the same filters in the query. */
  activity(request: Request): Promise<Response>;
  /** Every posting with its hash, the oldest first: what the chain is checked by. */
  ledger(request: Request): Promise<Response>;
}

type ExportOperations = ExportDeps["operations"];

interface WantedFile {
  readonly type: string;
  readonly name: string;
  pieces(accountId: string): AsyncGenerator<string>;
}

export function createExports({ operations, sessions, limits, log }: ExportDeps): Exports {
  const slots = new ExportSlots(limits);

  /** `wanted` answers null for what nobody can be given. */
  async function answer(request: Request, wanted: () => WantedFile | null): Promise<Response> {
    const { signedIn, setCookies } = await sessions.find(request.headers.get("cookie"));
    const headers = new Headers(setCookies.map((cookie) => ["set-cookie", cookie]));
    const no = (status: number, message: string) => Response.json({ message }, { status, headers });
    if (signedIn === null) return no(401, "Sign in to do this.");
    const file = wanted();
    if (file === null) return no(400, "These filters are not usable.");
    headers.set("content-type", file.type);
    headers.set("content-disposition", `attachment; filename="${file.name}"`);
    if (request.method === "HEAD") return new Response(null, { headers });
    const release = slots.take(signedIn.user.id);
    if (release === null) {
      headers.delete("content-disposition");
      headers.set("retry-after", "10");
      return no(429, "Other downloads are under way. Try again when they have finished.");
    }
    return new Response(bodyOf(file, signedIn, release), { headers });
  }

  /** Whoever is removed while they read is cut off, so that a slow reader sees nothing that came later. */
  async function* whileMember(file: WantedFile, { user, account, sessionToken }: SignedIn) {
    for await (const piece of file.pieces(account.id)) {
      const own = await operations.teams.listOwn({ userId: user.id, sessionToken });
      if (!own.some(({ id }) => id === account.id)) throw new Error("The reader was removed.");
      yield piece;
    }
  }

  function bodyOf(file: WantedFile, signedIn: SignedIn, release: () => void) {
    const { account } = signedIn;
    return exportStream(whileMember(file, signedIn), {
      stalledAfterMs: limits.exportStalledMs,
      onEnd: release,
      onFailure: (err) => log.error({ err, accountId: account.id }, "an export failed"),
    });
  }

  const today = () => isoOf(operations.clock.now()).slice(0, 10);
  return {
    activity: (request) =>
      answer(request, () => {
        const filter = filterOf(new URL(request.url).searchParams);
        return (
          filter && {
            type: "text/csv; charset=utf-8; header=present",
            name: `scanmeter-activity-${today()}.csv`,
            pieces: (accountId) => activityCsv(operations, { accountId, ...filter }),
          }
        );
      }),
    ledger: (request) =>
      answer(request, () => ({
        type: "application/jsonl; charset=utf-8",
        name: `scanmeter-ledger-${today()}.jsonl`,
        pieces: (accountId) => ledgerLines(operations, accountId),
      })),
  };
}

const queryInput = z.strictObject({
  ...activityFilter,
  kinds: z
    .string()
    .transform((text) => text.split(","))
    .pipe(activityFilter.kinds.unwrap())
    .optional(),
});

/** Null for what is not a filter; one that is given twice is none. */
function filterOf(query: URLSearchParams): Omit<ActivityFilter, "accountId"> | null {
  const fields = Object.fromEntries(query);
  if (Object.keys(fields).length < query.size) return null;
  return queryInput.safeParse(fields).data ?? null;
}

const columns = [
  "posting",
  "booked_at",
  "type",
  "description",
  "target",
  "credits",
  "balance_after",
  "owed_after",
  "lot_id",
  "scan_id",
  "purchase_id",
  "who",
];

async function* activityCsv(operations: ExportOperations, filter: ActivityFilter) {
  yield csvLine(columns);
  for await (const rows of operations.walkActivity(filter)) {
    const lines = rows.map((row) => {
      const item = activityItemOf(row);
      const { version, bookedAt, kind, text, credits, balanceAfter, who = null } = item;
      const { targetName, debtAfter, lotId, scanId, topUpId } = row;
      const about = [version, bookedAt, kind, text, targetName, credits, balanceAfter, debtAfter];
      return csvLine([...about, lotId, scanId, topUpId, who]);
    });
    yield lines.join("");
  }
}

const LINES_AT_ONCE = 250;

async function* ledgerLines(operations: ExportOperations, accountId: string) {
  let lines: string[] = [];
  for await (const link of operations.walkLedger(accountId)) {
    lines.push(`${ledgerLineOf(link)}\n`);
    if (lines.length < LINES_AT_ONCE) continue;
    yield lines.join("");
    lines = [];
  }
  if (lines.length > 0) yield lines.join("");
}
