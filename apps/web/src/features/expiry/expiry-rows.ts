/** Lots as lines of a drawing: when each ends now, and when it would after a purchase. */
import type { ExtendedLotView } from "@scanmeter/contracts/checkout";
import type { LotView } from "@scanmeter/contracts/live";
import { formatCredits } from "../../format/credits.ts";
import { dayInWords, type Place, shortDay } from "../../format/instants.ts";
import { isKept } from "../overview/kept-words.ts";

export type RowLook = "paid" | "free" | "kept" | "new";

export interface ExpiryRow {
  readonly look: RowLook;
  readonly credits: number;
  /** Epoch milliseconds, as everything here; null for a lot that is not there yet. */
  readonly endsAt: number | null;
  /** After the purchase; null where that moves nothing. */
  readonly movesTo: number | null;
}

const ROWS_MAX = 8;

export const rowsShown = (lots: readonly unknown[]): number => Math.min(lots.length, ROWS_MAX);

/** In the order of the table below, with what a purchase would do if one is thought of. */
export function rowsOfLots(
  { lots, now }: { readonly lots: readonly LotView[]; readonly now: string },
  moves: readonly ExtendedLotView[] = [],
): ExpiryRow[] {
  return lots.slice(0, ROWS_MAX).map((lot) => {
    const kept = isKept(lot, Date.parse(now));
    const move = moves.find(({ lotId }) => lotId === lot.id);
    return {
      look: kept ? "kept" : lot.kind,
      credits: kept ? lot.frozen : lot.remaining,
      endsAt: Date.parse(lot.expiresAt),
      movesTo: move ? Date.parse(move.to) : null,
    };
  });
}

/** What an order does: to the lots there are, and those it brings. */
export function rowsOfOrder(order: {
  readonly quantity: number;
  readonly newExpiryAt: string;
  readonly extends: readonly ExtendedLotView[];
}): ExpiryRow[] {
  const to = Date.parse(order.newExpiryAt);
  return [
    ...order.extends.slice(0, ROWS_MAX).map(
      ({ credits, from, isRevived }): ExpiryRow => ({
        look: isRevived ? "kept" : "paid",
        credits,
        endsAt: Date.parse(from),
        movesTo: to,
      }),
    ),
    { look: "new", credits: order.quantity, endsAt: null, movesTo: to },
  ];
}

/** "50 paid credits", so that the shape beside it needs no key; "50 paid" where there is little room. */
export function rowInWords({ look, credits }: ExpiryRow, locale?: string, isShort = false): string {
  if (isShort) return `${formatCredits(credits, locale)} ${look}`;
  return `${formatCredits(credits, locale)} ${look} ${credits === 1 ? "credit" : "credits"}`;
}

/**
 * "14 March 2027", or "14 March 2027 → 22 November 2027", unless it stays that day; where there is little
 * room "14 Mar 2027".
 */
export function datesInWords(
  { look, endsAt, movesTo }: ExpiryRow,
  place: Place,
  isShort = false,
): string {
  const day = isShort ? shortDay : dayInWords;
  const days = [endsAt, movesTo].flatMap((at) => (at === null ? [] : [day(at, place)]));
  if (look === "kept" && movesTo === null) return `expired ${days}`;
  return [...new Set(days)].join(" → ");
}

/** All of it in one sentence, for those who cannot see the lines. */
export function expiryInWords(rows: readonly ExpiryRow[], place: Place): string {
  const told = rows.map((row) => {
    const what = rowInWords(row, place.locale);
    const [before, after] = [row.endsAt, row.movesTo].map((at) =>
      at === null ? null : dayInWords(at, place),
    );
    if (after === null) return `${what} ${row.look === "kept" ? "expired" : "until"} ${before}`;
    return before === null ? `${what} until ${after}` : `${what} from ${before} to ${after}`;
  });
  return `${told.join("; ")}.`;
}
