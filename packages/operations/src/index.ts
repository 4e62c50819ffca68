export * from "./audit.ts";
export * from "./clock.ts";
export * from "./explain.ts";
export { mintId } from "./mint-id.ts";
export * from "./open.ts";
export type { AccountSnapshot, ActivityPage, Forecast } from "./read-account.ts";
export type { RunnerIdentity } from "./runner-keys.ts";
export type { WakeUp } from "./wake-ups.ts";
export type { Announcement } from "./writer.ts";
