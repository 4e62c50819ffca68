/** Runs what is due: tasks in the order of their instants, then the deliveries. Sleeps until the next one. */

import type { Courier } from "./webhooks/courier.ts";
import { listDue, nextDeliveryAt } from "./webhooks/deliveries.ts";
import type { Task, World } from "./world.ts";

export type TaskHandlers = Readonly<
  Record<string, (world: World, subject: string, details: Record<string, string | number>) => void>
>;

export interface Scheduler {
  /** Runs what is due now. Called after everything that may have made something due. */
  tick(): void;
  /** Resolves when nothing is due and nothing is under way; false if that took too long. */
  whenIdle(timeoutMs: number): Promise<boolean>;
  changed(): void;
  close(): void;
}

const TIMER_MAX_MS = 60_000;

export function createScheduler(
  world: World,
  handlers: TaskHandlers,
  courier: () => Courier,
): Scheduler {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let watchers: (() => void)[] = [];

  function runDueTasks(): void {
    while (true) {
      const due = world.store.row<{ id: number; kind: string; subject: string; details: string }>(
        "select id, kind, subject, details from tasks where due_at <= ? order by due_at, id limit 1",
        world.clock.now(),
      );
      if (due === undefined) return;
      world.cause = { requestId: null, idempotencyKey: null };
      try {
        world.store.transaction(() =>
          handlers[due.kind]?.(world, due.subject, JSON.parse(due.details)),
        );
      } catch (error) {
        console.error(`The task ${due.kind} for ${due.subject} failed:`, error);
      }
      // After the work: a process that dies in between does it again, and all of it may be repeated.
      world.store.run("delete from tasks where id = ?", due.id);
    }
  }

  function arm(): void {
    clearTimeout(timer);
    // While the clock stands still nothing becomes due by itself.
    if (isClosed || world.clock.isFrozen) return;
    const task = world.store.row<{ at: number | null }>("select min(due_at) as at from tasks")?.at;
    const instants = [task ?? null, nextDeliveryAt(world.store)].filter((at) => at !== null);
    const next = instants.filter((at) => at > world.clock.now());
    if (next.length === 0) return;
    const wait = Math.min(TIMER_MAX_MS, Math.min(...next) - world.clock.now());
    timer = setTimeout(tick, Math.max(1, wait));
    timer.unref();
  }

  function tick(): void {
    if (isClosed) return;
    runDueTasks();
    courier().wake();
    changed();
  }

  function changed(): void {
    arm();
    const waiting = watchers;
    watchers = [];
    for (const watcher of waiting) watcher();
  }

  function isIdle(): boolean {
    return courier().inFlight === 0 && listDue(world.store, world.clock.now(), 1).length === 0;
  }

  return {
    tick,
    changed,
    async whenIdle(timeoutMs) {
      const deadline = performance.now() + timeoutMs;
      tick();
      while (!isIdle()) {
        const left = deadline - performance.now();
        if (left <= 0 || isClosed) return false;
        await new Promise<void>((resolve) => {
          const limit = setTimeout(resolve, left);
          watchers.push(() => {
            clearTimeout(limit);
            resolve();
          });
        });
      }
      return true;
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

export function scheduleTask(world: World, { kind, subject, dueAt, details = {} }: Task): void {
  world.store.run(
    "insert into tasks (due_at, kind, subject, details) values (?, ?, ?, ?)",
    ...[dueAt, kind, subject, JSON.stringify(details)],
  );
}
