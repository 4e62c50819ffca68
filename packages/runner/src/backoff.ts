export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait before the next try: anywhere between nothing and a ceiling that doubles (full
 * jitter). A thousand runners that lost the same edge at the same moment come back spread out.
 */
export function backoffMs(failures: number, backoff: Backoff, random: number): number {
  const ceiling = Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.max(0, failures - 1));
  return random * ceiling;
}
