/** How automatic top-ups look on the wire. Pure, so that every doorway says the same. */
import { type Instant, isoOf } from "@scanmeter/core";
import {
  type AutoTopUpSettings,
  type AutoTopUpSummary,
  autoTopUpPolicy,
  type Consent,
  type AutoTopUpPreview as PreviewFacts,
  type StatusView,
} from "@scanmeter/core/auto-top-up";
import type { TopUp } from "@scanmeter/core/purchase";
import type {
  AuthenticationView,
  AutoTopUpPreview,
  AutoTopUpView,
  ConsentView,
} from "./auto-top-up.ts";

export interface AutoTopUpStanding {
  readonly settings: AutoTopUpSettings;
  readonly status: StatusView;
  readonly summary: AutoTopUpSummary;
  readonly consent: GivenConsent | null;
  readonly card: { readonly brand: string; readonly last4: string } | null;
  readonly renewal: { readonly expiresAt: Instant; readonly dueAt: Instant } | null;
  readonly quantityMax: number;
}

type GivenConsent = Consent & { readonly by: string | null };

const isoOrNull = (at: Instant | null) => (at === null ? null : isoOf(at));

export function autoTopUpViewOf(standing: AutoTopUpStanding): AutoTopUpView {
  const { settings, status, summary, consent, card, renewal, quantityMax } = standing;
  const { totalMinor, currency, spentThisMonthMinor } = summary;
  const { renewalDaysBefore, perDayMax } = autoTopUpPolicy;
  return {
    ...settings,
    ...status,
    until: isoOrNull(status.until),
    nextRenewalAt: renewal && isoOf(renewal.dueAt),
    renewsExpiryAt: renewal && isoOf(renewal.expiresAt),
    consent: consent && consentViewOf(consent),
    totalMinor,
    currency,
    spentThisMonthMinor,
    card: card && { brand: card.brand, last4: card.last4 },
    quantityMax,
    renewalDaysBefore,
    perDayMax,
  };
}

/** Without the address it came from and the member's id: those are kept for a dispute, not shown. */
function consentViewOf({ at, by, surface, sentence, price }: GivenConsent): ConsentView {
  const { totalMinor, currency } = price;
  return { givenAt: isoOf(at), by, surface, sentence, totalMinor, currency };
}

export interface PreviewedSettings {
  readonly preview: PreviewFacts;
  readonly sentence: string;
  readonly needsConsent: boolean;
}

export function autoTopUpPreviewOf(previewed: PreviewedSettings): AutoTopUpPreview {
  const { sentence, needsConsent } = previewed;
  const { summary, chargesNow, past } = previewed.preview;
  const { totalMinor, currency, enabled } = summary;
  const renewal = enabled ? summary.renewal : null;
  return {
    sentence,
    totalMinor,
    currency,
    chargesNow: chargesNow && { trigger: chargesNow.trigger },
    needsConsent,
    past: {
      purchases: past.purchases.length,
      totalMinor: past.totalMinor,
      unpaidCredits: past.unpaidCredits,
    },
    next: {
      renewalAt: renewal && isoOf(renewal.dueAt),
      renewsExpiryAt: renewal && isoOf(renewal.expiresAt),
      atBalance: enabled ? summary.buysAtBalance : null,
    },
  };
}

export function authenticationViewOf({ id, redirectUrl }: TopUp): AuthenticationView {
  return {
    topUpId: id,
    nextAction: redirectUrl === null ? null : { type: "redirect", url: redirectUrl },
  };
}
