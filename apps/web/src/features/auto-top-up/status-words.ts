/**
 * How automatic top-ups stand: the state in a word or two, what that means in sentences, and the way
 * out of whatever is in the way. There is one for every status and reason the server has.
 */
import type { AutoTopUpReasonView, AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { instantWithZone, type Place } from "../../format/instants.ts";
import { formatMoney } from "../../format/money.ts";
import { settingsInWords } from "./settings-words.ts";

/** Account Overview with the form open, for whoever comes from a mail or a notice too. */
export const CONFIGURE_PATH = "/account?configure=auto-top-up";
/** An order of nothing saves a card and charges nothing. */
export const ADD_CARD_PATH = "/checkout/order?quantity=0";

export const confirmPath = (topUpId: string): string => `/top-ups/${topUpId}/confirm`;

export interface Way {
  readonly label: string;
  readonly href: string;
}

export interface StatusWords {
  readonly state: string;
  /** Nothing is in the way of buying. */
  readonly isWorking: boolean;
  readonly sentences: readonly string[];
  readonly ways: readonly Way[];
}

export function statusInWords(view: AutoTopUpView, place: Place): StatusWords {
  const until = view.until && instantWithZone(Date.parse(view.until), place);
  const { state, why = [], ways = [] } = situationOf(view, until);
  const isWorking = view.wayOut === null || view.status === "off";
  if (view.status === "off") return { state, isWorking, sentences: why, ways };
  const goesOn = view.status === "active" || view.status === "limit_reached";
  return {
    state,
    isWorking,
    sentences: [
      settingsInWords(view, place.locale),
      ...why,
      ...(goesOn ? [...renewalInWords(view, place), ...monthInWords(view, place.locale)] : []),
    ],
    ways,
  };
}

interface Situation {
  readonly state: string;
  readonly why?: readonly string[];
  readonly ways?: readonly Way[];
}

const addCard: Way = { label: "Add a card", href: ADD_CARD_PATH };
const useAnotherCard: Way = { label: "Use another card", href: ADD_CARD_PATH };
const saveAgain: Way = { label: "Save again", href: CONFIGURE_PATH };
const changeLimit: Way = { label: "Change the limit", href: CONFIGURE_PATH };
const lookAtPrice: Way = { label: "Look at the new price", href: CONFIGURE_PATH };

function situationOf(view: AutoTopUpView, until: string | null): Situation {
  switch (view.status) {
    case "off":
      return { state: "Off", why: ["Nothing is bought automatically."] };
    case "active":
      return activeSituation(view.reason, until);
    case "waiting_for_payment_method":
      return {
        state: "Saved, waiting for a card",
        why: ["Nothing is bought before a card is saved."],
        ways: [addCard],
      };
    case "needs_authentication":
      return {
        state: "Waiting for your confirmation",
        why: [
          `Your bank wants you to confirm a purchase${until ? ` by ${until}` : ""}. Nothing is charged before that.`,
        ],
        ways: view.topUpId
          ? [{ label: "Confirm with your bank", href: confirmPath(view.topUpId) }]
          : [],
      };
    case "limit_reached":
      return {
        state: "Monthly limit reached",
        why: [
          `One more purchase would go beyond your limit.${until ? ` Buying goes on from ${until}.` : ""}`,
        ],
        ways: [changeLimit],
      };
    case "suspended":
      return { state: "Paused", ...pausedBecause(view.reason) };
  }
}

function activeSituation(reason: AutoTopUpReasonView | null, until: string | null): Situation {
  switch (reason) {
    case "retrying":
      return {
        state: "Trying again",
        why: [
          `The last payment was declined. It is tried again ${until ? `on ${until}` : "soon"}.`,
        ],
        ways: [useAnotherCard],
      };
    case "purchase_in_flight":
      return { state: "Buying now", why: ["A purchase is being paid. Its credits follow."] };
    default:
      return { state: "On" };
  }
}

const WRITE_TO_US = "To ask about it, write to the address on your invoices.";

function pausedBecause(reason: AutoTopUpReasonView | null): Omit<Situation, "state"> {
  switch (reason) {
    case "card_refused":
      return {
        why: [
          "The bank refused the card. Buying goes on when another card is the default, or after a purchase by hand with this one.",
        ],
        ways: [useAnotherCard],
      };
    case "card_details":
      return {
        why: [
          "The card has expired or its details have changed. Buying goes on when another card is the default, or this one was added anew.",
        ],
        ways: [useAnotherCard],
      };
    case "retries_exhausted":
      return {
        why: [
          "The payment was declined several times and is not tried any more. Make another card the default, or save the settings once more to try this one again.",
        ],
        ways: [useAnotherCard, saveAgain],
      };
    case "authentication_unanswered":
      return {
        why: [
          "A purchase was not confirmed with the bank, and nothing was charged. Make another card the default, or save the settings once more to go on with this one.",
        ],
        ways: [useAnotherCard, saveAgain],
      };
    case "consent_needed":
      return {
        why: [
          "One purchase costs more now than you agreed to. Nothing is bought until you save the settings at the new price.",
        ],
        ways: [lookAtPrice],
      };
    case "inquiry":
      return { why: [`The bank has a question about a payment. ${WRITE_TO_US}`] };
    case "dispute":
      return { why: [`A payment is disputed with the bank. ${WRITE_TO_US}`] };
    case "fraud_warning":
      return { why: [`The bank has sent a warning about a payment. ${WRITE_TO_US}`] };
    case "under_review":
      return { why: [`We are looking at the last purchase and write to you. ${WRITE_TO_US}`] };
    default:
      return { why: [`We have stopped it. ${WRITE_TO_US}`] };
  }
}

/** Only one that is to be expected: it is not under way already, and nothing stands before it. */
function renewalInWords(view: AutoTopUpView, place: Place): string[] {
  const { reason, until, nextRenewalAt, renewsExpiryAt } = view;
  if (nextRenewalAt === null || reason !== null) return [];
  if (until !== null && Date.parse(nextRenewalAt) < Date.parse(until)) return [];
  const at = (iso: string) => instantWithZone(Date.parse(iso), place);
  const what = renewsExpiryAt === null ? "" : `, for what expires on ${at(renewsExpiryAt)}`;
  return [`Next renewal on ${at(nextRenewalAt)}${what}.`];
}

function monthInWords(view: AutoTopUpView, locale?: string): string[] {
  const { spentThisMonthMinor, monthlyLimitMinor } = view;
  const money = (amountMinor: number) => formatMoney(amountMinor, view.currency, locale);
  const spent = money(spentThisMonthMinor);
  if (monthlyLimitMinor !== null)
    return [`${spent} of ${money(monthlyLimitMinor)} used or under way this calendar month.`];
  return spentThisMonthMinor > 0 ? [`${spent} bought or under way this calendar month.`] : [];
}
