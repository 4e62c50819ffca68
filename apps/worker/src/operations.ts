/** What the worker needs of the operations, and nothing else of them. */
import type { Operations } from "@scanmeter/operations";

export type MeteringOperations = Pick<
  Operations,
  "catchUp" | "clock" | "listWakeUps" | "sweep" | "testClock"
>;
