import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { findTopUp, listOpenTopUps, type TopUpRow } from "@scanmeter/db";
import type { Deps, PaymentDeps } from "../deps.ts";
import { refreshPayment } from "./checkouts.ts";
import type { TopUpName } from "./move-top-up.ts";

/** As it is now: what somebody else is deciding is asked about first, where there is somebody to ask. */
export async function getTopUp(
  deps: Deps,
  { accountId, topUpId }: TopUpName,
): Promise<Outcome<TopUpRow, Refusal>> {
  const { payments } = deps;
  if (payments !== null) await refreshPayment({ ...deps, payments }, accountId, topUpId);
  const row = await findTopUp(deps.db, topUpId, accountId);
  return row === null ? refuse({ code: "top_up_not_found", topUpId }) : accept(row);
}

/** Who comes back to Account Overview finds what they paid for, webhook or not. */
export async function settleOpenTopUp(deps: PaymentDeps, accountId: string): Promise<void> {
  for (const { topUp } of await listOpenTopUps(deps.db, accountId)) {
    await refreshPayment(deps, accountId, topUp.id);
  }
}
