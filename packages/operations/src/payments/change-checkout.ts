import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import {
  type Checkout,
  ConstraintViolated,
  failureOf,
  findCheckout,
  updateCheckout,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";

/** Somebody else gets through each time one does not, so this is how many may be at it at once. */
const ATTEMPTS_MAX = 50;

/** Does something to a checkout, anew whenever somebody else changed it meanwhile. */
export async function untilUndisturbed<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await work();
    } catch (error) {
      const failure = failureOf(error);
      const isConflict = failure instanceof ConstraintViolated && failure.isConflict;
      if (!isConflict || attempts === ATTEMPTS_MAX) throw failure;
    }
  }
}

/**
 * Changes an open checkout, as it is now rather than as it was read. A change that is null is one that
 * may not be made because a payment was begun since.
 */
export function changeCheckout(
  deps: Deps,
  { accountId, id }: Pick<Checkout, "accountId" | "id">,
  change: (checkout: Checkout) => Partial<Checkout> | null,
): Promise<Outcome<Checkout, Refusal>> {
  return untilUndisturbed(async () => {
    const checkout = await findCheckout(deps.db, accountId, id);
    if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId: id });
    if (checkout.status !== "open")
      return refuse({ code: "checkout_closed", status: checkout.status });
    const changes = change(checkout);
    if (changes === null) return refuse({ code: "payment_in_progress" });
    const changed = { ...checkout, ...changes };
    await deps.db.write([updateCheckout(changed)]);
    return accept({ ...changed, revision: changed.revision + 1 });
  });
}
