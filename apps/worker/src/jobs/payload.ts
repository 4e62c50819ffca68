import type { AccountDue } from "@scanmeter/contracts/jobs";
import { z } from "zod";
import { MalformedJob } from "../retries.ts";

/** Anybody who reaches Redis can write a job, so a payload is untrusted like any other input. */
export function parsePayload<Payload>(schema: z.ZodType<Payload>, payload: unknown): Payload {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => issue.path.join(".") || issue.code);
  throw new MalformedJob(`The payload has not the form of this job (${where.join(", ")}).`);
}

const accountDue: z.ZodType<AccountDue> = z.strictObject({ accountId: z.string().min(1).max(64) });

/** What all jobs about an account as a whole carry. */
export const parseAccountDue = (payload: unknown): AccountDue => parsePayload(accountDue, payload);
