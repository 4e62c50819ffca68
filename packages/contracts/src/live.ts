/** What an open dashboard is told. Complete state each time, so that a lost frame costs nothing. */
import type { ScanView } from "./scans.ts";

export interface Balance {
  available: number;
  paid: number;
  free: number;
  frozen: number;
  debt: number;
}

export interface NextExpiry {
  at: string;
  credits: number;
}

export interface LiveFrame {
  version: number;
  /** The server's instant when the frame was made; the page's clock follows it. */
  now: string;
  balance: Balance;
  /** The instant at which the number will move by itself, without any write. */
  nextExpiry: NextExpiry | null;
  /** The kind of the newest posting, such as "debit" or "grant". */
  reason: string;
  runningScans: ScanView[];
}

export interface LotView {
  id: string;
  kind: "paid" | "free";
  source: string;
  granted: number;
  /** What can be spent of it; frozen credits are not counted. */
  remaining: number;
  /** What a dispute about a payment keeps aside. */
  frozen: number;
  effectiveAt: string;
  expiresAt: string;
}

export interface Overview {
  accountId: string;
  version: number;
  now: string;
  balance: Balance;
  lots: LotView[];
  nextExpiry: NextExpiry | null;
  /** Auto top-up does not exist yet; it is off for everybody. */
  autoTopUp: { enabled: false; status: "off" };
  runningScans: ScanView[];
  forecast: { creditsPerDay: number; runsOutAt: string | null };
}

export interface ActivityItem {
  id: string;
  version: number;
  kind: string;
  /** Signed: negative when credits left the account. */
  credits: number;
  balanceAfter: number;
  bookedAt: string;
  lotId?: string;
  scanId?: string;
  /** The purchase it belongs to: its grant, the dates it moved, what a refund or dispute did about it. */
  topUpId?: string;
  text: string;
}

export interface ActivityPage {
  items: ActivityItem[];
  nextCursor: string | null;
}
