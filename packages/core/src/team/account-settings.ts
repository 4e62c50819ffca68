/** What an owner may change about an account itself. Dates that were given stay what they are. */
import { isTimeZone } from "../calendar.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";

export interface AccountSettings {
  readonly name: string;
  /** Purchases from now on count their months in it. */
  readonly timeZone: string;
  readonly currency: string;
}

export interface SettingsFacts {
  readonly currency: string;
  /** Whether it paid for anything, or is about to. */
  readonly hasBought: boolean;
  /** The one currency the price list sells in. */
  readonly sold: string;
}

export function decideAccountSettings(
  facts: SettingsFacts,
  wanted: Omit<AccountSettings, "currency"> & { readonly currency?: string | undefined },
): Outcome<AccountSettings, Refusal> {
  const { name, timeZone, currency = facts.currency } = wanted;
  if (!isTimeZone(timeZone)) return refuse({ code: "unknown_time_zone" });
  if (currency !== facts.currency) {
    if (currency !== facts.sold) return refuse({ code: "currency_not_sold", sold: facts.sold });
    if (facts.hasBought) return refuse({ code: "currency_in_use", currency: facts.currency });
  }
  return accept({ name, timeZone, currency });
}
