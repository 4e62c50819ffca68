/** Mail was written just now. The job does not say which: whatever is due is sent. */
import { z } from "zod";
import type { PaymentJobDeps } from "./deps.ts";
import { parsePayload } from "./payload.ts";

const schema = z.strictObject({});

export async function mailDue(payload: unknown, { mailer }: PaymentJobDeps): Promise<void> {
  parsePayload(schema, payload);
  await mailer.sendDue();
}
