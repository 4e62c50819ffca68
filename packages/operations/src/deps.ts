import type { Database } from "@scanmeter/db";
import type { Clock } from "./clock.ts";
import type { Payments, Wake } from "./payments/payments.ts";
import type { Writer } from "./writer.ts";

/** What every operation stands on. */
export interface Deps {
  readonly db: Database;
  readonly writer: Writer;
  readonly clock: Clock;
  /** Null where buying is switched off. */
  readonly payments: Payments | null;
  /** Told after a commit that there is something to do. Must not throw and is not waited for. */
  readonly wake: (work: Wake) => void;
}

/** What an operation that needs the payment gateway stands on. */
export interface PaymentDeps extends Deps {
  readonly payments: Payments;
}
