/** What is mailed to a member and what counts as a low balance, as it is being changed. */
import type { NoticePreferencesView } from "@scanmeter/contracts/notices";
import type { NoticeGroup } from "@scanmeter/core/notices";
import { formatCredits } from "../../format/credits.ts";
import { withoutGroups } from "../../format/without-groups.ts";

const LOW_BALANCE_MAX = 1_000_000;

export interface EnteredPreferences {
  /** The names of the groups that are not mailed. */
  readonly muted: readonly string[];
  readonly lowBalance: string;
}

/** What the server takes. */
export interface PreferencesInput {
  readonly muted: NoticeGroup[];
  /** Left out, it stays as it is. */
  readonly lowBalance?: number;
}

export function enteredFrom({ groups, lowBalance }: NoticePreferencesView): EnteredPreferences {
  return {
    muted: groups.filter(({ isMailed }) => !isMailed).map(({ name }) => name),
    lowBalance: String(lowBalance),
  };
}

export function withMailed(muted: readonly string[], name: string, isMailed: boolean): string[] {
  const others = muted.filter((one) => one !== name);
  return isMailed ? others : [...others, name];
}

type Group = NoticePreferencesView["groups"][number];

/** Who else is mailed, and whether anybody is; undefined where it is the reader alone. */
export function mailedToInWords(
  { isAlwaysMailed, alsoTo }: Pick<Group, "isAlwaysMailed" | "alsoTo">,
  isChosen: boolean,
  locale?: string,
): string | undefined {
  const names = new Intl.ListFormat(locale).format(alsoTo);
  const sentences = [
    isAlwaysMailed && "Always mailed: scans may stop if nothing is done about it.",
    alsoTo.length > 0 && (isChosen ? `Also mailed to ${names}.` : `Mailed to ${names}.`),
    alsoTo.length === 0 && !isChosen && "Mailed to nobody.",
  ].filter((sentence) => sentence !== false);
  return sentences.length === 0 ? undefined : sentences.join(" ");
}

/** Undefined where nothing is wrong. */
export function lowBalanceProblem(text: string, locale?: string): string | undefined {
  const digits = withoutGroups(text.trim(), locale);
  if (digits === "") return "Enter a number of credits. With 0 a low balance is not told.";
  if (!/^\d+$/.test(digits)) return "Enter a whole number, such as 5.";
  return Number(digits) > LOW_BALANCE_MAX
    ? `At most ${formatCredits(LOW_BALANCE_MAX, locale)} credits.`
    : undefined;
}

/**
 * A low balance that was not changed is left out: somebody else may have changed it meanwhile. To be
 * called only with one that has no problem.
 */
export function preferencesInput(
  { muted, lowBalance }: EnteredPreferences,
  saved: NoticePreferencesView,
  locale?: string,
): PreferencesInput {
  const entered = Number(withoutGroups(lowBalance.trim(), locale));
  return {
    // The names came from the server.
    muted: [...muted] as NoticeGroup[],
    ...(entered === saved.lowBalance ? {} : { lowBalance: entered }),
  };
}

/** Blanks and ways of writing a number do not count. */
export function isSaved(
  entered: EnteredPreferences,
  saved: NoticePreferencesView,
  locale?: string,
): boolean {
  const known = new Set(enteredFrom(saved).muted);
  const hasSameMails =
    entered.muted.length === known.size && entered.muted.every((name) => known.has(name));
  const hasSameBalance =
    lowBalanceProblem(entered.lowBalance, locale) === undefined &&
    preferencesInput(entered, saved, locale).lowBalance === undefined;
  return hasSameMails && hasSameBalance;
}
