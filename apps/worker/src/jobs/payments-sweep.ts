import { z } from "zod";
import type { PaymentJobDeps } from "./deps.ts";
import { parsePayload } from "./payload.ts";

const schema = z.strictObject({});

export async function paymentsSweep(payload: unknown, { sweeper }: PaymentJobDeps): Promise<void> {
  parsePayload(schema, payload);
  await sweeper.sweep("queue");
}
