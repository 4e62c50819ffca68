import type { ActivityItem } from "@scanmeter/contracts/live";
import { createSignal, createUniqueId, Show } from "solid-js";
import { formatCredits, signedCredits } from "../../format/credits.ts";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { scanPath } from "../scans/scan-filter.ts";
import { withoutScheme } from "../scans/scan-words.ts";
import { amountClass } from "./amount-class.ts";
import { PostingDetails } from "./posting-details.tsx";
import { kindInWords, lotInWords } from "./posting-words.ts";

/** One line; pressed, it says why it is there and what it moved. */
export function PostingRow(props: { item: ActivityItem }) {
  const place = usePlace();
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  return (
    <>
      <tr class="posting">
        <td class="posting__when">
          <time dateTime={props.item.bookedAt}>
            {shortInstant(Date.parse(props.item.bookedAt), place())}
          </time>
        </td>
        <td class="posting__kind">{kindInWords(props.item.kind)}</td>
        <th scope="row" class="posting__what">
          <button
            type="button"
            class="posting__text"
            aria-expanded={isOpen()}
            aria-controls={isOpen() ? id : undefined}
            onClick={() => setOpen(!isOpen())}
          >
            {props.item.text}
          </button>
        </th>
        <td class="posting__about">
          <Show when={props.item.scanId}>
            {(scanId) => (
              <a class="posting__link" href={scanPath(scanId())}>
                <span class="visually-hidden">Scan of </span>
                {withoutScheme(props.item.targetName ?? "a target")}
              </a>
            )}
          </Show>
          <Show when={props.item.who}>
            {(who) => (
              <span class="posting__who">
                <span class="visually-hidden">By </span>
                {who()}
              </span>
            )}
          </Show>
          <Show when={props.item.invoice}>
            {(invoice) => (
              <a class="posting__link" href={invoice().url} rel="external" download="">
                Invoice {invoice().number}
              </a>
            )}
          </Show>
        </td>
        <td class="posting__lot">{lotInWords(props.item.lot)}</td>
        <td class="posting__credits">
          <span class={amountClass(props.item)}>{signedCredits(props.item.credits)}</span>
        </td>
        <td class="posting__after">{formatCredits(props.item.balanceAfter)}</td>
      </tr>
      <Show when={isOpen()}>
        <tr id={id} class="posting__more">
          <td colSpan={7}>
            <PostingDetails version={props.item.version} />
          </td>
        </tr>
      </Show>
    </>
  );
}
