/** What the settings of an account mean, in words. */
type WhenOutOfCredits = "pause" | "finish";

export const outOfCreditsChoices: readonly {
  readonly value: WhenOutOfCredits;
  readonly label: string;
  readonly meaning: string;
}[] = [
  {
    value: "pause",
    label: "Pause the scan",
    meaning: "It goes on by itself when credits arrive, and is stopped after 24 hours without.",
  },
  {
    value: "finish",
    label: "Let the scan finish",
    meaning: "The hours that are missing, at most 4, are owed: your next purchase pays them first.",
  },
];

export const whatAZoneChanges =
  "Dates are written in it, and the 12 months of later purchases are counted in it. Credits you have expire at the same moment as before.";

/** "EUR, Euro". */
export function currencyInWords(currency: string, locale?: string): string {
  const name = new Intl.DisplayNames(locale, { type: "currency" }).of(currency);
  return name === undefined || name === currency ? currency : `${currency}, ${name}`;
}
