/** The settings of an account as they are being changed. */
import type { Me } from "../../api/client.ts";

export const NAME_MAX = 100;

export interface EnteredSettings {
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly whenOutOfCredits: "pause" | "finish";
}

export function enteredFrom({ account }: Pick<Me, "account">): EnteredSettings {
  const { name, timeZone, currency, whenOutOfCredits } = account;
  return { name, timeZone, currency, whenOutOfCredits };
}

export const nameProblem = (name: string): string | undefined =>
  name.trim() === "" ? "Enter a name for the account." : undefined;

/** What has to be sent of what was changed; blanks around a name do not count. */
export function changesOf(entered: EnteredSettings, saved: EnteredSettings) {
  const name = entered.name.trim();
  const { timeZone, currency, whenOutOfCredits } = entered;
  const isSame = name === saved.name && timeZone === saved.timeZone && currency === saved.currency;
  return {
    /** A currency that was not changed is left out: whether it may change is nobody's question then. */
    account: isSame
      ? null
      : { name, timeZone, ...(currency === saved.currency ? {} : { currency }) },
    whenOutOfCredits: whenOutOfCredits === saved.whenOutOfCredits ? null : whenOutOfCredits,
  };
}

export function isSaved(entered: EnteredSettings, saved: EnteredSettings): boolean {
  const { account, whenOutOfCredits } = changesOf(entered, saved);
  return account === null && whenOutOfCredits === null;
}
