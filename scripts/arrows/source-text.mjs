/**
 * Reads just enough of a source file for the checks of the arrows: the same text
 * with comments, strings and regular expressions blanked out, and the modules it
 * imports. TypeScript's own parser has no programming interface any more, and a
 * check this small should not bring one.
 */

/** Blanks everything that is not code; every character keeps its place. */
export function codeOnly(source) {
  const out = [...source];
  const blank = (from, to) => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  // Where each open template literal's `${` was opened, counted in braces.
  const templateDepths = [];
  let depth = 0;
  let at = 0;

  const skipTemplate = (from) => {
    const end = endOfTemplateText(source, from);
    const opensExpression = source.startsWith("${", end);
    blank(from, end);
    if (opensExpression) templateDepths.push(++depth);
    return end + (opensExpression ? 2 : 1);
  };

  while (at < source.length) {
    const char = source[at];
    let end = at + 1;
    if (source.startsWith("//", at)) {
      end = indexOr(source, "\n", at);
      blank(at, end);
    } else if (source.startsWith("/*", at)) {
      end = indexOr(source, "*/", at + 2) + 2;
      blank(at, Math.min(end, source.length));
    } else if (char === '"' || char === "'") {
      end = endOfQuoted(source, at + 1, char);
      blank(at + 1, end);
      end += 1;
    } else if (char === "`") {
      end = skipTemplate(at + 1);
    } else if (char === "/" && opensRegularExpression(out, at)) {
      end = endOfRegularExpression(source, at + 1);
      blank(at, end);
    } else if (char === "{") {
      depth += 1;
    } else if (char === "}") {
      const closesExpression = templateDepths.at(-1) === depth;
      depth -= 1;
      if (closesExpression) {
        templateDepths.pop();
        end = skipTemplate(at + 1);
      }
    }
    at = end;
  }
  return out.join("");
}

/** @returns {{ specifier: string, isType: boolean, isDynamic: boolean, line: number }[]} */
export function importsOf(source) {
  const code = codeOnly(source);
  const found = [];
  for (const { pattern, isDynamic, isType } of IMPORT_FORMS) {
    for (const match of code.matchAll(pattern)) {
      // The code has only the quotes left; what stood between them is in the source.
      const from = match.index + match[0].search(/["'] *["']/) + 1;
      const specifier = source.slice(from, source.indexOf(source[from - 1], from));
      found.push({ specifier, isDynamic, isType: isType(match), line: lineAt(source, from) });
    }
  }
  return found.sort((one, other) => one.line - other.line);
}

export function lineAt(source, index) {
  return source.slice(0, index).split("\n").length;
}

const IMPORT_FORMS = [
  {
    pattern: /\b(?:import|export)(\s+type\b)?[\w$*{}\s,]*?\bfrom\s*(["']) *\2/g,
    isDynamic: false,
    isType: (match) => match[1] !== undefined,
  },
  { pattern: /\bimport\s*(["']) *\1/g, isDynamic: false, isType: () => false },
  {
    isDynamic: true,
    pattern: /(\btypeof\s+)?\b(?:import|require)\s*\(\s*(["']) *\2/g,
    isType: (match) => match[1] !== undefined,
  },
];

function endOfQuoted(source, from, quote) {
  let at = from;
  while (at < source.length && source[at] !== quote && source[at] !== "\n")
    at += source[at] === "\\" ? 2 : 1;
  return at;
}

function endOfTemplateText(source, from) {
  let at = from;
  while (at < source.length && source[at] !== "`" && !source.startsWith("${", at))
    at += source[at] === "\\" ? 2 : 1;
  return at;
}

function endOfRegularExpression(source, from) {
  let at = from;
  let isInClass = false;
  while (at < source.length && source[at] !== "\n" && (isInClass || source[at] !== "/")) {
    if (source[at] === "[") isInClass = true;
    if (source[at] === "]") isInClass = false;
    at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

// After a value a slash divides; after anything else it opens an expression. A
// closing tag's slash in JSX comes after "<", which never precedes an expression.
function opensRegularExpression(blanked, at) {
  let before = at - 1;
  while (before >= 0 && /\s/.test(blanked[before])) before -= 1;
  if (before < 0) return true;
  if (blanked[before] === "<") return false;
  if (/[\w$)\]}"'`]/.test(blanked[before]))
    return /\b(?:return|typeof|case|in|of|await)$/.test(
      blanked.slice(Math.max(0, before - 7), before + 1).join(""),
    );
  return true;
}

function indexOr(source, text, from) {
  const index = source.indexOf(text, from);
  return index === -1 ? source.length : index;
}
