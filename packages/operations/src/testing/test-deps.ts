import { type Instant, instant } from "@scanmeter/core";
import { type Database, putService } from "@scanmeter/db";
import type { Clock } from "../clock.ts";
import type { Deps } from "../deps.ts";
import { type Announcement, Writer } from "../writer.ts";

/** A clock that stands still until it is told otherwise. */
export class StandingClock implements Clock {
  #at: Instant;

  constructor(at: Instant) {
    this.#at = at;
  }

  now(): Instant {
    return this.#at;
  }

  advance(ms: number): void {
    this.#at = instant(this.#at + ms);
  }
}

export interface TestDeps extends Deps {
  readonly clock: StandingClock;
  /** What was announced, in order. */
  readonly told: Announcement[];
}

/** What operations stand on, over a database of a test; one more writer each time, as another process would be. */
export async function depsOver(
  db: Database,
  { at, clock = new StandingClock(at) }: { readonly at: Instant; readonly clock?: StandingClock },
): Promise<TestDeps> {
  await db.write([putService({ aliveAt: at, listeningSince: at })]);
  const told: Announcement[] = [];
  const writer = new Writer(db, clock, (announcements) => void told.push(...announcements));
  return { db, clock, writer, told, payments: null, wake: () => {} };
}
