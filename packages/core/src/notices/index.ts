/**
 * What customers are told, and when. It brings the calendar along, so it has an entrance of its own
 * and the web app takes nothing from here.
 */
export * from "./card-gone.ts";
export type { CardDates, NoticeFacts } from "./facts.ts";
export * from "./groups.ts";
export * from "./letter.ts";
export { type BalanceLevel, changedLevel, type ToldLevel } from "./level.ts";
export * from "./notice.ts";
export * from "./of-move.ts";
export * from "./of-postings.ts";
export * from "./schedule.ts";
export * from "./settings-changed.ts";
export * from "./words.ts";
