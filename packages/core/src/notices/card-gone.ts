import type { AccountId } from "../ids.ts";
import type { Instant } from "../units.ts";
import type { Notice } from "./notice.ts";

/** For a card that went without its owner's doing, when it was the last one and was to be charged. */
export function noticesOfCardGone(gone: {
  readonly accountId: AccountId;
  readonly cardId: string;
  readonly at: Instant;
}): Notice[] {
  const { accountId, cardId, at } = gone;
  const key = `card-gone-${cardId}`;
  return [{ key, accountId, at, kind: "waiting_for_card", data: { trigger: null } }];
}
