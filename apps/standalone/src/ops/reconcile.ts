/** Compares with the payment provider on an operator's word, and does what that brings up at once. */
import type { Operations } from "@scanmeter/operations";
import { z } from "zod";
import { type AlertView, openAlerts } from "./alerts.ts";
import type { CommandAnswer } from "./commands.ts";

/** An event that is found leads to a reading of its payment, so not too many in a row. */
const SWEEP_BATCH = 32;
const SWEEPS_MAX = 50;

export const reconcileInput = z.strictObject({});

export async function runReconcile(operations: Operations): Promise<CommandAnswer> {
  const { buying, database } = operations;
  if (buying === null) {
    const said = "Nothing can be bought here, so there is nothing to compare.";
    return { ok: false, code: "payments_off", said };
  }
  const before = await openAlerts(database);
  const comparisons = await buying.reconcile();
  for (let sweeps = 0, isFull = true; isFull && sweeps < SWEEPS_MAX; sweeps += 1) {
    isFull = (await buying.sweep(SWEEP_BATCH)).isFull;
  }
  const alerts = await openAlerts(database);
  const raised = alerts.filter((alert) => isRaisedSince(before, alert)).map(({ key }) => key);
  const isComplete = comparisons.every((one) => one.isComplete);
  const compared = comparisons.map(({ name, looked, found }) => `${looked} ${name} (${found} new)`);
  const ending = isComplete ? "." : "; it stopped answering, so this is not all: try again.";
  const said = `Compared ${compared.join(" and ")} with the payment provider${ending}`;
  return { ok: true, said, result: { isComplete, comparisons, raised, alerts } };
}

/** Raised for the first time, or once more. */
function isRaisedSince(before: readonly AlertView[], { key, times }: AlertView): boolean {
  const earlier = before.find((alert) => alert.key === key);
  return earlier === undefined || earlier.times < times;
}
