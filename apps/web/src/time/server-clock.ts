/**
 * The server's clock as seen from here. Countdowns and ages follow it, because a customer's own
 * clock may be wrong and the sandbox's test clock is ahead of everybody's and may run fast.
 */
export interface ServerClock {
  /** What the server's clock said… */
  serverMs: number;
  /** …when the local clock said this. */
  localMs: number;
  /** Server milliseconds per local millisecond; 1 except on a test clock. */
  rate: number;
}

export const localClock: ServerClock = { serverMs: 0, localMs: 0, rate: 1 };

export function serverNow(clock: ServerClock, localMs: number): number {
  return clock.serverMs + (localMs - clock.localMs) * clock.rate;
}

export function localMsUntil(clock: ServerClock, serverMs: number, localMs: number): number {
  return (serverMs - serverNow(clock, localMs)) / clock.rate;
}

const CHECK_AFTER_MS = 100;
const CHECK_AGAIN_MS = 1_000;
/** Browsers hold timers in 32 bits, and a fast clock may be set meanwhile; look again each hour. */
const LONGEST_TIMER_MS = 3_600_000;

/**
 * How long to wait before asking for the balance that holds from `expiresAt` on: just after it, or,
 * when it is past and the answer still names it, a second from now.
 */
export function expiryCheckDelayMs(
  clock: ServerClock,
  { expiresAt, localMs }: { expiresAt: number; localMs: number },
): { ms: number; isDue: boolean } {
  const until = localMsUntil(clock, expiresAt, localMs);
  if (until > LONGEST_TIMER_MS) return { ms: LONGEST_TIMER_MS, isDue: false };
  return { ms: until <= 0 ? CHECK_AGAIN_MS : until + CHECK_AFTER_MS, isDue: true };
}
