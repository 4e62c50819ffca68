/**
 * Calls to Redis that nobody waits for. Whoever wrote never hears of their failure, because all of
 * them are hints: the sweeps and the feeds' version check find whatever got lost here.
 */
import type { Redis } from "ioredis";
import type { WorkerMetrics } from "./metrics.ts";
import { UNANSWERED_MAX } from "./queue-settings.ts";
import type { RedisHealth } from "./redis-health.ts";

export type SendUnwaited = (
  what: "live" | "wake_up" | "payment",
  call: () => Promise<unknown>,
) => void;

export interface UnwaitedDeps {
  readonly connection: Redis;
  readonly health: RedisHealth;
  readonly metrics: Pick<WorkerMetrics, "announcementsLost">;
}

/** Fails at once, and only into the counter, when Redis is away or stopped answering. */
export function makeSendUnwaited({ connection, health, metrics }: UnwaitedDeps): SendUnwaited {
  let unanswered = 0;
  return (what, call) => {
    const lost = (error: Error) => {
      metrics.announcementsLost.inc({ what });
      health.noteFailure(error);
    };
    if (connection.status !== "ready") return lost(new Error("it is not connected"));
    if (unanswered >= UNANSWERED_MAX) return lost(new Error("it holds its replies back"));
    unanswered += 1;
    call()
      .catch(lost)
      .finally(() => {
        unanswered -= 1;
      });
  };
}
