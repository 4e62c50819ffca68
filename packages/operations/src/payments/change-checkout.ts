import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import {
  type Checkout,
  ConstraintViolated,
  failureOf,
  findCheckout,
  updateCheckout,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";

const ATTEMPTS_MAX = 5;

/** Changes an open checkout, as it is now rather than as it was read. */
export async function changeCheckout(
  deps: Deps,
  { accountId, id }: Pick<Checkout, "accountId" | "id">,
  change: (checkout: Checkout) => Partial<Checkout>,
): Promise<Outcome<Checkout, Refusal>> {
  for (let attempts = 1; ; attempts += 1) {
    const checkout = await findCheckout(deps.db, accountId, id);
    if (checkout === null) return refuse({ code: "checkout_not_found", checkoutId: id });
    if (checkout.status !== "open")
      return refuse({ code: "checkout_closed", status: checkout.status });
    const changed = { ...checkout, ...change(checkout) };
    try {
      await deps.db.write([updateCheckout(changed)]);
      return accept({ ...changed, revision: changed.revision + 1 });
    } catch (error) {
      const failure = failureOf(error);
      const isConflict = failure instanceof ConstraintViolated && failure.isConflict;
      if (!isConflict || attempts === ATTEMPTS_MAX) throw failure;
    }
  }
}
