/** Sheets of A4 paper and a place on them that moves down as things are put there. */
import type PDFDocument from "pdfkit";

export type Paper = InstanceType<typeof PDFDocument>;

export const LEFT = 57;
export const RIGHT = 538;
export const WIDTH = RIGHT - LEFT;
const TOP = 57;
/** Below it stands the foot of the page. */
const BOTTOM = 742;

export const INK = "#1a1a1a";
export const FAINT = "#5c5c5c";
const LINE = "#c8c8c8";

export interface TextStyle {
  readonly size?: number;
  readonly isBold?: boolean;
  readonly color?: string;
  readonly align?: "left" | "right";
}

export interface Box {
  readonly x: number;
  readonly width: number;
}

export class Sheet {
  readonly paper: Paper;
  y = TOP;

  constructor(paper: Paper) {
    this.paper = paper;
  }

  /** Puts text at the current height, wrapped to its box, and says how high it became. */
  put(text: string, { x, width }: Box, style: TextStyle = {}, y = this.y): number {
    const height = this.heightOf(text, width, style);
    this.paper
      .fillColor(style.color ?? INK)
      .text(text, x, y, { width, align: style.align ?? "left", lineGap: 1.5 });
    return height;
  }

  heightOf(text: string, width: number, { size = 9.5, isBold = false }: TextStyle = {}): number {
    this.paper.font(isBold ? "bold" : "regular").fontSize(size);
    return this.paper.heightOfString(text, { width, lineGap: 1.5 });
  }

  /** Lines one below the other; says how high they became. */
  putAll(texts: readonly string[], box: Box, style: TextStyle = {}, from = this.y): number {
    let y = from;
    for (const text of texts) y += this.put(text, box, style, y);
    return y - from;
  }

  rule(weight = 0.5): void {
    this.paper
      .moveTo(LEFT, this.y)
      .lineTo(RIGHT, this.y)
      .lineWidth(weight)
      .strokeColor(weight > 0.5 ? INK : LINE)
      .stroke();
  }

  down(by: number): void {
    this.y += by;
  }

  /** Goes to a new page unless so much fits below; says whether it did. */
  makeRoom(height: number): boolean {
    if (this.y + height <= BOTTOM) return false;
    this.paper.addPage();
    this.y = TOP;
    return true;
  }
}
