/**
 * Buying, apart from the price. It brings the calendar along, so it has an entrance of its own and
 * the web app takes types from here and nothing else.
 */
export * from "./advance.ts";
export * from "./attempt.ts";
export * from "./billing.ts";
export * from "./book-reversal.ts";
export * from "./decide-refund.ts";
export * from "./decline-class.ts";
export * from "./decline-words.ts";
export * from "./next-step.ts";
export * from "./payment-intent.ts";
export * from "./retries.ts";
export type { Move, Taken } from "./reversal-desk.ts";
export * from "./reversal-entries.ts";
export * from "./reversal-plan.ts";
export * from "./reversal-target.ts";
export * from "./settings.ts";
export * from "./settle.ts";
export * from "./settlement.ts";
export * from "./top-up.ts";
