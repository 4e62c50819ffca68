/** What came of a customer's buying: at the gateway, in the ledger, in the row, in the mail. */
import type { Buyer } from "./buyer.ts";
import type { World } from "./world.ts";

export interface Outcome {
  /** Succeeded charges at the gateway. */
  readonly charges: number;
  /** Each grant of bought credits in the ledger. */
  readonly credits: readonly number[];
  /** The state of each purchase, the oldest first. */
  readonly topUps: readonly string[];
  readonly invoices: number;
  /** The templates of all mails with its documents, sent or to be sent. */
  readonly mails: readonly string[];
}

export const bought = (credits = 10): Outcome => ({
  charges: 1,
  credits: [credits],
  topUps: ["paid"],
  invoices: 1,
  mails: ["receipt"],
});

export const boughtNothing = (...topUps: string[]): Outcome => ({
  charges: 0,
  credits: [],
  topUps,
  invoices: 0,
  mails: [],
});

/** The money has moved, and credits wait for somebody who finds out, or never come. */
export const onlyCharged = (...topUps: string[]): Outcome => ({
  ...boughtNothing(...topUps),
  charges: 1,
});

export async function outcomeFor(world: World, buyer: Buyer): Promise<Outcome> {
  const { accountId } = buyer;
  const customerId = await buyer.customerId();
  const credits = await world.rows<{ amount: number }>(
    `SELECT e.amount FROM entries e JOIN postings p ON p.id = e.posting_id
      WHERE p.account_id = ? AND e.from_account = 'purchases' AND p.top_up_id IS NOT NULL
      ORDER BY p.version`,
    accountId,
  );
  const topUps = await world.rows<{ state: string }>(
    "SELECT state FROM top_ups WHERE account_id = ? ORDER BY id",
    accountId,
  );
  const invoices = await world.rows("SELECT id FROM invoices WHERE account_id = ?", accountId);
  const mails = await world.rows<{ template: string }>(
    "SELECT template FROM mails WHERE account_id = ? AND template <> 'notice' ORDER BY key",
    accountId,
  );
  return {
    charges: customerId === null ? 0 : await world.stripe.succeededChargesOf(customerId),
    credits: credits.map(({ amount }) => amount),
    topUps: topUps.map(({ state }) => state),
    invoices: invoices.length,
    mails: mails.map(({ template }) => template),
  };
}
