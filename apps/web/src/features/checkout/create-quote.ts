import type { QuoteView } from "@scanmeter/contracts/checkout";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createLastAnswer } from "../../live/create-last-answer.ts";
import type { LastAnswer } from "../../live/last-answer.ts";

/** The server's price for a quantity that is being typed. Null asks for nothing. */
export function createQuote(quantity: Accessor<number | null>): Accessor<LastAnswer<QuoteView>> {
  return createLastAnswer(quantity, (wanted) => api.pricing.quote.query({ quantity: wanted }))
    .state;
}
