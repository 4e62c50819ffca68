/**
 * Prints a document. The same document gives the same bytes, today and in ten years: nothing comes
 * from the clock or the machine, and the words are those it was issued with.
 */
import type { Labelled, NumberedDocument } from "@scanmeter/core/documents";
import { numberLabels } from "@scanmeter/core/documents";
import type { Font } from "fontkit";
import { loadFonts } from "./fonts.ts";
import { FAINT, LEFT, type Paper, RIGHT, Sheet, WIDTH } from "./sheet.ts";
import { putTable } from "./table.ts";

const COLUMN = (WIDTH - 24) / 2;
const SECOND = RIGHT - COLUMN;

export async function renderPdf(numbered: NumberedDocument): Promise<Buffer<ArrayBuffer>> {
  // Brought in by the first document: most processes print none, and it is not small.
  const { default: PDFDocument } = await import("pdfkit");
  const { number, issuedAt, document } = numbered;
  const { regular, bold } = await loadFonts();
  const paper: Paper = new PDFDocument({
    size: "A4",
    margin: 0,
    bufferPages: true,
    lang: "en",
    displayTitle: true,
    font: sourceOf(regular),
    info: {
      Title: `${document.title} ${number}`,
      Author: document.seller.name,
      Creator: "Scanmeter",
      Producer: "Scanmeter",
      CreationDate: new Date(issuedAt),
    },
  });
  paper.registerFont("regular", sourceOf(regular)).registerFont("bold", sourceOf(bold));
  const written = bytesOf(paper);
  const sheet = new Sheet(paper);
  putHead(sheet, numbered);
  putParties(sheet, numbered);
  putFigures(sheet, numbered);
  putNotes(sheet, document.notes);
  putLots(sheet, numbered);
  putFeet(paper, numbered);
  paper.end();
  return written;
}

/** The library takes a font that was read before; only its types do not say so. */
function sourceOf(font: Font): string {
  return font as unknown as string;
}

function bytesOf(paper: Paper): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    paper.on("data", (chunk: Buffer) => chunks.push(chunk));
    paper.on("end", () => resolve(Buffer.concat(chunks)));
    paper.on("error", reject);
  });
}

function putHead(sheet: Sheet, { document }: NumberedDocument): void {
  const { seller, title } = document;
  const right = { x: SECOND, width: COLUMN };
  const sellerHeight =
    sheet.put(seller.name, right, { isBold: true }) +
    sheet.putAll(
      seller.lines,
      right,
      { size: 8.5, color: FAINT },
      sheet.y + sheet.heightOf(seller.name, COLUMN, { isBold: true }),
    );
  const titleHeight = sheet.put(title, { x: LEFT, width: COLUMN }, { size: 20, isBold: true });
  sheet.down(Math.max(sellerHeight, titleHeight) + 24);
}

function putParties(sheet: Sheet, { number, document }: NumberedDocument): void {
  const { buyer } = document;
  const left = { x: LEFT, width: COLUMN };
  const top = sheet.y;
  let y = top + sheet.put("Billed to", left, { size: 8, color: FAINT }) + 2;
  y += sheet.put(buyer.name, left, { isBold: true }, y);
  y += sheet.putAll(buyer.lines, left, {}, y);
  const factsBottom = putFacts(sheet, [
    { label: numberLabels[document.kind], text: number },
    ...document.particulars,
  ]);
  sheet.y = Math.max(y, factsBottom) + 28;
}

function putFacts(sheet: Sheet, facts: readonly Labelled[]): number {
  const labelWidth = 96;
  let { y } = sheet;
  for (const [at, { label, text }] of facts.entries()) {
    const words = { x: SECOND + labelWidth, width: COLUMN - labelWidth };
    const labelHeight = sheet.put(
      label,
      { x: SECOND, width: labelWidth - 8 },
      { size: 8.5, color: FAINT },
      y,
    );
    const height = sheet.put(text, words, { size: 8.5, isBold: at === 0 }, y);
    y += Math.max(labelHeight, height) + 3;
  }
  return y;
}

function putFigures(sheet: Sheet, { document }: NumberedDocument): void {
  const { headings, rows, sums, total } = document;
  putTable(sheet, {
    headings,
    rows,
    shares: headings.length === 2 ? [0.75, 0.25] : [0.32, 0.1, 0.16, 0.22, 0.2],
    align: ["left", ...headings.slice(1).map(() => "right" as const)],
  });
  sheet.down(8);
  sheet.makeRoom((sums.length + 2) * 18);
  for (const sum of sums) putSum(sheet, sum, false);
  putSum(sheet, total, true);
  sheet.down(14);
}

function putSum(sheet: Sheet, { label, text }: Labelled, isTotal: boolean): void {
  const style = isTotal ? { size: 11, isBold: true } : {};
  const labels = { x: LEFT + 0.4 * WIDTH, width: 0.35 * WIDTH };
  const figures = { x: LEFT + 0.75 * WIDTH, width: 0.25 * WIDTH };
  if (isTotal) sheet.down(3);
  const height = Math.max(
    sheet.put(label, labels, { ...style, align: "right" }),
    sheet.put(text, figures, { ...style, align: "right" }),
  );
  sheet.down(height + 3);
}

function putNotes(sheet: Sheet, notes: readonly string[]): void {
  for (const note of notes) {
    const style = { size: 9 };
    const height = sheet.heightOf(note, WIDTH, style);
    sheet.makeRoom(height);
    sheet.put(note, { x: LEFT, width: WIDTH }, style);
    sheet.down(height + 4);
  }
}

function putLots(sheet: Sheet, { document: { lots } }: NumberedDocument): void {
  if (lots === null) return;
  sheet.down(14);
  const style = { isBold: true, size: 10.5 };
  const height = sheet.heightOf(lots.heading, WIDTH, style);
  sheet.makeRoom(height + 60);
  sheet.put(lots.heading, { x: LEFT, width: WIDTH }, style);
  sheet.down(height + 2);
  putTable(sheet, {
    headings: lots.headings,
    rows: lots.rows,
    shares: [0.12, 0.36, 0.26, 0.26],
    align: ["right", "left", "left", "left"],
    size: 8.5,
  });
}

const FOOT = 785;

/** On each page, once it is known how many there are. */
function putFeet(paper: Paper, { number, document }: NumberedDocument): void {
  const { seller, title } = document;
  const { count } = paper.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    paper.switchToPage(page);
    const sheet = new Sheet(paper);
    sheet.y = FOOT - 8;
    sheet.rule();
    sheet.y = FOOT;
    const style = { size: 7.5, color: FAINT };
    const foot = [seller.name, ...seller.lines].join(" · ");
    sheet.put(foot, { x: LEFT, width: 0.64 * WIDTH }, style);
    const where = `${title} ${number}, page ${page + 1} of ${count}`;
    sheet.put(where, { x: LEFT + 0.66 * WIDTH, width: 0.34 * WIDTH }, { ...style, align: "right" });
  }
}
