/** The answer of a decision: what was asked for, or an expected no that a caller can act on. */
export type Outcome<Value, No> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: No };

export function accept<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refuse<No>(refusal: No): { readonly ok: false; readonly refusal: No } {
  return { ok: false, refusal };
}
