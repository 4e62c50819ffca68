/** The settings as they are typed: checked before they are sent, and off until somebody says otherwise. */
import type { AutoTopUpView, TriggersView } from "@scanmeter/contracts/auto-top-up";
import type { Refusal } from "@scanmeter/core";
import { creditsInWords, formatCredits } from "../../format/credits.ts";
import { enteredMoney, moneyAsTyped } from "../../format/entered-money.ts";
import { formatMoney } from "../../format/money.ts";
import { enteredQuantity } from "../checkout/entered-quantity.ts";

export interface EnteredSettings {
  readonly enabled: boolean;
  readonly quantity: string;
  readonly outOfCredits: boolean;
  readonly beforeExpiry: boolean;
  readonly threshold: string;
  readonly monthlyLimit: string;
}

/** What the server takes. */
export interface SettingsInput {
  readonly enabled: boolean;
  readonly quantity: number;
  readonly triggers: TriggersView;
  readonly threshold: number;
  readonly monthlyLimitMinor: number | null;
}

type InvalidAutoTopUp = Extract<Refusal, { code: "invalid_auto_top_up" }>;
export type SettingsField = InvalidAutoTopUp["field"];
export type SettingsProblems = Partial<Record<SettingsField, string>>;

/** What is there to compare with, and the bounds. */
export type SavedSettings = SettingsInput & Pick<AutoTopUpView, "currency" | "quantityMax">;

export function enteredFrom(saved: SavedSettings, locale?: string): EnteredSettings {
  const { enabled, quantity, triggers, threshold, monthlyLimitMinor, currency } = saved;
  return {
    enabled,
    quantity: String(quantity),
    ...triggers,
    threshold: String(threshold),
    monthlyLimit:
      monthlyLimitMinor === null ? "" : moneyAsTyped(monthlyLimitMinor, currency, locale),
  };
}

/** Nothing is wrong with what is switched off: it is not asked for. */
export function settingsProblems(
  entered: EnteredSettings,
  { quantityMax, currency }: SavedSettings,
  locale?: string,
): SettingsProblems {
  if (!entered.enabled) return {};
  const quantity = enteredQuantity(entered.quantity, quantityMax, locale);
  const threshold = enteredThreshold(entered.threshold, quantityMax, locale);
  const limit = enteredMoney(entered.monthlyLimit, currency, locale);
  const problems: SettingsProblems = {};
  if (!quantity.ok) problems.quantity = quantity.problem;
  else if (quantity.quantity === 0) problems.quantity = "Buy at least 1 credit at a time.";
  if (!entered.outOfCredits && !entered.beforeExpiry) problems.triggers = CHOOSE_WHEN;
  if (!threshold.ok) problems.threshold = threshold.problem;
  if (!limit.ok) problems.monthlyLimitMinor = limit.problem;
  return problems;
}

const CHOOSE_WHEN = "Choose at least one of the two.";

/**
 * Off can be saved whatever else is typed: a field that is wrong stays as it was. To be called with
 * settings that are switched on only if they have no problem.
 */
export function settingsInput(
  entered: EnteredSettings,
  saved: SavedSettings,
  locale?: string,
): SettingsInput {
  const { enabled, outOfCredits, beforeExpiry } = entered;
  const quantity = enteredQuantity(entered.quantity, saved.quantityMax, locale);
  const threshold = enteredThreshold(entered.threshold, saved.quantityMax, locale);
  const limit = enteredMoney(entered.monthlyLimit, saved.currency, locale);
  return {
    enabled,
    quantity: quantity.ok && quantity.quantity > 0 ? quantity.quantity : saved.quantity,
    triggers: { outOfCredits, beforeExpiry },
    threshold: threshold.ok ? threshold.quantity : saved.threshold,
    monthlyLimitMinor: limit.ok ? limit.amountMinor : saved.monthlyLimitMinor,
  };
}

/** An empty threshold is none. */
function enteredThreshold(text: string, max: number, locale?: string) {
  return enteredQuantity(text.trim() === "" ? "0" : text, max, locale);
}

/** Whether something is typed that is not saved; blanks and ways of writing a number do not count. */
export function isSaved(entered: EnteredSettings, saved: SavedSettings, locale?: string): boolean {
  if (Object.keys(settingsProblems(entered, saved, locale)).length > 0) return false;
  return areSameSettings(settingsInput(entered, saved, locale), saved);
}

export function areSameSettings(a: SettingsInput, b: SettingsInput): boolean {
  return (
    a.enabled === b.enabled &&
    a.quantity === b.quantity &&
    a.triggers.outOfCredits === b.triggers.outOfCredits &&
    a.triggers.beforeExpiry === b.triggers.beforeExpiry &&
    a.threshold === b.threshold &&
    a.monthlyLimitMinor === b.monthlyLimitMinor
  );
}

/** The server's no, in the words of its field. */
export function problemOf(
  { field, reason, min, max }: Omit<InvalidAutoTopUp, "code">,
  currency: string,
  locale?: string,
): string {
  switch (field) {
    case "quantity":
      return `Choose a whole number from ${min} to ${creditsInWords(max ?? 0, locale)}.`;
    case "triggers":
      return CHOOSE_WHEN;
    case "threshold":
      return `Choose a whole number from ${min} to ${formatCredits(max ?? 0, locale)}.`;
    case "monthlyLimitMinor":
      return reason === "below_one_purchase"
        ? `One purchase costs ${formatMoney(min ?? 0, currency, locale)}. Enter at least that, or leave it empty for no limit.`
        : "Enter an amount, such as 300, or leave it empty.";
  }
}
