/**
 * Something of a scan comes due about now. The job does not say what: the account is brought up to
 * date, so a job that is early, late, doubled or about a scan long ended does what is due and no more.
 */
import type { ScanDue } from "@scanmeter/contracts/jobs";
import { z } from "zod";
import type { JobDeps } from "./deps.ts";
import { parsePayload } from "./payload.ts";

const id = z.string().min(1).max(64);
const schema: z.ZodType<ScanDue> = z.strictObject({ accountId: id, scanId: id });

export async function scanDue(payload: unknown, { operations }: JobDeps): Promise<void> {
  const { accountId } = parsePayload(schema, payload);
  await operations.catchUp(accountId);
}
