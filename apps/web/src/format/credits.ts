/** Numbers of credits as people read them, in the reader's own digits and separators. */

export function formatCredits(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** "1 credit", "10 credits". */
export function creditsInWords(value: number, locale?: string): string {
  return `${formatCredits(value, locale)} ${value === 1 ? "credit" : "credits"}`;
}

/** "+10", "−1" with a real minus, so that columns line up; nothing moved is "0". */
export function signedCredits(value: number, locale?: string): string {
  if (value === 0) return "0";
  return `${value > 0 ? "+" : "−"}${formatCredits(Math.abs(value), locale)}`;
}

/** One sentence for people who cannot see the number change. */
export function balanceChangeInWords(
  { before, after }: { before: number; after: number },
  locale?: string,
): string {
  const moved = after - before;
  if (moved === 0) return "";
  const amount = `${formatCredits(Math.abs(moved), locale)} ${moved > 0 ? "more" : "fewer"}`;
  return `Available balance: ${creditsInWords(after, locale)}, ${amount} than before.`;
}
