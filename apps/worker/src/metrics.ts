import { Counter, type Registry } from "prom-client";

export type WorkerMetrics = ReturnType<typeof openMetrics>;

/** The worker's counters. At steady state the first one stands still: it counts what the queue should have woken. */
export function openMetrics(registry: Registry) {
  const registers = [registry];
  return {
    rescued: new Counter({
      name: "sweep_rescued_total",
      help: "Due work that a sweep found before its wake-up came",
      registers,
    }),
    sweeps: new Counter({
      name: "worker_sweeps_total",
      help: "Sweeps, by who started them: the queue or this process itself",
      labelNames: ["by"] as const,
      registers,
    }),
    jobs: new Counter({
      name: "worker_jobs_total",
      help: "Jobs by name and how they ended",
      labelNames: ["job", "outcome"] as const,
      registers,
    }),
    announcementsLost: new Counter({
      name: "worker_announcements_lost_total",
      help: "Announcements that did not reach Redis; the sweep and the version check make up for them",
      labelNames: ["what"] as const,
      registers,
    }),
    replaced: new Counter({
      name: "worker_replaced_total",
      help: "Queue workers that had gone deaf and were replaced",
      registers,
    }),
  };
}
