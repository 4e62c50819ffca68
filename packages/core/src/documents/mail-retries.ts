import { after, type Instant } from "../units.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The pauses after each failed attempt: close together for a hiccup, then for about five days. */
const PAUSES_MS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  24 * HOUR,
  24 * HOUR,
  24 * HOUR,
] as const;

export const mailSettings = {
  /**
   * Whoever takes a mail on has this long for it; then somebody else may, because the first one may
   * have died. Longer than a mail server may keep us waiting, or a slow one would get everything twice.
   */
  takenForMs: 5 * MINUTE,
} as const;

/** When to try again after so many attempts; null when a person has to look at it. */
export function nextMailAttemptAt(attempts: number, now: Instant): Instant | null {
  const pause = PAUSES_MS[attempts - 1];
  return pause === undefined ? null : after(now, pause);
}
