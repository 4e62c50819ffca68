/** Lines of a file for spreadsheets and scripts, as RFC 4180 has them. */

/** Numbers as they are; null is nothing. */
export type Cell = string | number | null;

/** What a spreadsheet would take for a formula. Names are chosen by customers, and their labels by anybody. */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(written).join(",")}\r\n`;
}

function written(cell: Cell): string {
  if (typeof cell !== "string") return cell === null ? "" : String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
