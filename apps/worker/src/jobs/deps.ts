import type { Mailer } from "../mailer.ts";
import type { BuyingOperations, LookOperations, MeteringOperations } from "../operations.ts";
import type { Sweeper } from "../sweeper.ts";

/** What a job of the metering queue may call. */
export interface JobDeps {
  readonly operations: Pick<MeteringOperations, "catchUp">;
  readonly sweeper: Pick<Sweeper, "sweep">;
}

/** What a job of the payments queue may call. */
export interface PaymentJobDeps {
  readonly operations: Pick<LookOperations, "lookAfter" | "catchUp">;
  /** Null where nothing can be bought. A job from a time when something could then does nothing. */
  readonly buying: Pick<BuyingOperations, "handleEvent" | "pursueTopUp"> | null;
  readonly sweeper: Pick<Sweeper, "sweep">;
  readonly mailer: Pick<Mailer, "sendDue">;
}
