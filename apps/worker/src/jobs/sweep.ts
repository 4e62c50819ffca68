import { z } from "zod";
import type { JobDeps } from "./deps.ts";
import { parsePayload } from "./payload.ts";

const schema = z.strictObject({});

export async function sweep(payload: unknown, { sweeper }: JobDeps): Promise<void> {
  parsePayload(schema, payload);
  await sweeper.sweep("queue");
}
