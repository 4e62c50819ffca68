/**
 * Whether a VAT id looks like one of its country. Only the form is judged: whether the id exists is
 * known to the tax office alone, and a customer whose id looks odd to us may still buy.
 */
export type VatIdPlausibility = "plausible" | "implausible" | "unknown";

/** The forms of the EU's member states by country code. Greece writes EL. */
const formats = {
  AT: /^ATU\d{8}$/,
  BE: /^BE[01]\d{9}$/,
  BG: /^BG\d{9,10}$/,
  CY: /^CY\d{8}[A-Z]$/,
  CZ: /^CZ\d{8,10}$/,
  DE: /^DE\d{9}$/,
  DK: /^DK\d{8}$/,
  EE: /^EE\d{9}$/,
  ES: /^ES(?:[A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$/,
  FI: /^FI\d{8}$/,
  FR: /^FR[A-HJ-NP-Z0-9]{2}\d{9}$/,
  GR: /^EL\d{9}$/,
  HR: /^HR\d{11}$/,
  HU: /^HU\d{8}$/,
  IE: /^IE(?:\d{7}[A-W][A-I]?|\d[A-Z+*]\d{5}[A-W])$/,
  IT: /^IT\d{11}$/,
  LT: /^LT(?:\d{9}|\d{12})$/,
  LU: /^LU\d{8}$/,
  LV: /^LV\d{11}$/,
  MT: /^MT\d{8}$/,
  NL: /^NL\d{9}B\d{2}$/,
  PL: /^PL\d{10}$/,
  PT: /^PT\d{9}$/,
  RO: /^RO\d{2,10}$/,
  SE: /^SE\d{10}01$/,
  SI: /^SI\d{8}$/,
  SK: /^SK\d{10}$/,
} as const satisfies Record<string, RegExp>;

type EuCountry = keyof typeof formats;

export function isInEu(country: string): country is EuCountry {
  return Object.hasOwn(formats, country);
}

/** As it is printed on documents: capitals, without the spaces, dots and dashes people write. */
export function normalizeVatId(text: string): string {
  return text.toUpperCase().replace(/[\s.\-/]/g, "");
}

/** Judged against the country it is billed to; of a country whose form we do not know, nothing is said. */
export function vatIdPlausibility(text: string, country: string): VatIdPlausibility {
  if (!isInEu(country)) return "unknown";
  return formats[country].test(normalizeVatId(text)) ? "plausible" : "implausible";
}
