export type { ScanView } from "@scanmeter/contracts/scans";
export { type Child, type ChildEnd, type Command, spawnChild } from "./child.ts";
export {
  type CallOptions,
  createRunnerClient,
  type FinishScan,
  type RunnerClient,
  type RunnerClientOptions,
  type RunnerTarget,
  type StartScan,
} from "./client.ts";
export { BadConnection } from "./connection.ts";
export type { DirectivesListener, Line } from "./directives.ts";
export {
  type MeteredRun,
  type MeteredRunDeps,
  type MeteredRunPlan,
  runMetered,
} from "./metered-run.ts";
export { RunnerRefusal, RunnerUnreachable } from "./refusal.ts";
export { systemTimers, type Timers } from "./timers.ts";
