/** Every number of the rules that somebody may want to change, in one place (DESIGN section 2, in brackets there). */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const settings = {
  /** What one credit pays for: a started hour of active scanning. */
  meteredHourMs: HOUR,
  /** A scan never costs more than this many credits, however long it runs. */
  scanCreditsMax: 5,
  heartbeatEveryMs: 30 * SECOND,
  /** A runner silent for this long is lost. */
  lostAfterMs: 5 * MINUTE,
  /** A scan waits this long for credits before it ends as stopped. */
  waitingForCreditsLimitMs: 24 * HOUR,
  /** Five credits are a cap on the price; this is the cap on the time a scan may stay open. */
  scanOpenLimitMs: 72 * HOUR,
  /** What a scan is likely to cost is judged by so many of its target's last ones. */
  likelyCostScans: 20,
  sweepEveryMs: 15 * SECOND,
  sweepBatch: 200,
  /** How often a live feed compares its version with the database, in case a notice was lost. */
  liveCheckEveryMs: 5 * SECOND,
  /** A verified runner key may be believed this long without being read again; it is revoked everywhere within 5 s. */
  runnerKeyBelievedMs: 2 * SECOND,
  /** Credits are good for this many calendar months. */
  creditMonths: 12,
  /** Credits that were to be renewed are kept for so long after their date before they are written off. */
  keptForMs: 14 * DAY,
} as const;
