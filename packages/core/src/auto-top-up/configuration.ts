/**
 * What a customer asked for: how many credits, when, and how much at most. Off until they say so, and
 * nothing is ticked for them (rule 21).
 */
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Minor } from "../pricing/money.ts";
import { isMinor } from "../pricing/money.ts";
import type { Quote } from "../pricing/quote.ts";
import type { InvalidAutoTopUp } from "../refusals.ts";
import { type Credits, credits } from "../units.ts";

export interface Triggers {
  /** When the available balance is at the threshold or below, or a due hour finds no credit. */
  readonly outOfCredits: boolean;
  /** Before paid credits expire; the purchase moves their date 12 months on. */
  readonly beforeExpiry: boolean;
}

export interface AutoTopUpSettings {
  readonly enabled: boolean;
  readonly quantity: Credits;
  readonly triggers: Triggers;
  readonly threshold: Credits;
  /** Of a calendar month in the account's time zone, tax included; null for no limit of the customer's own. */
  readonly monthlyLimitMinor: Minor | null;
  /** Rises by one with each change, 0 before the first: who saves says which one they saw. */
  readonly revision: number;
}

const QUANTITY_AT_FIRST = 10;

/** Of an account that never saved any. */
export const neverSaved: AutoTopUpSettings = {
  enabled: false,
  quantity: credits(QUANTITY_AT_FIRST),
  triggers: { outOfCredits: false, beforeExpiry: false },
  threshold: credits(0),
  monthlyLimitMinor: null,
  revision: 0,
};

/** As they come from outside. What is left out stays as it was. */
export interface EnteredSettings {
  readonly enabled: boolean;
  readonly quantity: number;
  readonly triggers: Triggers;
  readonly threshold?: number | undefined;
  readonly monthlyLimitMinor?: number | null | undefined;
}

export interface SettingsRules {
  readonly quantityMax: number;
  /** What one purchase of so many costs today; not asked for a quantity that cannot be bought. */
  readonly quoteOf: (quantity: Credits) => Quote;
}

/**
 * Takes settings or says which field is wrong and what would be right. The first wrong one in the
 * order of the form is named. What is switched off needs no trigger and no sensible limit.
 */
export function parseSettings(
  entered: EnteredSettings,
  before: AutoTopUpSettings,
  { quantityMax, quoteOf }: SettingsRules,
): Outcome<Omit<AutoTopUpSettings, "revision">, InvalidAutoTopUp> {
  const { enabled, quantity, triggers } = entered;
  const threshold = entered.threshold ?? before.threshold;
  const monthlyLimitMinor =
    entered.monthlyLimitMinor === undefined ? before.monthlyLimitMinor : entered.monthlyLimitMinor;

  if (!isWholeBetween(quantity, 1, quantityMax)) {
    return invalid({ field: "quantity", reason: "out_of_range", min: 1, max: quantityMax });
  }
  if (enabled && !triggers.outOfCredits && !triggers.beforeExpiry) {
    return invalid({ field: "triggers", reason: "none", min: null, max: null });
  }
  if (!isWholeBetween(threshold, 0, quantityMax)) {
    return invalid({ field: "threshold", reason: "out_of_range", min: 0, max: quantityMax });
  }
  const limit = monthlyLimitMinor;
  if (limit !== null && !isMinor(limit)) {
    return invalid({ field: "monthlyLimitMinor", reason: "out_of_range", min: 0, max: null });
  }
  const { totalMinor } = quoteOf(credits(quantity));
  if (enabled && limit !== null && limit < totalMinor) {
    const reason = "below_one_purchase";
    return invalid({ field: "monthlyLimitMinor", reason, min: totalMinor, max: null });
  }
  return accept({
    enabled,
    quantity: credits(quantity),
    triggers: { outOfCredits: triggers.outOfCredits, beforeExpiry: triggers.beforeExpiry },
    threshold: credits(threshold),
    monthlyLimitMinor: limit,
  });
}

export function areSameSettings(
  a: Omit<AutoTopUpSettings, "revision">,
  b: Omit<AutoTopUpSettings, "revision">,
): boolean {
  return (
    a.enabled === b.enabled &&
    a.quantity === b.quantity &&
    a.triggers.outOfCredits === b.triggers.outOfCredits &&
    a.triggers.beforeExpiry === b.triggers.beforeExpiry &&
    a.threshold === b.threshold &&
    a.monthlyLimitMinor === b.monthlyLimitMinor
  );
}

function isWholeBetween(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function invalid(facts: Omit<InvalidAutoTopUp, "code">) {
  return refuse({ code: "invalid_auto_top_up", ...facts } as const);
}
