/** The gateway told us something and it lies in the inbox. The job only says where to look. */
import type { GatewayEventStored } from "@scanmeter/contracts/jobs";
import { z } from "zod";
import type { PaymentJobDeps } from "./deps.ts";
import { parsePayload } from "./payload.ts";

const schema: z.ZodType<GatewayEventStored> = z.strictObject({
  eventId: z.string().min(1).max(255),
});

export async function gatewayEvent(payload: unknown, { buying }: PaymentJobDeps): Promise<void> {
  const { eventId } = parsePayload(schema, payload);
  await buying?.handleEvent(eventId);
}
