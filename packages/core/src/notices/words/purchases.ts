import { creditsWords } from "../../documents/words.ts";
import { declineSentence } from "../../purchase/decline-words.ts";
import { settings } from "../../settings.ts";
import { after } from "../../units.ts";
import type { Failure } from "../notice.ts";
import { suspensionWords } from "./suspension.ts";
import {
  because,
  changeCard,
  hindranceWords,
  overview,
  priceWords,
  type WritersOf,
} from "./written.ts";

export const purchaseWriters: WritersOf<
  | "upcoming_top_up"
  | "top_up_done"
  | "top_up_declined"
  | "top_up_failed"
  | "top_up_needs_authentication"
> = {
  upcoming_top_up(data, { exact, day }) {
    const { dueAt, expiresAt, hindrance, quantity } = data;
    const price = priceWords(data);
    const why = `because paid credits expire on ${exact(expiresAt)}`;
    const purchase = `${creditsWords(quantity)} for ${price}, at today's price,`;
    return hindrance === null
      ? {
          title: `${price} will be charged on ${day(dueAt)}`,
          sentences: [
            `Auto top-up buys ${purchase} on ${exact(dueAt)}, ${why}.`,
            `The purchase moves their date to ${settings.creditMonths} months after it.`,
            "Until then you can switch this off in Account Overview.",
          ],
          action: overview,
        }
      : {
          title: `The purchase planned for ${day(dueAt)} cannot be made yet`,
          sentences: [
            `Auto top-up is to buy ${purchase} on ${exact(dueAt)}, ${why}, but ${hindranceWords[hindrance]}.`,
          ],
          action: overview,
        };
  },

  top_up_done(data, { exact }) {
    const { quantity, trigger, paidAt, newExpiresAt, debtRepaid, lots } = data;
    const price = priceWords(data);
    const moved = lots.filter(({ oldExpiresAt }) => oldExpiresAt !== null);
    const movedCredits = moved.reduce((sum, { credits }) => sum + credits, 0);
    return {
      title: `${creditsWords(quantity)} bought for ${price}`,
      sentences: [
        `Auto top-up bought ${creditsWords(quantity)} for ${price} on ${exact(paidAt)}, ${because[trigger]}.`,
        moved.length === 0
          ? `They expire on ${exact(newExpiresAt)}.`
          : `They and ${creditsWords(movedCredits)} you had now expire on ${exact(newExpiresAt)}.`,
        debtRepaid === 0
          ? null
          : `${creditsWords(debtRepaid)} of them went to hours that were owed.`,
      ],
      table: {
        headings: ["Credits", "Expired before", "Expires now"],
        rows: lots.map(({ credits, oldExpiresAt, newExpiresAt: now }) => [
          creditsWords(credits),
          oldExpiresAt === null ? "bought now" : exact(oldExpiresAt),
          exact(now),
        ]),
      },
      action: { label: "See the receipt", path: "/account" },
    };
  },

  top_up_declined: (data, { exact, day }) => ({
    title: `A payment of ${priceWords(data)} was declined, next try on ${day(data.nextTryAt)}`,
    sentences: [
      `The automatic purchase of ${creditsWords(data.quantity)} for ${priceWords(data)} was declined. Nothing was charged.`,
      reasonWords(data.failure),
      `It is tried again on ${exact(data.nextTryAt)}, and at once when you choose another card.`,
    ],
    action: changeCard,
  }),

  top_up_failed(data, { exact }) {
    const { failure, expiresAt, suspended } = data;
    return {
      title: `The automatic purchase of ${creditsWords(data.quantity)} failed`,
      sentences: [
        `The automatic purchase of ${creditsWords(data.quantity)} for ${priceWords(data)} failed and is not tried again. Nothing was charged.`,
        reasonWords(failure),
        suspended === null ? null : suspensionWords[suspended],
        expiresAt === null
          ? null
          : `Paid credits that expire on ${exact(expiresAt)} can be brought back by a purchase until ${exact(after(expiresAt, settings.keptForMs))}.`,
      ],
      action: suspended === null ? overview : changeCard,
    };
  },

  top_up_needs_authentication: (data, { exact }) => ({
    title: `Confirm a payment of ${priceWords(data)} with your bank`,
    sentences: [
      `Your bank asks you to confirm the automatic purchase of ${creditsWords(data.quantity)} for ${priceWords(data)}.`,
      `Nothing is charged until you do. You can confirm it until ${exact(data.until)}; after that it is called off and auto top-up is suspended.`,
    ],
    action: { label: "Confirm with your bank", path: `/top-ups/${data.topUpId}/confirm` },
  }),
};

function reasonWords(failure: Failure | null): string {
  if (failure === null) return "The payment provider did not answer.";
  return declineSentence({ ...failure, adviceCode: null });
}
