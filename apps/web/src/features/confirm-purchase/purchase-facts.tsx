import type { TopUpView } from "@scanmeter/contracts/checkout";
import { instantWithZone } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { QuoteLines } from "../checkout/quote-lines.tsx";
import { triggerInWords } from "../purchases/purchase-words.ts";

/** Which purchase it is: why it was begun, when, and what it costs. */
export function PurchaseFacts(props: { purchase: TopUpView }) {
  const place = usePlace();
  return (
    <>
      <p class="quiet">
        {triggerInWords(props.purchase.trigger)}, begun on{" "}
        <time dateTime={props.purchase.createdAt}>
          {instantWithZone(Date.parse(props.purchase.createdAt), place())}
        </time>
      </p>
      <QuoteLines quote={props.purchase.money} />
    </>
  );
}
