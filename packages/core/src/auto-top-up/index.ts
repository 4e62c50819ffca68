/**
 * Automatic top-ups: what the customer asked for, when it buys, what is in the way and what becomes of
 * credits that could not be renewed. It brings the calendar along, so it has an entrance of its own.
 */
export * from "./backtest.ts";
export * from "./caps.ts";
export * from "./configuration.ts";
export * from "./consent.ts";
export * from "./consent-sentence.ts";
export * from "./decide.ts";
export * from "./episode.ts";
export * from "./facts.ts";
export * from "./last-look.ts";
export * from "./policy.ts";
export * from "./preview.ts";
export * from "./renewal.ts";
export * from "./save.ts";
export * from "./status.ts";
export * from "./suspension.ts";
export * from "./wall-clock.ts";
