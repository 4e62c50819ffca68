/** A purchase is owed its next step about now. Which one, and whether it still is, the row says. */
import type { TopUpDue } from "@scanmeter/contracts/jobs";
import { z } from "zod";
import type { PaymentJobDeps } from "./deps.ts";
import { parsePayload } from "./payload.ts";

const id = z.string().min(1).max(64);
const schema: z.ZodType<TopUpDue> = z.strictObject({ accountId: id, topUpId: id });

export async function topUpDue(payload: unknown, { buying }: PaymentJobDeps): Promise<void> {
  const { accountId, topUpId } = parsePayload(schema, payload);
  await buying?.pursueTopUp({ accountId, topUpId });
}
