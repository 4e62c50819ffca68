/** The history of an account, one posting in full, and whether the chain of all of them is whole. */
import type { DocumentView } from "./checkout.ts";
import type { ActivityItem } from "./live.ts";

/** A lot as it stands by now. */
export interface LotName {
  id: string;
  kind: "paid" | "free";
  source: string;
  expiresAt: string;
}

/** Credits of one lot that came or went, or of what is owed. */
export interface MoveView {
  /** Signed: negative when they left the lot. Of what is owed: negative when more is owed. */
  credits: number;
  /** Where they went or came from. */
  text: string;
  /** Null when it is what is owed that moved. */
  lot: LotName | null;
}

export interface MovedDateView {
  lot: LotName;
  oldExpiresAt: string;
  newExpiresAt: string;
}

export interface PostingView extends ActivityItem {
  /** Why it was booked, in sentences. */
  why: string[];
  /** When it was written down; it may count from before. */
  recordedAt: string;
  owedAfter: number;
  moves: MoveView[];
  dates: MovedDateView[];
  /** Of the purchase it belongs to. */
  documents: DocumentView[];
  /** Chains it to the posting before; the newest one stands for all. */
  hash: string;
}

export interface LedgerCheckView {
  /** When the first posting was looked at, and when the last one. */
  begunAt: string;
  checkedAt: string;
  /** How many were followed, and how many there are; the rest is followed when it is asked for again. */
  checked: number;
  postings: number;
  hash: string;
  /** What does not follow; null as long as all is well. */
  broken: string | null;
}
