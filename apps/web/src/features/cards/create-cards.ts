import { api } from "../../api/client.ts";
import { createAnswer } from "../../live/create-answer.ts";

/** The account's saved cards; null until the first answer. */
export function createCards() {
  const { answer, hasFailed, refresh } = createAnswer(() => api.paymentMethods.list.query({}));
  return { cards: () => answer() ?? null, hasFailed, refresh };
}

export type Cards = ReturnType<typeof createCards>;
