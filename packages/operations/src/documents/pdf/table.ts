import { FAINT, LEFT, RIGHT, type Sheet, type TextStyle, WIDTH } from "./sheet.ts";

export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How much of the width each column takes; they add up to 1. */
  readonly shares: readonly number[];
  readonly align: readonly ("left" | "right")[];
  readonly size?: number;
}

const GAP = 8;
const PADDING = 5;

/** Rows under headings that are repeated on each page the table reaches. */
export function putTable(sheet: Sheet, table: Table): void {
  const { headings, rows, size = 9.5 } = table;
  const heading: TextStyle = { size: 8, color: FAINT };
  const putHeadings = () => {
    putRow(sheet, table, headings, heading);
    sheet.rule();
  };
  const firstHeight = rows[0] === undefined ? 0 : heightOfRow(sheet, table, rows[0], { size });
  sheet.makeRoom(heightOfRow(sheet, table, headings, heading) + firstHeight);
  putHeadings();
  for (const row of rows) {
    if (sheet.makeRoom(heightOfRow(sheet, table, row, { size }))) putHeadings();
    putRow(sheet, table, row, { size });
    sheet.rule();
  }
}

function putRow(sheet: Sheet, table: Table, row: readonly string[], style: TextStyle): void {
  const height = heightOfRow(sheet, table, row, style);
  for (const [at, cell] of row.entries()) {
    const align = table.align[at] ?? "left";
    sheet.put(cell, boxOf(table, at), { ...style, align }, sheet.y + PADDING);
  }
  sheet.down(height);
}

function heightOfRow(sheet: Sheet, table: Table, row: readonly string[], style: TextStyle): number {
  const heights = row.map((cell, at) => sheet.heightOf(cell, boxOf(table, at).width, style));
  return Math.max(...heights) + 2 * PADDING;
}

function boxOf({ shares }: Table, column: number) {
  const before = shares.slice(0, column).reduce((sum, share) => sum + share, 0);
  const x = LEFT + before * WIDTH;
  const isLast = column === shares.length - 1;
  const width = (shares[column] ?? 0) * WIDTH - (isLast ? 0 : GAP);
  return { x, width: isLast ? RIGHT - x : width };
}
