/**
 * What an automatic purchase answers to. Running out is one episode however many scans notice it, and
 * it ends with the next grant; an expiry is one per date. The keys are unique in the database, so of
 * two workers who answer the same one only one buys.
 */
import type { AccountId } from "../ids.ts";
import type { Renewal, SeenPurchase } from "./facts.ts";

export function outOfCreditsEpisode(accountId: AccountId, epoch: number): string {
  return `out-of-credits-${accountId}-${epoch}`;
}

export function beforeExpiryEpisode(accountId: AccountId, { lotId, expiresAt }: Renewal): string {
  return `before-expiry-${accountId}-${lotId}-${expiresAt}`;
}

export function isOfEpisode({ triggerKey }: Pick<SeenPurchase, "triggerKey">, episode: string) {
  if (triggerKey === episode) return true;
  const rest = triggerKey.startsWith(`${episode}-`) ? triggerKey.slice(episode.length + 1) : "";
  return /^[1-9]\d*$/.test(rest);
}

/**
 * The key of the next purchase of an episode. The first has the episode's own name. One that ended
 * without a payment leaves its episode open, because the customer still waits for credits: once what
 * was in the way is gone, such as a refused card, the next one has a number.
 */
export function nextKeyOf(
  episode: string,
  purchases: readonly Pick<SeenPurchase, "triggerKey">[],
): string {
  const before = purchases.filter((purchase) => isOfEpisode(purchase, episode)).length;
  return before === 0 ? episode : `${episode}-${before + 1}`;
}
