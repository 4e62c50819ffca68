/** What an open dashboard is told. Complete state each time, so that a lost frame costs nothing. */
import type { AutoTopUpView } from "./auto-top-up.ts";
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

export interface KeptCredits {
  credits: number;
  until: string;
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
  /** What a dispute about a payment keeps aside, or, past the date, what is kept until a purchase revives it. */
  frozen: number;
  effectiveAt: string;
  expiresAt: string;
}

export interface Overview {
  accountId: string;
  version: number;
  now: string;
  balance: Balance;
  /** The lots that pay, in the order they do; then those past their date whose credits are kept. */
  lots: LotView[];
  /** Expired credits that the next purchase revives, and when the first of them are gone for good. */
  kept: KeptCredits | null;
  nextExpiry: NextExpiry | null;
  /** Null where nothing can be bought. */
  autoTopUp: AutoTopUpView | null;
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
  /** The first lot it moved, its credits or its date, and how many others it moved. */
  lot?: { kind: "paid" | "free"; source: string; others: number };
  scanId?: string;
  targetName?: string;
  /** Who asked for it, or what did it: a person, a runner, or automatic top-up. Absent where time did. */
  who?: string;
  /** The purchase it belongs to: its grant, the dates it moved, what a refund or dispute did about it. */
  topUpId?: string;
  /** Of the purchase that brought these credits. */
  invoice?: { number: string; url: string };
  text: string;
}

export interface ActivityPage {
  items: ActivityItem[];
  nextCursor: string | null;
}
