/**
 * Something of an account comes due about now: credits to buy, a renewal, a notice. The job does not
 * say what; a look does what is due, so one that is early, late, doubled or stale does no more.
 */
import type { PaymentJobDeps } from "./deps.ts";
import { parseAccountDue } from "./payload.ts";

export async function accountLook(payload: unknown, { operations }: PaymentJobDeps): Promise<void> {
  await operations.lookAfter(parseAccountDue(payload).accountId);
}
