/**
 * Saving the settings. SAVE is the customer's word: what goes beyond the word they gave before is
 * recorded as a new agreement, with the sentence that was on the page. Whoever saves says which
 * revision they saw, so that two people who edit at once do not undo each other unseen.
 */
import { invariant } from "../invariant.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { PriceList } from "../pricing/price-list.ts";
import { quote } from "../pricing/quote.ts";
import type { Tax } from "../pricing/tax.ts";
import type { InvalidAutoTopUp, SettingsChanged } from "../refusals.ts";
import type { Credits, Instant } from "../units.ts";
import {
  type AutoTopUpSettings,
  areSameSettings,
  type EnteredSettings,
  parseSettings,
} from "./configuration.ts";
import {
  type Consent,
  type ConsentNeed,
  type ConsentSurface,
  freshConsentFor,
  priceOf,
} from "./consent.ts";
import { consentSentence, consentTextVersion } from "./consent-sentence.ts";

export interface SavedAutoTopUp {
  readonly settings: AutoTopUpSettings;
  /** The last one given, also while it is off. */
  readonly consent: Consent | null;
}

export interface SaveRequest extends EnteredSettings {
  /** The one the customer saw. */
  readonly revision: number;
  readonly surface: ConsentSurface;
}

export interface SaveContext {
  readonly now: Instant;
  readonly userId: string;
  readonly ip: string | null;
  /** Whom the customer allows to charge: the seller's name. */
  readonly company: string;
  readonly priceList: PriceList;
  readonly tax: Tax;
}

export interface SaveResult {
  readonly saved: SavedAutoTopUp;
  /** False for a repetition, which stores nothing. */
  readonly isChanged: boolean;
  /** Why a new agreement was recorded; nothing when the old one covers what is saved. */
  readonly consentedTo: readonly ConsentNeed[];
}

export function decideSave(
  before: SavedAutoTopUp,
  request: SaveRequest,
  context: SaveContext,
): Outcome<SaveResult, InvalidAutoTopUp | SettingsChanged> {
  const { priceList, tax, now, userId, ip, company } = context;
  const quoteOf = (quantity: Credits) => {
    const quoted = quote({ quantity, priceList, tax });
    invariant(quoted.ok, "a quantity in the range that is sold has a price");
    return quoted.value;
  };
  const { quantityMax } = priceList;
  const parsed = parseSettings(request, before.settings, { quantityMax, quoteOf });
  if (!parsed.ok) return parsed;
  const wanted = parsed.value;
  const price = priceOf(quoteOf(wanted.quantity));
  const { consent } = before;
  const consentedTo = freshConsentFor({ before: before.settings, wanted, consent, price });
  const isSame = areSameSettings(wanted, before.settings);
  // Pressed twice, or by two people who want the same: it is as they want it, whoever was first.
  if (isSame && consentedTo.length === 0) {
    return accept({ saved: before, isChanged: false, consentedTo });
  }
  const { revision } = before.settings;
  if (request.revision !== revision) return refuse({ code: "settings_changed", revision });

  const { quantity, triggers, threshold, monthlyLimitMinor } = wanted;
  const agreed = { quantity, triggers, threshold, monthlyLimitMinor };
  const fresh: Consent = {
    at: now,
    userId,
    surface: request.surface,
    ip,
    sentence: consentSentence({ company, agreed, price }),
    textVersion: consentTextVersion,
    price,
    ...agreed,
  };
  const settings = { ...wanted, revision: revision + 1 };
  return accept({
    saved: { settings, consent: consentedTo.length > 0 ? fresh : consent },
    isChanged: true,
    consentedTo,
  });
}
