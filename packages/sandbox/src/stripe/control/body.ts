/** The JSON bodies of the controls. A misspelt field is refused: a fault that never happens proves nothing. */

export class BadControl extends Error {
  override readonly name = "BadControl";
}

export interface Body {
  text(name: string, fallback?: string): string;
  number(name: string, fallback?: number): number;
  maybeNumber(name: string): number | null;
  flag(name: string): boolean | null;
  oneOf<const T extends string>(name: string, values: readonly T[], fallback?: T): T;
  texts(name: string, fallback: readonly string[]): readonly string[];
  raw(name: string): unknown;
}

export function readBody(text: string, known: readonly string[]): Body {
  const value = text === "" ? {} : parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BadControl("The body must be a JSON object.");
  const fields = value as Record<string, unknown>;
  const unknown = Object.keys(fields).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new BadControl(
      `Unknown: ${unknown.join(", ")}. There are ${known.join(", ") || "none"}.`,
    );

  const read = <T>(name: string, isRight: (value: unknown) => value is T, fallback?: T): T => {
    const given = fields[name] ?? fallback;
    if (isRight(given)) return given;
    throw new BadControl(
      given === undefined ? `${name} is missing.` : `${name} is not as expected.`,
    );
  };
  return {
    text: (name, fallback) => read(name, isText, fallback),
    number: (name, fallback) => read(name, isNumber, fallback),
    maybeNumber: (name) => (fields[name] == null ? null : read(name, isNumber)),
    flag: (name) => (fields[name] == null ? null : read(name, isFlag)),
    oneOf<const T extends string>(name: string, values: readonly T[], fallback?: T): T {
      const isOne = (one: unknown): one is T => values.some((value) => value === one);
      if (fields[name] !== undefined && !isOne(fields[name]))
        throw new BadControl(`${name} must be one of ${values.join(", ")}.`);
      return read(name, isOne, fallback);
    },
    texts: (name, fallback) => read(name, areTexts, fallback),
    raw: (name) => fields[name],
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadControl("The body is not JSON.");
  }
}
