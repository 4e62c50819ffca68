import { drawFromLots } from "../ledger/draw.ts";
import type { Journal } from "../ledger/journal.ts";
import type { Entry } from "../ledger/posting.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { InsufficientCredits } from "../refusals.ts";
import { type Instant, ONE_CREDIT } from "../units.ts";
import type { Scan } from "./scan.ts";
import { withHour } from "./transitions.ts";

/**
 * Debits the scan's next hour as of its boundary, judged against the lots of that instant. With
 * `mayOwe` an hour nobody can pay becomes debt instead of a refusal (rule 10, "finish").
 */
export function debitHour(
  books: Journal,
  scan: Scan,
  { boundary, mayOwe }: { readonly boundary: Instant; readonly mayOwe: boolean },
): Outcome<Scan, InsufficientCredits> {
  const drawn = drawFromLots(books.lots, ONE_CREDIT, boundary);
  if (!drawn.ok && !mayOwe) return drawn;
  const lotId = drawn.ok ? (drawn.value[0]?.lotId ?? null) : null;
  const entry: Entry = { from: "customer", to: "usage", amount: ONE_CREDIT, lotId };
  const hour = scan.hours.length + 1;
  // A returned hour leaves the scan only when the scan ends, so within a scan an hour's number is never used twice.
  const posting = books.book({
    kind: "debit",
    key: `hour-${scan.id}-${hour}`,
    bookedAt: boundary,
    entries: [entry],
    scanId: scan.id,
    hour,
  });
  const debited = withHour(scan, { version: posting.version, boundary, lotId });
  books.putScan(debited);
  return accept(debited);
}
