/** Amounts of money as people write them, from the whole minor units that the server sends. */
const formatters = new Map<string, Intl.NumberFormat>();

/** "€95.00" or "95,00 €"; yen have no decimals. */
export function formatMoney(amountMinor: number, currency: string, locale?: string): string {
  return formatterOf(currency, locale).format(amountMinor / 10 ** decimalsOf(currency));
}

/** Which decimals there are, the currency decides. */
export function decimalsOf(currency: string): number {
  return formatterOf(currency).resolvedOptions().maximumFractionDigits ?? 0;
}

function formatterOf(currency: string, locale?: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.NumberFormat(locale, { style: "currency", currency });
    formatters.set(key, formatter);
  }
  return formatter;
}

/** What is taken off, with a real minus, so that columns line up. */
export function formatReduction(amountMinor: number, currency: string, locale?: string): string {
  return `−${formatMoney(amountMinor, currency, locale)}`;
}

/** "19 %" the way the reader's locale writes it. */
export function formatPercent(percent: number, locale?: string): string {
  const formatter = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
  return formatter.format(percent / 100);
}
