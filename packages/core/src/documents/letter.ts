/**
 * A mail as its words, and the two forms it travels in. Both say the same. What customers typed is
 * only ever text: in the HTML it is escaped, in the plain form it cannot begin a line of its own.
 */
import { invariant } from "../invariant.ts";
import type { Labelled } from "./issued-document.ts";
import { lineOf } from "./words.ts";

export interface Letter {
  readonly subject: string;
  readonly parts: readonly LetterPart[];
}

export type LetterPart =
  | { readonly is: "words"; readonly text: string }
  | { readonly is: "heading"; readonly text: string }
  | { readonly is: "facts"; readonly facts: readonly Labelled[] }
  | {
      readonly is: "table";
      readonly headings: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly is: "link"; readonly label: string; readonly url: string };

export interface LetterForms {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function formsOf({ subject, parts }: Letter): LetterForms {
  return {
    subject: plain(subject),
    text: `${parts.map(textOf).join("\n\n")}\n`,
    html: page(subject, parts.map(htmlOf).join("\n")),
  };
}

/** One line without the spaces that only print needs. */
function plain(text: string): string {
  return lineOf(text);
}

function textOf(part: LetterPart): string {
  switch (part.is) {
    case "words":
      return plain(part.text);
    case "heading":
      return plain(part.text).toUpperCase();
    case "facts":
      return part.facts.map(({ label, text }) => `${plain(label)}: ${plain(text)}`).join("\n");
    case "table":
      return part.rows
        .map((row) =>
          row.map((cell, at) => `${plain(part.headings[at] ?? "")}: ${plain(cell)}`).join("\n"),
        )
        .join("\n\n");
    case "link":
      return `${plain(part.label)}: ${webAddress(part.url)}`;
  }
}

const CELL = "padding:4px 16px 4px 0;text-align:left;vertical-align:top";

function htmlOf(part: LetterPart): string {
  switch (part.is) {
    case "words":
      return `<p style="margin:0 0 16px">${escaped(part.text)}</p>`;
    case "heading":
      return `<h2 style="margin:24px 0 8px;font-size:16px">${escaped(part.text)}</h2>`;
    case "facts":
      return table(
        part.facts.map(
          ({ label, text }) =>
            `<tr><th style="${CELL};font-weight:normal;color:#555555">${escaped(label)}</th><td style="${CELL}">${escaped(text)}</td></tr>`,
        ),
      );
    case "table": {
      const head = part.headings.map(
        (heading) =>
          `<th style="${CELL};font-weight:normal;color:#555555;border-bottom:1px solid #cccccc">${escaped(heading)}</th>`,
      );
      const rows = part.rows.map((row) => {
        const cells = row.map((cell) => `<td style="${CELL}">${escaped(cell)}</td>`);
        return `<tr>${cells.join("")}</tr>`;
      });
      return table([`<tr>${head.join("")}</tr>`, ...rows]);
    }
    case "link":
      return `<p style="margin:0 0 16px"><a href="${escaped(webAddress(part.url))}">${escaped(part.label)}</a></p>`;
  }
}

function table(rows: readonly string[]): string {
  return `<table style="border-collapse:collapse;margin:0 0 16px;font-size:14px">\n${rows.join("\n")}\n</table>`;
}

function page(subject: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(subject)}</title></head>
<body style="margin:0;padding:24px;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5;color:#1a1a1a;background:#ffffff">
<div style="max-width:640px">
${body}
</div>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

function webAddress(url: string): string {
  invariant(/^https?:\/\/[^\s"'<>]+$/.test(url), "a link in a mail is a whole web address");
  return url;
}
