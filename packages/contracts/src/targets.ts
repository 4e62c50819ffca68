/** What an account scans, as pages and runners see it. */
import type { ScanMode } from "./scans.ts";

export interface TargetView {
  id: string;
  url: string;
  name: string;
  mode: ScanMode;
  createdAt: string;
  archivedAt: string | null;
}

/** With what its scans cost, for whoever decides about the next one. */
export interface UsedTargetView extends TargetView {
  scans: number;
  creditsTotal: number;
  /** Of scans that started in the last 30 days. */
  creditsLast30Days: number;
  lastScanAt: string | null;
  /** What the next metered scan is likely to cost; null when none has run to its end yet. */
  typicalCredits: number | null;
  /** What one costs at most in the target's mode: nothing where it is unlimited. */
  creditsMax: number;
}
