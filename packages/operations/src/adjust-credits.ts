import {
  accept,
  decideAdjustment,
  type Outcome,
  type Refusal,
  refuse,
  settings,
} from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import { findAccount } from "@scanmeter/db";
import type { Deps } from "./deps.ts";
import { type Granted, resumeWaiting } from "./grant-credits.ts";
import { mintId } from "./mint-id.ts";

export interface AdjustCommand {
  readonly accountId: string;
  /** Signed: negative takes credits away. What is added lives as long as what is bought. */
  readonly credits: number;
  readonly reason: string;
  /** Chosen by whoever adjusts; the same key again moves nothing more. */
  readonly key: string;
}

/** Puts a balance right by hand; what is added lets scans that waited for credits go on. */
export async function adjustCredits(
  deps: Deps,
  { accountId, credits, reason, key: chosen }: AdjustCommand,
): Promise<Outcome<Granted, Refusal>> {
  const account = await findAccount(deps.db, accountId);
  if (account === null) return refuse({ code: "account_not_found" });
  const lotId = mintId("lot");
  const key = `adjust-${accountId}-${chosen}`;
  const fingerprint = JSON.stringify([credits, reason]);
  const adjusted = await deps.writer.submit<Granted>({
    accountId,
    wants: { postingKey: key },
    decide(books, { posting }) {
      if (posting !== null) {
        return posting.fingerprint === fingerprint
          ? accept(posting)
          : refuse({ code: "idempotency_key_reused", key: chosen } as const);
      }
      const expiresAt = addMonths(books.now, settings.creditMonths, account.timeZone);
      return decideAdjustment(books, { credits, reason, key, fingerprint, lotId, expiresAt });
    },
  });
  if (adjusted.ok && credits > 0) await resumeWaiting(deps, accountId);
  return adjusted;
}
