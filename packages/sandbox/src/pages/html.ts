/** HTML in which every inserted value is text, unless it was made by this same function. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

type Inserted = string | number | Html | readonly Html[];

export function html(literals: TemplateStringsArray, ...inserted: Inserted[]): Html {
  const parts = literals.map((literal, index) =>
    index < inserted.length ? literal + markupOf(inserted[index] ?? "") : literal,
  );
  return new Html(parts.join(""));
}

function markupOf(value: Inserted): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map((one) => one.markup).join("");
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
