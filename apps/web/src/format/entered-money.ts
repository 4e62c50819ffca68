/** An amount of money as somebody typed it, in the minor units of its currency. */
import { decimalsOf } from "./money.ts";
import { withoutGroups } from "./without-groups.ts";

export type EnteredMoney =
  /** Null when the field is empty. */
  | { readonly ok: true; readonly amountMinor: number | null }
  | { readonly ok: false; readonly problem: string };

/**
 * "300", "300.50" and "300,50" are taken everywhere, thousands as the reader's locale groups them.
 * "1.000" is refused where that is not a thousand: nobody may mean one and get the other.
 */
export function enteredMoney(text: string, currency: string, locale?: string): EnteredMoney {
  const typed = text
    .trim()
    .replace(new RegExp(`^(${currency}|\\p{Sc})\\s*|\\s*(${currency}|\\p{Sc})$`, "giu"), "");
  if (typed === "") return { ok: true, amountMinor: null };
  const decimals = decimalsOf(currency);
  const [, whole = typed, fraction = ""] =
    new RegExp(`^(.*)[.,](\\d{1,${decimals || 1}})$`).exec(decimals > 0 ? typed : "") ?? [];
  const digits = withoutGroups(whole, locale);
  if (!/^\d+$/.test(digits)) return no("Enter an amount, such as 300, or leave it empty.");
  const amountMinor = Number(digits + fraction.padEnd(decimals, "0"));
  if (!Number.isSafeInteger(amountMinor)) return no("Enter a smaller amount.");
  return { ok: true, amountMinor };
}

/** What a field shows of an amount: no more decimals than it has. */
export function moneyAsTyped(amountMinor: number, currency: string, locale?: string): string {
  const decimals = decimalsOf(currency);
  const amount = amountMinor / 10 ** decimals;
  const minimumFractionDigits = Number.isInteger(amount) ? 0 : decimals;
  return new Intl.NumberFormat(locale, { minimumFractionDigits, useGrouping: false }).format(
    amount,
  );
}

const no = (problem: string): EnteredMoney => ({ ok: false, problem });
