/** The papers of a purchase as they are called and counted. */
import type { DocumentView } from "@scanmeter/contracts/checkout";
import { formatMoney, formatReduction } from "../../format/money.ts";

const kinds: Record<DocumentView["kind"], string> = {
  invoice: "Invoice",
  credit_note: "Credit note",
  cancellation: "Cancellation",
};

/** "Invoice 2026-000042". The server may be newer than this page. */
export function documentTitle({ kind, number }: Pick<DocumentView, "kind" | "number">): string {
  return `${kinds[kind] ?? "Document"} ${number}`;
}

/** Money that was given back stands with a minus; a cancellation of that counts again. */
export function documentAmount(
  { kind, totalMinor, currency }: Pick<DocumentView, "kind" | "totalMinor" | "currency">,
  locale?: string,
): string {
  return kind === "credit_note"
    ? formatReduction(totalMinor, currency, locale)
    : formatMoney(totalMinor, currency, locale);
}
