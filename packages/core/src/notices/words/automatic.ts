import { cardWords, creditsWords, moneyWords } from "../../documents/words.ts";
import { after } from "../../units.ts";
import type { Limit } from "../notice.ts";
import { suspensionWords } from "./suspension.ts";
import { addCard, because, configure, priceWords, verb, type WritersOf } from "./written.ts";

export const automaticWriters: WritersOf<
  | "auto_top_up_suspended"
  | "limit_reached"
  | "limit_at_80"
  | "waiting_for_card"
  | "consent_needed"
  | "settings_changed"
  | "card_expiring"
> = {
  auto_top_up_suspended: ({ reason }) => ({
    title: "Auto top-up is suspended",
    sentences: [suspensionWords[reason], "Nothing is bought automatically until then."],
    action: configure,
  }),

  limit_reached: (limit, { exact }) => ({
    title: `Your monthly limit of ${moneyWords(limit.limitMinor, limit.currency)} keeps credits from being bought`,
    sentences: [
      `It is time to buy credits, but another purchase would go beyond the limit you set. ${spentWords(limit)}`,
      `Auto top-up goes on when you raise the limit, or on ${exact(limit.until)}.`,
    ],
    action: configure,
  }),

  limit_at_80: (limit, { exact }) => ({
    title: "Most of your monthly limit is used",
    sentences: [
      spentWords(limit),
      `When the limit is reached nothing more is bought automatically until ${exact(limit.until)}, unless you raise it.`,
    ],
    action: configure,
  }),

  waiting_for_card: ({ trigger }) => ({
    title: "Auto top-up is waiting for a card",
    sentences:
      trigger === null
        ? ["The card it charged is gone and there is no other.", "Add a card so that it can go on."]
        : [
            `Credits should be bought now, ${because[trigger]}, but there is no card to charge.`,
            "Add a card and the purchase is made.",
          ],
    action: addCard,
  }),

  consent_needed: (price) => ({
    title: "Auto top-up needs your agreement",
    sentences: [
      `Credits should be bought now, but ${creditsWords(price.quantity)} ${verb(price.quantity, "costs", "cost")} ${priceWords(price)} today, which goes beyond what you agreed to. Nothing was charged.`,
      "Save the settings of auto top-up again to agree.",
    ],
    action: configure,
  }),

  settings_changed: ({ by, enabled, sentence }) => ({
    title: enabled ? "Auto top-up is on" : "Auto top-up is off",
    sentences: [
      enabled
        ? `${by ?? "A member"} saved the settings of auto top-up.`
        : `${by ?? "A member"} switched auto top-up off. Nothing is bought automatically any more.`,
      sentence === null ? null : `What was agreed to: “${sentence}”`,
    ],
    action: configure,
  }),

  card_expiring: ({ validUntil, isCharged, ...card }, { day }) => ({
    title: `${cardWords(card)} expires on ${day(after(validUntil, -1))}`,
    sentences: [
      `${cardWords(card)} can be charged until the end of ${day(after(validUntil, -1))}.`,
      isCharged
        ? "Auto top-up charges this card. Add another one so that it can go on."
        : "Add another one to go on buying with a saved card.",
    ],
    action: addCard,
  }),
};

function spentWords({ spentMinor, limitMinor, currency }: Limit): string {
  return `Of ${moneyWords(limitMinor, currency)} a month, ${moneyWords(spentMinor, currency)} were spent automatically this month or are being charged.`;
}
