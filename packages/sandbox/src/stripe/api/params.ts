/**
 * What an endpoint accepts, said once and checked strictly: an unknown parameter is refused, because
 * on the real Stripe it would be, and a product must not learn that on the day it goes live.
 */
import { type ApiError, invalidRequest } from "./errors.ts";
import type { Raw, RawObject } from "./form.ts";

export interface Param<T> {
  parse(raw: Raw, path: string): T;
  /** The parameters inside, so that a test can hold them against the published document. */
  readonly shape?: Shape;
  readonly isRequired?: boolean;
}
export type Shape = Readonly<Record<string, Param<unknown>>>;
type Required<T> = Param<T> & { readonly isRequired: true };
type ValueOf<P> = P extends Param<infer T> ? T : never;
export type Parsed<S extends Shape> = {
  -readonly [K in keyof S as S[K] extends Required<unknown> ? K : never]: ValueOf<S[K]>;
} & {
  -readonly [K in keyof S as S[K] extends Required<unknown> ? never : K]?: ValueOf<S[K]>;
};

export const required = <T>(param: Param<T>): Required<T> => ({ ...param, isRequired: true });

export function text(max = 5000): Param<string> {
  return {
    parse(raw, path) {
      const value = textOf(raw, path);
      if (value === "") throw emptyValue(path);
      return shorterThan(max, value, path);
    },
  };
}

/** An empty string is how a form says "remove it"; it becomes null. */
export function removable<T>(param: Param<T>): Param<T | null> {
  return { ...param, parse: (raw, path) => (raw === "" ? null : param.parse(raw, path)) };
}

export const integer: Param<number> = {
  parse(raw, path) {
    const value = textOf(raw, path);
    if (!/^-?\d{1,15}$/.test(value))
      throw invalidRequest(`Invalid integer: ${value}`, {
        code: "parameter_invalid_integer",
        param: path,
      });
    return Number(value);
  },
};

export const boolean: Param<boolean> = {
  parse(raw, path) {
    const value = textOf(raw, path);
    if (value === "true" || value === "1") return true;
    if (value === "false" || value === "0") return false;
    throw invalidRequest(`Invalid boolean: ${value}`, { param: path });
  },
};

export function oneOf<const T extends string>(...values: readonly T[]): Param<T> {
  return {
    parse(raw, path) {
      const value = textOf(raw, path);
      const found = values.find((one) => one === value);
      if (found !== undefined) return found;
      throw invalidRequest(`Invalid ${path}: must be one of ${values.join(", ")}`, { param: path });
    },
  };
}

export const email: Param<string> = {
  parse(raw, path) {
    const value = textOf(raw, path);
    if (/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(value)) return value;
    throw invalidRequest(`Invalid email address: ${value}`, { code: "email_invalid", param: path });
  },
};

export const url: Param<string> = {
  parse(raw, path) {
    const value = textOf(raw, path);
    if (/^https?:\/\//.test(value) && URL.canParse(value)) return value;
    throw invalidRequest("Not a valid URL", { code: "url_invalid", param: path });
  },
};

export const currency: Param<string> = {
  parse(raw, path) {
    const value = textOf(raw, path).toLowerCase();
    if (/^[a-z]{3}$/.test(value)) return value;
    throw invalidRequest(`Invalid currency: ${value}.`, { param: path });
  },
};

export function listOf<T>(item: Param<T>): Param<T[]> {
  return {
    ...(item.shape ? { shape: item.shape } : {}),
    parse(raw, path) {
      if (typeof raw === "string") throw invalidRequest("Invalid array", { param: path });
      return Object.entries(raw).map(([at, value]) => item.parse(value, `${path}[${at}]`));
    },
  };
}

export function object<S extends Shape>(shape: S): Param<Parsed<S>> & { readonly shape: S } {
  return {
    shape,
    parse(raw, path) {
      if (typeof raw === "string") throw invalidRequest("Invalid object", { param: path });
      return parseShape(shape, raw, path);
    },
  };
}

export const metadata: Param<Record<string, string>> = {
  parse(raw, path) {
    // The whole of it may be removed, and so may each entry.
    if (raw === "") return {};
    if (typeof raw === "string") throw invalidRequest("Invalid object", { param: path });
    const entries = Object.entries(raw).map(([name, value]): [string, string] => {
      const at = `${path}[${name}]`;
      return [shorterThan(40, name, at), shorterThan(500, textOf(value, at), at)];
    });
    if (entries.length > 50)
      throw invalidRequest("Metadata can have up to 50 keys.", { param: path });
    return Object.fromEntries(entries);
  },
};

export function parseShape<S extends Shape>(shape: S, raw: RawObject, path = ""): Parsed<S> {
  const at = (name: string) => (path === "" ? name : `${path}[${name}]`);
  for (const name of Object.keys(raw)) {
    if (Object.hasOwn(shape, name)) continue;
    if (name === "payment_method_types") throw methodTypesAreGone();
    throw invalidRequest(`Received unknown parameter: ${at(name)}`, {
      code: "parameter_unknown",
      param: at(name),
    });
  }
  const parsed: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(shape)) {
    const value = raw[name];
    if (value !== undefined) parsed[name] = param.parse(value, at(name));
    else if (param.isRequired === true)
      throw invalidRequest(`Missing required param: ${at(name)}.`, {
        code: "parameter_missing",
        param: at(name),
      });
  }
  return parsed as Parsed<S>;
}

export function exclusive(one: string, other: string): ApiError {
  return invalidRequest(`You may only specify one of these parameters: ${one}, ${other}.`, {
    code: "parameters_exclusive",
    param: one,
  });
}

// Gone with 2026-09-30.endive; code written for an older version still sends it.
function methodTypesAreGone(): ApiError {
  return invalidRequest(
    "payment_method_types is no longer supported. Use allowed_payment_method_types instead.",
    { code: "payment_method_types_no_longer_supported", param: "payment_method_types" },
  );
}

function textOf(raw: Raw, path: string): string {
  if (typeof raw === "string") return raw;
  throw invalidRequest("Invalid string", { param: path });
}

function emptyValue(path: string): ApiError {
  return invalidRequest(
    `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however '${path}' cannot be unset.`,
    { code: "parameter_invalid_empty", param: path },
  );
}

function shorterThan(max: number, value: string, path: string): string {
  if (value.length <= max) return value;
  throw invalidRequest(`Invalid string: must be at most ${max} characters`, { param: path });
}
