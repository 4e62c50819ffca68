import type { Database } from "@scanmeter/db";
import type { Clock } from "./clock.ts";
import type { Writer } from "./writer.ts";

/** What every operation stands on. */
export interface Deps {
  readonly db: Database;
  readonly writer: Writer;
  readonly clock: Clock;
}
