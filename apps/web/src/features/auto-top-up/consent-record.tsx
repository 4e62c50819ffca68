import type { ConsentView } from "@scanmeter/contracts/auto-top-up";
import { usePlace } from "../../session/use-place.ts";
import { consentInWords } from "./settings-words.ts";

/** Who agreed to be charged, when and where, and to which words. */
export function ConsentRecord(props: { consent: ConsentView }) {
  const place = usePlace();
  return (
    <details class="auto__record">
      <summary>{consentInWords(props.consent, place())}</summary>
      <p>“{props.consent.sentence}”</p>
    </details>
  );
}
