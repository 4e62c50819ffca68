/** What each mail says. The key of a mail names what it tells of, so nothing is told twice. */
import type { InvitationId, RefundId, TopUpId } from "../ids.ts";
import type { Currency, Minor } from "../pricing/money.ts";
import type { Role } from "../team/team.ts";
import type { Credits, Instant } from "../units.ts";
import type { NumberedDocument } from "./issued-document.ts";
import { numberLabels } from "./issued-document.ts";
import type { Letter, LetterPart } from "./letter.ts";
import { creditsWords, instantWords, moneyWords } from "./words.ts";

/** What a mail needs to be written on the day it is sent. What a document says is in the document. */
export interface MailData {
  readonly receipt: { readonly invoiceId: string };
  readonly credit_note: { readonly invoiceId: string };
  readonly payment_failed: PaymentFailed;
  readonly notice: NoticeMail;
  readonly invitation: InvitationMail;
}
export type MailTemplate = keyof MailData;
export const mailTemplates = [
  "receipt",
  "credit_note",
  "payment_failed",
  "notice",
  "invitation",
] as const satisfies readonly MailTemplate[];

export interface PaymentFailed {
  readonly quantity: Credits;
  readonly totalMinor: Minor;
  readonly currency: Currency;
  readonly failedAt: Instant;
  readonly timeZone: string;
  /** Whole sentences: why, and what to do. */
  readonly reason: string;
  /** Where it can be done. */
  readonly action: { readonly label: string; readonly url: string } | null;
}

export interface NoticeMail {
  readonly noticeKey: string;
  /** Where people reach the web app; null when that is not known. */
  readonly site: string | null;
}

/** The secret of its link is not among the data: it is made while the mail is handed over. */
export interface InvitationMail {
  readonly invitationId: string;
  /** Where people reach the web app. */
  readonly site: string;
}

export const mailKeys = {
  receipt: (topUpId: TopUpId) => `receipt-${topUpId}`,
  creditNote: (refundId: RefundId | string) => `credit-note-${refundId}`,
  cancellation: (refundId: RefundId | string) => `cancellation-${refundId}`,
  notice: (noticeKey: string, userId: string) => `notice-${noticeKey}-${userId}`,
  invitation: (invitationId: InvitationId) => `invitation-${invitationId}`,
  /** Each attempt that failed is an event of its own. */
  paymentFailed: (topUpId: TopUpId, attempt: string) => `payment-failed-${topUpId}-${attempt}`,
};

const ATTACHED: LetterPart = {
  is: "words",
  text: "The document is attached as a PDF and stays available in your account.",
};

/** For an invoice, a credit note or its cancellation: what the document says, and the document with it. */
export function documentLetter(numbered: NumberedDocument): Letter {
  const { number, document } = numbered;
  const { particulars, sums, total, notes, lots, seller } = document;
  return {
    subject: subjectOf(numbered),
    parts: [
      { is: "words", text: openingOf(numbered) },
      {
        is: "facts",
        facts: [
          { label: numberLabels[document.kind], text: number },
          ...particulars,
          ...sums,
          total,
        ],
      },
      ...notes.map((text): LetterPart => ({ is: "words", text })),
      ...(lots === null
        ? []
        : ([
            { is: "heading", text: lots.heading },
            { is: "table", headings: lots.headings, rows: lots.rows },
          ] as const)),
      ATTACHED,
      { is: "words", text: [seller.name, ...seller.lines].join(", ") },
    ],
  };
}

function subjectOf({ number, document: { kind, total } }: NumberedDocument): string {
  switch (kind) {
    case "invoice":
      return `Receipt for ${total.text}, invoice ${number}`;
    case "credit_note":
      return `Refund of ${total.text}, credit note ${number}`;
    case "cancellation":
      return `A refund of ${total.text} failed, document ${number}`;
  }
}

function openingOf({ document: { kind, total } }: NumberedDocument): string {
  switch (kind) {
    case "invoice":
      return `Your payment of ${total.text} went through and the credits are in your account.`;
    case "credit_note":
      return `A refund of ${total.text} is on its way to the card that paid. Banks take up to ten days.`;
    case "cancellation":
      return `A refund of ${total.text} did not reach the card that paid. The credits that were taken back for it are in your account again.`;
  }
}

export interface InvitationFacts {
  readonly accountName: string;
  /** Null when whoever invited is not known any more. */
  readonly invitedBy: string | null;
  readonly role: Role;
  readonly url: string;
  readonly expiresAt: Instant;
  readonly timeZone: string;
}

const asRole: Readonly<Record<Role, string>> = {
  owner: "an owner, who may do everything",
  billing: "a billing manager, who may buy credits and see everything",
  member: "a member, who may see everything and stop scans",
};

/** The subject has no words of a customer: it reaches people who may not know us. */
export function invitationLetter(facts: InvitationFacts): Letter {
  const { accountName, invitedBy, role, url, expiresAt, timeZone } = facts;
  return {
    subject: "An invitation to an account on Scanmeter",
    parts: [
      {
        is: "words",
        text: `${invitedBy ?? "An owner"} invites you to join the account ${accountName} on Scanmeter as ${asRole[role]}.`,
      },
      { is: "link", label: "See the invitation", url },
      {
        is: "words",
        text: `It can be accepted until ${instantWords(expiresAt, timeZone)}, by whoever signs in with this address.`,
      },
      { is: "words", text: "If you did not expect this, there is nothing to do." },
    ],
  };
}

export function paymentFailedLetter(facts: PaymentFailed): Letter {
  const { quantity, failedAt, timeZone, reason, action } = facts;
  const amount = moneyWords(facts.totalMinor, facts.currency);
  return {
    subject: `Payment of ${amount} failed`,
    parts: [
      {
        is: "words",
        text: `The payment of ${amount} for ${creditsWords(quantity)} failed on ${instantWords(failedAt, timeZone)}. No money was taken and no credits were added.`,
      },
      { is: "words", text: reason },
      ...(action === null ? [] : [{ is: "link", ...action } as const]),
    ],
  };
}
