/** What an account was told, as pages see it. Instants are ISO 8601 UTC. */

export interface NoticeView {
  key: string;
  kind: string;
  at: string;
  title: string;
  text: string;
  isRead: boolean;
  /** A path of this site, such as "/checkout/order". */
  action: { label: string; path: string } | null;
}

export interface NoticesView {
  items: NoticeView[];
  unread: number;
  nextCursor: string | null;
}

/** Notices are mailed by groups, which each member can switch off for themselves. */
export interface NoticePreferencesView {
  groups: {
    name: string;
    label: string;
    isMailed: boolean;
    isAlwaysMailed: boolean;
    /** The names of the other members it is mailed to. */
    alsoTo: string[];
  }[];
  /** The balance at which it is told that it is low; the account's, not a member's. */
  lowBalance: number;
}
