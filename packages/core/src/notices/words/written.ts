/** What every notice is written with. */
import type { AutomaticTrigger, WaitReason } from "../../auto-top-up/decide.ts";
import { dateWords, instantWords, moneyWords } from "../../documents/words.ts";
import type { Instant } from "../../units.ts";
import type { NoticeData, NoticeKind, Price } from "../notice.ts";

export interface NoticeTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface NoticeAction {
  readonly label: string;
  /** Of the site. */
  readonly path: string;
}

export interface Written {
  readonly title: string;
  readonly sentences: readonly (string | null)[];
  readonly table?: NoticeTable;
  readonly action: NoticeAction;
}

export type WritersOf<Kinds extends NoticeKind> = {
  readonly [Kind in Kinds]: (data: NoticeData[Kind], dates: Dates) => Written;
};

export interface Dates {
  readonly exact: (at: Instant) => string;
  readonly day: (at: Instant) => string;
}

export const datesIn = (timeZone: string): Dates => ({
  exact: (at) => instantWords(at, timeZone),
  day: (at) => dateWords(at, timeZone),
});

export const buy = { label: "Buy credits", path: "/checkout/order" };
export const overview = { label: "Open Account Overview", path: "/account" };
export const configure = {
  label: "Auto top-up configuration",
  path: "/account?configure=auto-top-up",
};
export const changeCard = { label: "Choose another card", path: "/account" };
export const addCard = { label: "Add a card", path: "/account" };

/** Whichever of the two a count asks for. */
export const verb = (count: number, one: string, many: string) => (count === 1 ? one : many);

export const priceWords = ({ totalMinor, currency }: Omit<Price, "quantity">) =>
  moneyWords(totalMinor, currency);

export const because: Readonly<Record<AutomaticTrigger, string>> = {
  out_of_credits: "because credits were running out",
  before_expiry: "because paid credits were about to expire",
};

export const hindranceWords: Readonly<Record<WaitReason, string>> = {
  purchase_in_flight: "another purchase has to be finished first",
  too_often: "another purchase was made a short time ago",
  needs_authentication: "your bank asks you to confirm another payment first",
  under_review: "we are looking at an earlier purchase first",
  suspended: "auto top-up is suspended",
  no_card: "there is no card to charge",
  consent_needed: "it goes beyond what you agreed to; save the settings again to agree",
  limit_reached: "your monthly limit is reached",
};
