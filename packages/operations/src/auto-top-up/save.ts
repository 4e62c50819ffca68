import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import {
  decideSave,
  isLiftedBy,
  neverSaved,
  type SaveRequest,
  type Suspension,
} from "@scanmeter/core/auto-top-up";
import { noticesOfSave } from "@scanmeter/core/notices";
import { type AutoTopUpRow, findUserName, insertNotices } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { mintId } from "../mint-id.ts";
import { type AccountPlace, taxOf } from "../payments/quotes.ts";
import { type AutoTopUpState, getAutoTopUp } from "./read.ts";

export interface SaveCommand {
  readonly account: AccountPlace;
  readonly userId: string;
  /** Where the request came from, if that is known. */
  readonly ip: string | null;
  readonly request: SaveRequest;
  /** What one purchase cost in the words that were shown; another price is another agreement. */
  readonly expectedTotalMinor?: number | undefined;
}

/**
 * Saves what the customer asks for in advance, with the words they agreed to if it is more than
 * before. What follows from it, such as a purchase right now, the look that is asked for with it does.
 */
export async function saveAutoTopUp(
  deps: PaymentDeps,
  { account, userId, ip, request, expectedTotalMinor }: SaveCommand,
): Promise<Outcome<AutoTopUpState, Refusal>> {
  const { payments } = deps;
  const consentId = mintId("consent");
  const by = await findUserName(deps.db, userId);
  const saved = await deps.writer.submit({
    accountId: account.id,
    wants: { autoTopUp: true },
    decide(books, { autoTopUp: known }, draft) {
      const row = known?.row ?? null;
      const before = { settings: row?.settings ?? neverSaved, consent: row?.consent ?? null };
      const decided = decideSave(before, request, {
        now: books.now,
        userId,
        ip,
        company: payments.seller.name,
        priceList: payments.priceList,
        tax: taxOf(payments, known?.billing ?? null),
      });
      if (!decided.ok) return decided;
      const { settings, consent } = decided.value.saved;
      const isNew = decided.value.consentedTo.length > 0;
      const agreed = isNew && consent !== null ? { ...consent, id: consentId } : null;
      if (agreed !== null && isAnotherPrice(agreed.price.totalMinor, expectedTotalMinor)) {
        const { totalMinor, currency } = agreed.price;
        return refuse({ code: "quote_changed", totalMinor, currency } as const);
      }
      const suspension = settings.enabled
        ? afterSwitchingOn(row?.suspension ?? null)
        : (row?.suspension ?? null);
      // Saved once more as it is, by somebody who knows that it is suspended: that alone is stored.
      if (!decided.value.isChanged && suspension === (row?.suspension ?? null)) return accept(null);
      const after: AutoTopUpRow = {
        accountId: account.id,
        settings,
        consent: agreed ?? row?.consent ?? null,
        suspension,
        renewal: row?.renewal ?? null,
        version: row?.version ?? 0,
      };
      draft.putAutoTopUp(after, agreed ?? undefined);
      draft.askForLook();
      const { id: accountId } = books.account;
      draft.add(
        insertNotices(noticesOfSave({ accountId, result: decided.value, by, at: books.now })),
      );
      return accept(null);
    },
  });
  return saved.ok ? accept(await getAutoTopUp(deps, account)) : saved;
}

function isAnotherPrice(totalMinor: number, expected: number | undefined): boolean {
  return expected !== undefined && expected !== totalMinor;
}

function afterSwitchingOn(suspension: Suspension | null): Suspension | null {
  return suspension !== null && isLiftedBy(suspension, "switched_on") ? null : suspension;
}
