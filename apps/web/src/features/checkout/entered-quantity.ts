/** The number of credits as somebody typed it. */
import { formatCredits } from "../../format/credits.ts";
import { withoutGroups } from "../../format/without-groups.ts";

export type EnteredQuantity =
  | { readonly ok: true; readonly quantity: number }
  | { readonly ok: false; readonly problem: string };

/** "1,000" and "1 000" are taken where the reader's locale groups thousands that way. */
export function enteredQuantity(text: string, max: number, locale?: string): EnteredQuantity {
  const digits = withoutGroups(text.trim(), locale);
  if (digits === "") return no("Enter how many credits you want to buy.");
  if (/^\d+[.,]\d+$/.test(digits)) return no("Credits are whole: enter a number without decimals.");
  if (!/^\d+$/.test(digits)) return no("Enter a whole number, such as 25.");
  const quantity = Number(digits);
  if (quantity > max) return no(`At most ${formatCredits(max, locale)} credits at once.`);
  return { ok: true, quantity };
}

const no = (problem: string): EnteredQuantity => ({ ok: false, problem });
