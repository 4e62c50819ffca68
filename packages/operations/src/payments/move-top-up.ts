import {
  accept,
  type Instant,
  type Journal,
  type Outcome,
  type Refusal,
  refuse,
} from "@scanmeter/core";
import { advance, type TopUpEvent } from "@scanmeter/core/purchase";
import { raiseAlert, type TopUpRow } from "@scanmeter/db";
import { noteAutomaticMove } from "../auto-top-up/after-move.ts";
import type { Deps } from "../deps.ts";
import type { Draft, Known } from "../writer.ts";

export interface TopUpName {
  readonly accountId: string;
  readonly topUpId: string;
}

/** What is kept beside a purchase's state and may change with a move of it. */
export type BesideTopUp = Partial<Pick<TopUpRow, "card" | "billing">>;

/** Lets an event happen to a purchase. What it becomes is decided by core and stored before it is answered. */
export function moveTopUp(
  deps: Deps,
  { accountId, topUpId }: TopUpName,
  event: TopUpEvent,
  change: BesideTopUp = {},
): Promise<Outcome<TopUpRow, Refusal>> {
  return deps.writer.submit<TopUpRow>({
    accountId,
    wants: { topUpId, autoTopUp: true },
    decide: (books, known, draft) =>
      known.topUp === null
        ? refuse({ code: "top_up_not_found", topUpId } as const)
        : moveInBooks({ books, known, draft }, known.topUp, event, change),
  });
}

/** What a command stands on while it decides. */
export interface Decision {
  readonly books: Journal;
  readonly known: Known;
  readonly draft: Draft;
}

/** The same as part of a command that decides more. */
export function moveInBooks(
  { books, known, draft }: Decision,
  row: TopUpRow,
  event: TopUpEvent,
  change: BesideTopUp = {},
): Outcome<TopUpRow, Refusal> {
  const moved = advance(row.topUp, event, books.now);
  if (!moved.ok) return moved;
  const after = { ...row, ...change, topUp: moved.value };
  if (JSON.stringify(after) === JSON.stringify(row)) return accept(row);
  draft.putTopUp(after);
  if (after.topUp.state === "needs_review" && row.topUp.state !== "needs_review") {
    draft.add([reviewAlert(after, books.now)]);
  }
  noteAutomaticMove(draft, { before: row, after, known: known.autoTopUp, at: books.now });
  return accept({ ...after, topUp: { ...after.topUp, revision: after.topUp.revision + 1 } });
}

/** Somebody has to look at a purchase: it does not fit, or nobody answers. */
export function reviewAlert({ topUp }: TopUpRow, at: Instant) {
  const differences = topUp.differences.join(", ");
  const why =
    differences === "" ? "the payment gateway stays silent" : `these differ: ${differences}`;
  return raiseAlert(
    {
      key: `needs-review-${topUp.id}`,
      kind: "needs_review",
      accountId: topUp.accountId,
      text: `Purchase ${topUp.id} needs a look: ${why}. No credits were granted.`,
    },
    at,
  );
}
