import { type Instant, isOpen, type Journal, nextBoundary, type Scan } from "@scanmeter/core";

/** When to look at a scan next. A hint: the row is read again before anything is done. */
export interface WakeUp {
  readonly accountId: string;
  readonly scanId: string;
  readonly hour: number;
  readonly dueAt: Instant;
}

/** Only the next hour of a running scan is worth a wake-up; slower limits are left to the sweep. */
export function wakeUpOf(scan: Scan): WakeUp | null {
  const dueAt = isOpen(scan) ? nextBoundary(scan) : null;
  if (dueAt === null) return null;
  return { accountId: scan.accountId, scanId: scan.id, hour: scan.hours.length + 1, dueAt };
}

export function wakeUpsOf(books: Journal): WakeUp[] {
  return [...books.changedScans].flatMap((id) => {
    const scan = books.scan(id);
    const wakeUp = scan === undefined ? null : wakeUpOf(scan);
    return wakeUp === null ? [] : [wakeUp];
  });
}
