/** Notices are mailed by groups. Each member switches groups off for themselves, but for the one. */
import type { NoticeKind } from "./notice.ts";

export const noticeGroups = [
  "balance",
  "scans",
  "expiry",
  "purchases",
  "settings",
  /** Automatic purchases that did not come about; whoever pays has to know. */
  "problems",
] as const;
export type NoticeGroup = (typeof noticeGroups)[number];

export const groupLabels: Readonly<Record<NoticeGroup, string>> = {
  balance: "The balance is low, used up or back",
  scans: "Scans are paused, resumed or stopped for lack of credits",
  expiry: "Credits are about to expire, are kept or were written off",
  purchases: "Automatic purchases are coming up or done",
  settings: "Auto top-up settings, the monthly limit and the card",
  problems: "Automatic purchases that failed or need you",
};

export const groupOf: Readonly<Record<NoticeKind, NoticeGroup>> = {
  low_balance: "balance",
  depleted: "balance",
  recovered: "balance",
  scan_paused: "scans",
  scan_resumed: "scans",
  scan_stopped: "scans",
  expiring: "expiry",
  kept: "expiry",
  written_off: "expiry",
  upcoming_top_up: "purchases",
  top_up_done: "purchases",
  settings_changed: "settings",
  limit_reached: "settings",
  limit_at_80: "settings",
  card_expiring: "settings",
  top_up_declined: "problems",
  top_up_failed: "problems",
  top_up_needs_authentication: "problems",
  auto_top_up_suspended: "problems",
  waiting_for_card: "problems",
  consent_needed: "problems",
};

export interface NoticeReader {
  readonly role: "owner" | "billing" | "member";
  /** The groups they switched off. */
  readonly muted: readonly string[];
}

export function isAlwaysMailed(group: NoticeGroup): boolean {
  return group === "problems";
}

/** Whoever has no say in money is mailed what stops their scans, and nothing about payments. */
export function groupsFor({ role }: Pick<NoticeReader, "role">): readonly NoticeGroup[] {
  return role === "member" ? ["balance", "scans"] : noticeGroups;
}

export function isMailedTo(reader: NoticeReader, group: NoticeGroup): boolean {
  if (!groupsFor(reader).includes(group)) return false;
  return isAlwaysMailed(group) || !reader.muted.includes(group);
}
