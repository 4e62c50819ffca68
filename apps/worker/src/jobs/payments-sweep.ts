import { z } from "zod";
import type { PaymentJobDeps } from "./deps.ts";
import { parsePayload } from "./payload.ts";

const schema = z.strictObject({});

export async function paymentsSweep(payload: unknown, { sweeper }: PaymentJobDeps): Promise<void> {
  parsePayload(schema, payload);
  // One that waits for a slow gateway may outlast many of us; if we all waited for it, the queue
  // would have no hands left.
  if (!sweeper.isSweeping()) await sweeper.sweep("queue");
}
