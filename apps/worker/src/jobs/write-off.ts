/** Credits were kept past their date for as long as they are; whatever is due in the account is booked. */
import type { PaymentJobDeps } from "./deps.ts";
import { parseAccountDue } from "./payload.ts";

export async function writeOff(payload: unknown, { operations }: PaymentJobDeps): Promise<void> {
  await operations.catchUp(parseAccountDue(payload).accountId);
}
