/** What the worker needs of the operations, and nothing else of them. */
import type { Buying, Operations } from "@scanmeter/operations";

export type MeteringOperations = Pick<
  Operations,
  "catchUp" | "clock" | "listWakeUps" | "sweep" | "testClock"
>;

export type BuyingOperations = Pick<
  Buying,
  "handleEvent" | "listWakeUps" | "pursueTopUp" | "sweep"
>;

export type LookOperations = Pick<
  Operations,
  "catchUp" | "listLooks" | "listRenewals" | "listWriteOffs" | "lookAfter" | "sweepLooks"
>;

export interface PaymentOperations
  extends LookOperations,
    Pick<Operations, "clock" | "database" | "sendDueMails" | "testClock"> {
  /** Null where nothing can be bought; then there are only looks to take and mail to send. */
  readonly buying: BuyingOperations | null;
}

export type WorkerOperations = MeteringOperations & PaymentOperations;
