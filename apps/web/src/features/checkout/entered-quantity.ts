/** The number of credits as somebody typed it. */
import { formatCredits } from "../../format/credits.ts";

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

function withoutGroups(text: string, locale?: string): string {
  const separator = new Intl.NumberFormat(locale)
    .formatToParts(1_000_000)
    .find(({ type }) => type === "group")?.value;
  const groups = text.split(/[\s\u00a0\u202f]/.test(separator ?? "") ? /\s/ : (separator ?? /\s/));
  // Only whole thousands: "1,5" is one and a half wherever it was typed.
  const areThousands = groups.every((group, index) =>
    (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group),
  );
  return groups.length > 1 && areThousands ? groups.join("") : text;
}

const no = (problem: string): EnteredQuantity => ({ ok: false, problem });
