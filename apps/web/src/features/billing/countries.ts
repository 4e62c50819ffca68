/** Countries, named in the reader's language. */
import { countryCodes } from "@scanmeter/core";

export interface Country {
  readonly code: string;
  readonly name: string;
}

export function countries(locale?: string): readonly Country[] {
  const { compare } = new Intl.Collator(locale);
  return countryCodes
    .map((code) => ({ code, name: countryName(code, locale) }))
    .sort((one, other) => compare(one.name, other.name));
}

/** The code itself where the reader's browser knows no name for it. */
export function countryName(code: string, locale?: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
