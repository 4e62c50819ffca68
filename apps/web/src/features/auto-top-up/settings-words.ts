/** What settings do, as a person would say it. Prices, dates and what would have been are the server's. */
import type {
  AutoTopUpPreview,
  AutoTopUpView,
  ConsentView,
  TriggersView,
} from "@scanmeter/contracts/auto-top-up";
import { creditsInWords } from "../../format/credits.ts";
import { instantWithZone, type Place } from "../../format/instants.ts";
import { formatMoney } from "../../format/money.ts";
import { cardInWords } from "../cards/card-words.ts";

type When = Pick<AutoTopUpView, "triggers" | "threshold" | "renewalDaysBefore">;

/** "each time you run out of credits, and 3 days before paid credits expire". */
export function whenInWords(when: When, locale?: string): string {
  const { triggers, threshold, renewalDaysBefore: days } = when;
  const runsOut =
    threshold === 0
      ? "each time you run out of credits"
      : `each time you have ${creditsInWords(threshold, locale)} or fewer left`;
  const expires = `${days} ${days === 1 ? "day" : "days"} before paid credits expire`;
  return [triggers.outOfCredits && runsOut, triggers.beforeExpiry && expires]
    .filter(Boolean)
    .join(", and ");
}

type Bought = When &
  Pick<AutoTopUpView, "quantity" | "totalMinor" | "currency" | "card" | "monthlyLimitMinor">;

/** What is bought, when, for how much, with which card and how much at most. */
export function settingsInWords(settings: Bought, locale?: string): string {
  const { quantity, totalMinor, currency, card, monthlyLimitMinor } = settings;
  const money = (amountMinor: number) => formatMoney(amountMinor, currency, locale);
  const parts = [
    `${creditsInWords(quantity, locale)} for ${money(totalMinor)} ${whenInWords(settings, locale)}`,
    ...(card === null ? [] : [`charged to ${cardInWords(card)}`]),
    ...(monthlyLimitMinor === null
      ? []
      : [`at most ${money(monthlyLimitMinor)} in a calendar month`]),
  ];
  return `${parts.join("; ")}.`;
}

type Preview = Pick<AutoTopUpPreview, "past" | "next" | "currency">;

/** What a year with these settings would have been like, and what comes next. */
export function outlookInWords(
  { past, next, currency }: Preview,
  triggers: TriggersView,
  place: Place,
): string {
  const { locale } = place;
  const total = formatMoney(past.totalMinor, currency, locale);
  const count = new Intl.NumberFormat(locale).format(past.purchases);
  const made =
    past.purchases === 0
      ? "no purchase"
      : past.purchases === 1
        ? `1 purchase, ${total}`
        : `${count} purchases, ${total} in total`;
  const missing =
    past.unpaidCredits > 0
      ? ` ${creditsInWords(past.unpaidCredits, locale)} would still have been missing, because of the limits.`
      : "";
  const year = `The last 12 months would have made ${made}`;
  return `${year}; ${nextInWords(next, triggers, place)}.${missing}`;
}

function nextInWords(
  { renewalAt, atBalance }: AutoTopUpPreview["next"],
  triggers: TriggersView,
  place: Place,
): string {
  const ways = [
    ...(renewalAt === null ? [] : [`on ${instantWithZone(Date.parse(renewalAt), place)}`]),
    ...(atBalance === null ? [] : [`at ${creditsInWords(atBalance, place.locale)}`]),
  ];
  if (ways.length > 0) return `next ${ways.join(", or ")}`;
  return triggers.beforeExpiry
    ? "there are no paid credits now that could expire"
    : "nothing is due";
}

interface Charge {
  readonly preview: Pick<AutoTopUpPreview, "chargesNow" | "totalMinor" | "currency">;
  readonly quantity: number;
  readonly threshold: number;
  readonly card: AutoTopUpView["card"];
  readonly renewalDaysBefore: number;
}

/** Why saving costs money at once, and how much; empty when it does not. */
export function chargeInWords(charge: Charge, locale?: string): string {
  const { preview, quantity, threshold, card, renewalDaysBefore: days } = charge;
  if (preview.chargesNow === null) return "";
  const why =
    preview.chargesNow.trigger === "before_expiry"
      ? `Paid credits expire within ${days} ${days === 1 ? "day" : "days"}`
      : threshold === 0
        ? "You are out of credits now"
        : `You have ${creditsInWords(threshold, locale)} or fewer now`;
  const credits = creditsInWords(quantity, locale);
  const total = formatMoney(preview.totalMinor, preview.currency, locale);
  return card === null
    ? `${why}, so ${credits} are bought for ${total} as soon as a card is saved.`
    : `${why}, so ${credits} are bought as soon as you save: ${cardInWords(card)} is charged ${total}.`;
}

/** Who agreed, when and where. */
export function consentInWords(consent: ConsentView, place: Place): string {
  const by = consent.by ?? "a former member";
  const at = instantWithZone(Date.parse(consent.givenAt), place);
  const where = consent.surface === "checkout" ? "in the checkout" : "on Account Overview";
  return `Agreed to by ${by} on ${at}, ${where}.`;
}
