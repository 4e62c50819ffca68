/**
 * How many rows a list had last time, so that the grey shown while it loads has about the size of
 * what will come. Nothing but the number is kept, and losing it costs a small jump of the page.
 */
const ROWS_MAX = 20;

export function rememberedRows(list: string, usual: number): number {
  return plausibleRows(stored()?.getItem(keyOf(list)) ?? null, usual);
}

export function rememberRows(list: string, rows: number): void {
  try {
    stored()?.setItem(keyOf(list), String(rows));
  } catch {
    // Storage may be full.
  }
}

/** Anybody may have written anything there. */
export function plausibleRows(text: string | null, usual: number): number {
  const rows = Number(text);
  return text && Number.isInteger(rows) && rows >= 1 ? Math.min(rows, ROWS_MAX) : usual;
}

const keyOf = (list: string): string => `scanmeter.rows.${list}`;

function stored(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    // Forbidden by the reader's settings.
    return undefined;
  }
}
