import type { ScanView } from "@scanmeter/contracts/scans";
import { type Backoff, backoffMs } from "./backoff.ts";
import type { RunnerClient } from "./client.ts";
import { endsTheScan, RunnerRefusal, RunnerUnreachable } from "./refusal.ts";
import type { Timers } from "./timers.ts";

export interface ScanListener {
  /** What the platform says now, in an order that never goes back to an older directive for good. */
  onView(view: ScanView): void;
  /** The platform does not let this runner carry on with this scan. No more views will follow. */
  onRefused(refusal: RunnerRefusal): void;
  /** A heartbeat failed; they go on. Told for each failure. */
  onTrouble(reason: string): void;
  /** A heartbeat was answered. */
  onAnswer(): void;
  /** The line of directives is open. */
  onLine(): void;
}

interface WatchDeps {
  readonly client: Pick<RunnerClient, "heartbeat" | "directives">;
  readonly timers: Timers;
}

const backoff: Backoff = { firstMs: 1_000, maxMs: 10_000 };
const BEAT_MIN_MS = 50;
// Whatever the platform asks for, several beats fit into the five minutes after which it gives up.
const BEAT_MAX_MS = 60_000;
const BEAT_DEFAULT_MS = 30_000;

/**
 * Keeps a scan alive and listens to it: heartbeats at the rhythm of the last view, and the line of
 * directives beside them. Either alone is enough to be told everything; the line is only faster.
 */
export function watchScan(deps: WatchDeps, scan: ScanView, listener: ScanListener) {
  const { client, timers } = deps;
  const { scanId } = scan;
  let isOver = false;
  let isBeating = false;
  let pushes = 0;
  let failures = 0;
  let everyMs = beatMsOf(scan);
  let dueAt = 0;
  let cancelBeat = () => {};

  const arm = (ms: number) => {
    cancelBeat();
    dueAt = timers.now() + ms;
    cancelBeat = timers.after(ms, () => void beat());
  };

  const beat = async () => {
    isBeating = true;
    const pushesBefore = pushes;
    try {
      const view = await client.heartbeat({ scanId }, { patienceMs: 0 });
      if (isOver) return;
      failures = 0;
      everyMs = beatMsOf(view);
      listener.onAnswer();
      // A directive that arrived while we asked may be newer than the answer: obeying the answer
      // could thaw a scan that was just paused. So the answer is dropped and asked for again. The
      // end of a scan is the exception, nothing comes after it.
      if (pushes !== pushesBefore && view.endedAt === null) return arm(0);
      listener.onView(view);
      arm(everyMs);
    } catch (error) {
      if (isOver) return;
      if (error instanceof RunnerRefusal && endsTheScan(error)) {
        close();
        listener.onRefused(error);
        return;
      }
      failures += 1;
      listener.onTrouble(reasonOf(error));
      arm(Math.min(everyMs, BEAT_MIN_MS + backoffMs(failures, backoff, timers.random())));
    } finally {
      isBeating = false;
    }
  };

  const line = client.directives(scanId, {
    onOpen: () => {
      if (!isOver) listener.onLine();
    },
    onView(view) {
      if (isOver) return;
      pushes += 1;
      everyMs = beatMsOf(view);
      listener.onView(view);
      if (!isBeating && timers.now() + everyMs < dueAt) arm(everyMs);
    },
  });
  arm(everyMs);

  function close() {
    isOver = true;
    cancelBeat();
    line.close();
  }
  return { close };
}

function beatMsOf(view: ScanView): number {
  const ms = view.heartbeatEverySeconds * 1_000;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, BEAT_MIN_MS), BEAT_MAX_MS) : BEAT_DEFAULT_MS;
}

function reasonOf(error: unknown): string {
  if (error instanceof RunnerUnreachable) return error.reason;
  return error instanceof RunnerRefusal ? error.code : String(error);
}
