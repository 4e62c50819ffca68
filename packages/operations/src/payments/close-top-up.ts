import { accept, type Outcome, type Refusal } from "@scanmeter/core";
import { isUnderWay } from "@scanmeter/core/purchase";
import { findTopUp } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { moveTopUp, type TopUpName } from "./move-top-up.ts";
import { pursueTopUp } from "./pursue.ts";

/**
 * Ends a purchase that is not wanted any more. It is over once the gateway confirms that no money can
 * move, so until then it is in the way of the next one. Refused while a payment is being decided.
 */
export async function closeTopUp(
  deps: PaymentDeps,
  name: TopUpName,
): Promise<Outcome<unknown, Refusal>> {
  const row = await findTopUp(deps.db, name.topUpId, name.accountId);
  if (row === null || !isUnderWay(row.topUp)) return accept(null);
  const closing = await moveTopUp(deps, name, { type: "closing_wanted", as: "canceled" });
  if (!closing.ok) return closing;
  await pursueTopUp(deps, name);
  return accept(null);
}
