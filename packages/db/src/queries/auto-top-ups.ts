/**
 * What an account asked for in advance, and everything that has to be known to decide about it: read
 * with the books of a command, in the same statement, so all of it is of one instant.
 */
import type { InStatement } from "@libsql/client";
import { type Instant, requote, type ScanId } from "@scanmeter/core";
import type {
  ArmedRenewal,
  AutoTopUpSettings,
  Consent,
  SeenPurchase,
  Suspension,
} from "@scanmeter/core/auto-top-up";
import type { ToldLevel } from "@scanmeter/core/notices";
import type { BillingDetails } from "@scanmeter/core/purchase";
import { toldLevelFromRow, toldLevelPart } from "./notices.ts";
import type { Json } from "./rows.ts";
import { type CardLabel, statesUnderWay } from "./top-ups.ts";

export interface StoredConsent extends Consent {
  readonly id: string;
}

/** The row of an account that has saved settings at least once. */
export interface AutoTopUpRow {
  readonly accountId: string;
  readonly settings: AutoTopUpSettings;
  readonly consent: StoredConsent | null;
  readonly suspension: Suspension | null;
  readonly renewal: ArmedRenewal | null;
  /** As it was read, 0 for a new row: its compare-and-set. */
  readonly version: number;
}

export interface DefaultCard extends CardLabel {
  readonly id: string;
  readonly customerId: string;
  readonly since: Instant;
  readonly expMonth: number;
  readonly expYear: number;
}

/** An account as a decision about automatic top-ups sees it. */
export interface AutoTopUpKnown {
  readonly row: AutoTopUpRow | null;
  readonly place: AccountPlaceRow;
  readonly card: DefaultCard | null;
  readonly billing: BillingDetails | null;
  readonly purchases: readonly SeenPurchase[];
  /** Scans that wait because an hour found no credit; a few of them are enough. */
  readonly waitingScans: readonly ScanId[];
  /** When the newest checkout that is open and buys something was opened; null when there is none. */
  readonly checkoutAt: Instant | null;
  /** What the customer was told of the balance last. */
  readonly told: ToldLevel | null;
}

export interface AccountPlaceRow {
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly ownerEmail: string | null;
}

const consentColumns = `id, account_id, user_id, given_at, surface, ip, sentence, text_version,
  net_minor, total_minor, currency, quantity, out_of_credits, before_expiry, threshold,
  monthly_limit_minor`;

const rowColumns = `account_id, enabled, quantity, out_of_credits, before_expiry, threshold,
  monthly_limit_minor, revision, consent_id, suspension_reason, suspended_at, suspended_by,
  renewal_expires_at, renewal_due_at, version`;

/** Long enough to hold the calendar month and the days a purchase may take until it is paid. */
const PURCHASES_BACK_MS = 45 * 24 * 3_600_000;
const WAITING_SCANS_READ = 20;

/** Parts of the one statement that reads facts: each is a kind, its SQL and its arguments. */
export function autoTopUpParts(
  accountIds: readonly string[],
  now: number,
): { readonly sql: string; readonly args: readonly (string | number)[] }[] {
  const ids = JSON.stringify(accountIds);
  const of = "(SELECT value FROM json_each(?))";
  const purchase = (where: string) => `SELECT 'seen_purchase', json_array(t.account_id, t.id,
      t.trigger, t.trigger_key, t.state, t.terms, t.created_at, t.paid_at, t.closing, t.next_step_at)
    FROM json_each(?) a CROSS JOIN top_ups t ON t.account_id = a.value AND ${where}`;
  const named = (key: string) => `SELECT 'seen_purchase', json_array(t.account_id, t.id,
      t.trigger, t.trigger_key, t.state, t.terms, t.created_at, t.paid_at, t.closing, t.next_step_at)
    FROM accounts a CROSS JOIN top_ups t INDEXED BY top_ups_trigger_key
      ON t.trigger_key >= ${key} AND t.trigger_key < ${key} || '.' AND +t.account_id = a.id WHERE a.id IN ${of}`;
  return [
    {
      sql: `SELECT 'auto_top_up', json_array(${rowColumns}, (SELECT json_array(${consentColumns})
          FROM consents WHERE consents.id = consent_id))
        FROM auto_top_ups WHERE account_id IN ${of}`,
      args: [ids],
    },
    {
      sql: `SELECT 'place', json_array(a.id, a.name, a.time_zone, a.currency, (SELECT u.email
          FROM members m JOIN auth_user u ON u.id = m.user_id
          WHERE m.account_id = a.id AND m.role = 'owner' ORDER BY m.user_id LIMIT 1),
          (SELECT details FROM billing_details b WHERE b.account_id = a.id))
        FROM accounts a WHERE a.id IN ${of}`,
      args: [ids],
    },
    {
      sql: `SELECT 'default_card', json_array(account_id, id, brand, last4, customer_id, default_since,
          exp_month, exp_year)
        FROM payment_methods WHERE is_default = 1 AND account_id IN ${of}`,
      args: [ids],
    },
    {
      sql: `SELECT 'waiting_scan', row FROM (SELECT json_array(account_id, id) AS row FROM scans
        WHERE account_id IN ${of} AND waiting_since IS NOT NULL LIMIT ${WAITING_SCANS_READ})`,
      args: [ids],
    },
    { sql: purchase(`t.trigger = 'manual' AND t.state IN ${statesUnderWay}`), args: [ids] },
    { sql: purchase(`t.trigger <> 'manual' AND t.state IN ${statesUnderWay}`), args: [ids] },
    { sql: purchase("t.state = 'needs_review'"), args: [ids] },
    {
      sql: purchase(`t.trigger <> 'manual' AND t.created_at >= ${now - PURCHASES_BACK_MS}`),
      args: [ids],
    },
    {
      sql: `SELECT 'checkout', json_array(account_id, max(created_at)) FROM checkouts
        WHERE status = 'open' AND account_id IN ${of} AND quantity > 0 GROUP BY account_id`,
      args: [ids],
    },
    toldLevelPart(accountIds),
    // All of the episodes that may be open, however old: the names are those of core's `episode.ts`.
    { sql: named("'out-of-credits-' || a.id || '-' || a.credit_epoch"), args: [ids] },
    { sql: named("'before-expiry-' || a.id"), args: [ids] },
  ];
}

/** Collects the rows of those parts into what is known of each account. */
export class AutoTopUpRows {
  readonly #rows = new Map<string, AutoTopUpRow>();
  readonly #places = new Map<string, AccountPlaceRow & { billing: BillingDetails | null }>();
  readonly #cards = new Map<string, DefaultCard>();
  readonly #purchases = new Map<string, Map<string, SeenPurchase>>();
  readonly #waiting = new Map<string, ScanId[]>();
  readonly #checkouts = new Map<string, Instant>();
  readonly #told = new Map<string, ToldLevel>();

  /** Answers whether the row was one of these. */
  take(kind: string, values: readonly unknown[]): boolean {
    const accountId = values[0] as string;
    switch (kind) {
      case "auto_top_up":
        this.#rows.set(accountId, rowFrom(values));
        return true;
      case "place": {
        const [, name, timeZone, currency, ownerEmail, details] = values as string[];
        const billing = details ? (JSON.parse(details) as BillingDetails) : null;
        const place = { name, timeZone, currency, ownerEmail: ownerEmail ?? null, billing };
        this.#places.set(accountId, place as AccountPlaceRow & { billing: BillingDetails | null });
        return true;
      }
      case "default_card": {
        const [, id, brand, last4, customerId, since, expMonth, expYear] = values;
        const card = { id, brand, last4, customerId, since, expMonth, expYear };
        this.#cards.set(accountId, card as unknown as DefaultCard);
        return true;
      }
      case "waiting_scan":
        this.#waiting.set(accountId, [
          ...(this.#waiting.get(accountId) ?? []),
          values[1] as ScanId,
        ]);
        return true;
      case "checkout":
        this.#checkouts.set(accountId, values[1] as Instant);
        return true;
      case "told_level":
        this.#told.set(accountId, toldLevelFromRow(values));
        return true;
      case "seen_purchase": {
        const purchases = this.#purchases.get(accountId) ?? new Map<string, SeenPurchase>();
        this.#purchases.set(accountId, purchases.set(String(values[1]), seenFrom(values)));
        return true;
      }
      default:
        return false;
    }
  }

  known(accountId: string): AutoTopUpKnown | null {
    const found = this.#places.get(accountId);
    if (found === undefined) return null;
    const { billing, ...place } = found;
    return {
      row: this.#rows.get(accountId) ?? null,
      place,
      billing,
      card: this.#cards.get(accountId) ?? null,
      purchases: [...(this.#purchases.get(accountId)?.values() ?? [])],
      waitingScans: this.#waiting.get(accountId) ?? [],
      checkoutAt: this.#checkouts.get(accountId) ?? null,
      told: this.#told.get(accountId) ?? null,
    };
  }
}

function rowFrom(values: readonly unknown[]): AutoTopUpRow {
  const [accountId, enabled, quantity, outOfCredits, beforeExpiry, threshold, limit, revision] =
    values;
  const [reason, since, topUpId, expiresAt, dueAt, version, consent] = values.slice(9);
  return {
    accountId,
    settings: {
      enabled: enabled === 1,
      quantity,
      triggers: { outOfCredits: outOfCredits === 1, beforeExpiry: beforeExpiry === 1 },
      threshold,
      monthlyLimitMinor: limit,
      revision,
    },
    consent: consent === null ? null : consentFrom(consent),
    suspension: reason === null ? null : { reason, since, topUpId },
    renewal: expiresAt === null ? null : { expiresAt, dueAt },
    version,
  } as AutoTopUpRow;
}

function consentFrom(row: unknown): StoredConsent {
  const values = (typeof row === "string" ? JSON.parse(row) : row) as unknown[];
  const [id, , userId, at, surface, ip, sentence, textVersion, netMinor, totalMinor, currency] =
    values;
  const [quantity, outOfCredits, beforeExpiry, threshold, monthlyLimitMinor] = values.slice(11);
  return {
    id,
    at,
    userId,
    surface,
    ip,
    sentence,
    textVersion,
    price: { netMinor, totalMinor, currency },
    quantity,
    triggers: { outOfCredits: outOfCredits === 1, beforeExpiry: beforeExpiry === 1 },
    threshold,
    monthlyLimitMinor,
  } as StoredConsent;
}

function seenFrom(values: readonly unknown[]): SeenPurchase {
  const [, id, trigger, triggerKey, state, terms, createdAt, paidAt, closing, nextStepAt] = values;
  return {
    id,
    trigger,
    triggerKey,
    state,
    quote: requote(JSON.parse(terms as string)),
    createdAt,
    paidAt,
    closing: closing === null ? null : JSON.parse(closing as string),
    nextStepAt,
  } as SeenPurchase;
}

const value = (position: number) => `m.value ->> ${position}`;
const values = (count: number) => Array.from({ length: count }, (_, at) => value(at)).join(", ");

const addRows = `INSERT INTO auto_top_ups (${rowColumns}) SELECT ${values(15)} FROM json_each(?) m`;

const moveRows = `UPDATE auto_top_ups SET enabled = ${value(1)}, quantity = ${value(2)},
    out_of_credits = ${value(3)}, before_expiry = ${value(4)}, threshold = ${value(5)},
    monthly_limit_minor = ${value(6)}, revision = ${value(7)}, consent_id = ${value(8)},
    suspension_reason = ${value(9)}, suspended_at = ${value(10)}, suspended_by = ${value(11)},
    renewal_expires_at = ${value(12)}, renewal_due_at = ${value(13)}, version = ${value(14)}
  FROM json_each(?) m WHERE auto_top_ups.account_id = ${value(0)}`;

function rowToJson(row: AutoTopUpRow): Json {
  const { settings, suspension, renewal } = row;
  const { triggers } = settings;
  return [
    row.accountId,
    Number(settings.enabled),
    settings.quantity,
    Number(triggers.outOfCredits),
    Number(triggers.beforeExpiry),
    settings.threshold,
    settings.monthlyLimitMinor,
    settings.revision,
    row.consent?.id ?? null,
    suspension?.reason ?? null,
    suspension?.since ?? null,
    suspension?.topUpId ?? null,
    renewal?.expiresAt ?? null,
    renewal?.dueAt ?? null,
    row.version + 1,
  ];
}

/** Stores settings as they now are; each write is refused if somebody else was there first. */
export function putAutoTopUps(rows: readonly AutoTopUpRow[]): InStatement[] {
  const isNew = (row: AutoTopUpRow) => row.version === 0;
  const statements: [string, AutoTopUpRow[]][] = [
    [addRows, rows.filter(isNew)],
    [moveRows, rows.filter((row) => !isNew(row))],
  ];
  return statements
    .filter(([, some]) => some.length > 0)
    .map(([sql, some]) => ({ sql, args: [JSON.stringify(some.map(rowToJson))] }));
}

/** Before the settings that stand on it, in the same batch. */
export function addConsent(accountId: string, consent: StoredConsent): InStatement {
  const { price, triggers } = consent;
  return {
    sql: `INSERT INTO consents (${consentColumns}) VALUES (${"?, ".repeat(15)}?)`,
    args: [
      consent.id,
      accountId,
      consent.userId,
      consent.at,
      consent.surface,
      consent.ip,
      consent.sentence,
      consent.textVersion,
      price.netMinor,
      price.totalMinor,
      price.currency,
      consent.quantity,
      Number(triggers.outOfCredits),
      Number(triggers.beforeExpiry),
      consent.threshold,
      consent.monthlyLimitMinor,
    ],
  };
}
