import { Counter, type Registry } from "prom-client";

/** What is counted of one queue. */
export interface QueueMetrics {
  readonly rescued: Counter;
  readonly sweeps: Counter<"by">;
  readonly jobs: Counter<"job" | "outcome">;
  readonly replaced: Counter;
}

export type WorkerMetrics = ReturnType<typeof openMetrics>;

/**
 * The worker's counters. At steady state the rescues stand still: they count what the queue should
 * have woken.
 */
export function openMetrics(registry: Registry) {
  const registers = [registry];
  const metering: QueueMetrics = {
    rescued: new Counter({
      name: "sweep_rescued_total",
      help: "Due work that a sweep found before its wake-up came",
      registers,
    }),
    sweeps: new Counter({
      name: "worker_sweeps_total",
      help: "Sweeps, by who started them: the queue or this process itself",
      labelNames: ["by"],
      registers,
    }),
    jobs: new Counter({
      name: "worker_jobs_total",
      help: "Jobs by name and how they ended",
      labelNames: ["job", "outcome"],
      registers,
    }),
    replaced: new Counter({
      name: "worker_replaced_total",
      help: "Queue workers that had gone deaf and were replaced",
      registers,
    }),
  };
  const payments: QueueMetrics = {
    rescued: new Counter({
      name: "payments_sweep_rescued_total",
      help: "Due work of payments that a sweep found before its job came",
      registers,
    }),
    sweeps: new Counter({
      name: "payments_sweeps_total",
      help: "Sweeps of payments, by who started them: the queue or this process itself",
      labelNames: ["by"],
      registers,
    }),
    jobs: new Counter({
      name: "payments_jobs_total",
      help: "Jobs of the payments queue by name and how they ended",
      labelNames: ["job", "outcome"],
      registers,
    }),
    replaced: new Counter({
      name: "payments_worker_replaced_total",
      help: "Workers of the payments queue that had gone deaf and were replaced",
      registers,
    }),
  };
  return {
    metering,
    payments,
    mails: new Counter({
      name: "mails_total",
      help: "Mails handed to the mail server, by whether it took them",
      labelNames: ["outcome"] as const,
      registers,
    }),
    announcementsLost: new Counter({
      name: "worker_announcements_lost_total",
      help: "Announcements that did not reach Redis; the sweeps and the version check make up for them",
      labelNames: ["what"] as const,
      registers,
    }),
  };
}
