/**
 * Tells the world what a shared commit changed: one message for the live feeds, one call that arms
 * the wake-ups that are near. Whoever wrote does not wait for it and never hears of its failure, because both are
 * hints: the sweep and the feeds' version check find whatever got lost here.
 */
import { encodeLiveNotices, LIVE_CHANNEL } from "@scanmeter/contracts/jobs";
import type { Announcement } from "@scanmeter/operations";
import type { Redis } from "ioredis";
import type { WorkerMetrics } from "./metrics.ts";
import { UNANSWERED_MAX } from "./queue-settings.ts";
import type { RedisHealth } from "./redis-health.ts";
import type { WakeUps } from "./wake-ups.ts";

export type Announce = (announcements: readonly Announcement[]) => void;

export interface AnnouncerDeps {
  readonly connection: Redis;
  readonly wakeUps: Pick<WakeUps, "arm" | "soon">;
  readonly health: RedisHealth;
  readonly metrics: WorkerMetrics;
}

export function makeAnnounce({ connection, wakeUps, health, metrics }: AnnouncerDeps): Announce {
  let unanswered = 0;

  const send = (what: "live" | "wake_up", call: () => Promise<unknown>) => {
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

  return (announcements) => {
    if (announcements.length === 0) return;
    send("live", () => connection.publish(LIVE_CHANNEL, encodeLiveNotices(announcements)));
    const soon = wakeUps.soon(announcements.flatMap((announcement) => announcement.wakeUps));
    if (soon.length > 0) send("wake_up", () => wakeUps.arm(soon));
  };
}
