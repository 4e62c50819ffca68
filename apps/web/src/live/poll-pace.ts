/**
 * How often a payment that is under way is asked about. Most are decided within a second or two, so
 * it begins fast; after two minutes the page stops asking by itself.
 */
const FIRST_MS = 700;
const LONGEST_MS = 5_000;
export const POLL_LIMIT_MS = 120_000;

/** Null when it is time to stop. */
export function nextPollMs(wait: {
  readonly polls: number;
  readonly waitedMs: number;
}): number | null {
  if (wait.waitedMs >= POLL_LIMIT_MS) return null;
  return Math.min(LONGEST_MS, Math.round(FIRST_MS * 1.4 ** wait.polls));
}
