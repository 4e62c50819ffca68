const SHORTEST_MS = 500;
const LONGEST_MS = 5_000;

/**
 * How long to wait before attempt `attempt` (from 0) to reconnect. Full jitter over a range that
 * doubles: when a server restarts, its thousands of pages come back spread out and not in step.
 */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, 2 * SHORTEST_MS * 2 ** attempt);
  return Math.round(SHORTEST_MS + random() * (ceiling - SHORTEST_MS));
}
