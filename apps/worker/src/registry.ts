/** Which job is done by whom. The compiler checks it against the names in contracts. */
import { jobNames } from "@scanmeter/contracts/jobs";
import type { Job } from "bullmq";
import type { JobDeps } from "./jobs/deps.ts";
import { scanDue } from "./jobs/scan-due.ts";
import { sweep } from "./jobs/sweep.ts";
import { MalformedJob } from "./retries.ts";

export type JobName = (typeof jobNames)[keyof typeof jobNames];
type Handler = (payload: unknown, deps: JobDeps) => Promise<void>;

export const registry = {
  [jobNames.scanDue]: scanDue,
  [jobNames.sweep]: sweep,
} as const satisfies Record<JobName, Handler>;

export function runJob(job: Pick<Job, "name" | "data">, deps: JobDeps): Promise<void> {
  if (!isJobName(job.name)) throw new MalformedJob(`There is no job "${job.name.slice(0, 50)}".`);
  return registry[job.name](job.data, deps);
}

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(registry, name);
}
