import { accept } from "@scanmeter/core";
import type { Suspension, SuspensionLift } from "@scanmeter/core/auto-top-up";
import type { Deps } from "../deps.ts";
import { lift, suspend } from "./after-move.ts";

/** Stops automatic purchases of an account for a reason that is no purchase's own. */
export async function suspendAutoTopUp(
  deps: Deps,
  accountId: string,
  why: Omit<Suspension, "since">,
): Promise<void> {
  await deps.writer.submit({
    accountId,
    wants: { autoTopUp: true },
    decide(books, known, draft) {
      suspend(draft, known.autoTopUp, { ...why, since: books.now });
      return accept(null);
    },
  });
}

/** Lets them go on if that is what ends their suspension. */
export async function liftSuspension(
  deps: Deps,
  accountId: string,
  by: SuspensionLift,
): Promise<void> {
  await deps.writer.submit({
    accountId,
    wants: { autoTopUp: true },
    decide(_books, known, draft) {
      lift(draft, known.autoTopUp, by);
      return accept(null);
    },
  });
}
