/** Mail was written just now. The job does not say which: whatever is due is sent. */
import { z } from "zod";
import type { Mailer } from "../mailer.ts";
import { parsePayload } from "./payload.ts";

const schema = z.strictObject({});

export async function mailDue(
  payload: unknown,
  { mailer }: { readonly mailer: Mailer },
): Promise<void> {
  parsePayload(schema, payload);
  await mailer.sendDue();
}
