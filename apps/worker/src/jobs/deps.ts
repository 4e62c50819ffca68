import type { MeteringOperations } from "../operations.ts";
import type { Sweeper } from "../sweeper.ts";

/** What a job may call. */
export interface JobDeps {
  readonly operations: Pick<MeteringOperations, "catchUp">;
  readonly sweeper: Pick<Sweeper, "sweep">;
}
