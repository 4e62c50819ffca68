// To be replaced whole by whoever writes reversals; here only so that the neighbours compile.
import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { findTopUp, type TopUpRow } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import type { PaymentReading } from "./gateway.ts";

export async function reconcileReversals(
  deps: PaymentDeps,
  command: {
    readonly accountId: string;
    readonly topUpId: string;
    readonly reading: PaymentReading;
  },
): Promise<Outcome<TopUpRow, Refusal>> {
  const row = await findTopUp(deps.db, command.topUpId, command.accountId);
  return row === null
    ? refuse({ code: "top_up_not_found", topUpId: command.topUpId })
    : accept(row);
}
