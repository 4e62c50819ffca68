/**
 * What a press of SAVE may do. A card is charged without its owner only for what they agreed to, so
 * nothing is saved whose words and price were not on the page, and a charge that saving brings about
 * is asked for once more.
 */
import type { AutoTopUpPreview } from "@scanmeter/contracts/auto-top-up";
import type { SettingsInput } from "./entered-settings.ts";

/** The server's preview, with the settings it is of. */
export interface Previewed {
  readonly settings: SettingsInput;
  readonly preview: AutoTopUpPreview;
}

export type Step =
  | "save"
  /** What is agreed to by saving is on the page only now. */
  | "look"
  /** A card would be charged at once. */
  | "warn";

/** Compares what matters before saving, not what the past would have been. */
export function termsOf({ settings, preview }: Previewed): string {
  const { sentence, totalMinor, currency, chargesNow } = preview;
  return JSON.stringify([settings, sentence, totalMinor, currency, chargesNow]);
}

export function stepAfterPress(press: {
  /** As the server has it at this moment. */
  readonly fresh: Previewed;
  /** As it was on the page when the button was pressed. */
  readonly seen: Previewed | null;
  /** The terms that were warned of, if any were. */
  readonly warnedOf: string | null;
}): Step {
  const { fresh, seen, warnedOf } = press;
  const terms = termsOf(fresh);
  if (fresh.preview.chargesNow !== null && warnedOf !== terms) return "warn";
  const isSeen = seen !== null && termsOf(seen) === terms;
  return fresh.preview.needsConsent && !isSeen ? "look" : "save";
}
