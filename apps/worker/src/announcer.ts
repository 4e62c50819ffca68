/**
 * Tells the world what a shared commit changed: one message for the live feeds, one call that arms
 * the wake-ups that are near.
 */
import { encodeLiveNotices, LIVE_CHANNEL, type WakeUp } from "@scanmeter/contracts/jobs";
import type { Announcement } from "@scanmeter/operations";
import type { Redis } from "ioredis";
import type { SendUnwaited } from "./unwaited.ts";
import type { WakeUps } from "./wake-ups.ts";

export type Announce = (announcements: readonly Announcement[]) => void;

export interface AnnouncerDeps {
  readonly connection: Redis;
  readonly wakeUps: Pick<WakeUps<WakeUp>, "arm" | "soon">;
  readonly send: SendUnwaited;
}

export function makeAnnounce({ connection, wakeUps, send }: AnnouncerDeps): Announce {
  return (announcements) => {
    if (announcements.length === 0) return;
    send("live", () => connection.publish(LIVE_CHANNEL, encodeLiveNotices(announcements)));
    const soon = wakeUps.soon(announcements.flatMap((announcement) => announcement.wakeUps));
    if (soon.length > 0) send("wake_up", () => wakeUps.arm(soon));
  };
}
