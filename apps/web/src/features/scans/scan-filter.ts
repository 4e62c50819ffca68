/** Which scans are listed, as it stands in the address: a link leads to them and Back leads to the last ones. */
import type { ScanState } from "@scanmeter/contracts/scans";

export interface ScanFilter {
  readonly state: ScanState | null;
  readonly targetId: string | null;
}

export const stateOptions: readonly { value: ScanState; label: string }[] = [
  { value: "running", label: "Running" },
  { value: "paused", label: "Paused" },
  { value: "finished", label: "Finished" },
  { value: "failed", label: "Failed" },
  { value: "stopped", label: "Stopped" },
  { value: "lost", label: "Lost" },
];

/** What somebody typed into the address is no state just because it stands there. */
export function filterFrom(query: {
  state?: string | undefined;
  target?: string | undefined;
}): ScanFilter {
  const state = stateOptions.find(({ value }) => value === query.state)?.value ?? null;
  return { state, targetId: query.target || null };
}

/** Without what is not filtered by, so that the plain address is the plain list. */
export function queryOf({ state, targetId }: ScanFilter) {
  return { state: state ?? undefined, target: targetId ?? undefined };
}

/** What the server is asked. */
export function wantedOf({ state, targetId }: ScanFilter) {
  return { ...(state && { states: [state] }), ...(targetId && { targetId }) };
}

export const isFiltered = ({ state, targetId }: ScanFilter): boolean =>
  state !== null || targetId !== null;

export const scansOfTarget = (targetId: string): string =>
  `/scans?target=${encodeURIComponent(targetId)}`;
export const scanPath = (scanId: string): string => `/scans/${encodeURIComponent(scanId)}`;
