/** Settings of automatic top-ups as if a customer had agreed to them. */
import { credits, minor } from "@scanmeter/core";
import type { Database } from "../client.ts";
import {
  type AutoTopUpRow,
  addConsent,
  putAutoTopUps,
  type StoredConsent,
} from "../queries/auto-top-ups.ts";
import { NOON, unique } from "./ledger.ts";

export function aConsent(change: Partial<StoredConsent> = {}): StoredConsent {
  return {
    id: `cns_${unique()}`,
    at: NOON,
    userId: "user_1",
    surface: "overview",
    ip: "192.0.2.1",
    sentence: "I allow it.",
    textVersion: "1",
    price: { netMinor: minor(95_00), totalMinor: minor(113_05), currency: "EUR" },
    quantity: credits(10),
    triggers: { outOfCredits: true, beforeExpiry: true },
    threshold: credits(0),
    monthlyLimitMinor: null,
    ...change,
  };
}

export function anAutoTopUp(
  accountId: string,
  change: Partial<AutoTopUpRow> = {},
): AutoTopUpRow & { readonly consent: StoredConsent } {
  const consent = change.consent ?? aConsent();
  const { quantity, triggers, threshold, monthlyLimitMinor } = consent;
  return {
    accountId,
    settings: { enabled: true, quantity, triggers, threshold, monthlyLimitMinor, revision: 1 },
    suspension: null,
    renewal: null,
    version: 0,
    ...change,
    consent,
  };
}

/** Switches it on for an account; answers the id of what was agreed to. */
export async function agree(db: Database, accountId: string): Promise<string> {
  const row = anAutoTopUp(accountId);
  await db.write([addConsent(accountId, row.consent), ...putAutoTopUps([row])]);
  return row.consent.id;
}
