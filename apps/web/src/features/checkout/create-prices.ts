import { api } from "../../api/client.ts";
import { createAnswer } from "../../live/create-answer.ts";

/** What can be bought here at what price. It changes with a release, so one answer is enough. */
export function createPrices() {
  const { answer, hasFailed } = createAnswer(() => api.pricing.tiers.query({}));
  return { prices: () => answer() ?? null, hasFailed };
}
