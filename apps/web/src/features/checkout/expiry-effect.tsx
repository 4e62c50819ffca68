import type { QuoteView } from "@scanmeter/contracts/checkout";
import { instantWithZone } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";

/** What a purchase does to all paid credits, said before it is paid. */
export function ExpiryEffect(props: { quote: QuoteView }) {
  const place = usePlace();
  return (
    <p class="sums__note">
      All your paid credits will then expire on{" "}
      <time class="sums__expiry" dateTime={props.quote.newExpiryAt}>
        {instantWithZone(Date.parse(props.quote.newExpiryAt), place())}
      </time>
      .
    </p>
  );
}
