import type { TopUpView } from "@scanmeter/contracts/checkout";
import { For, Match, Show, Switch } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { usePlace } from "../../session/use-place.ts";
import { ADD_CARD_PATH } from "../auto-top-up/status-words.ts";
import { receiptInWords } from "../purchases/receipt-words.ts";
import { PurchaseFacts } from "./purchase-facts.tsx";
import { stageOf } from "./stage.ts";

/** A purchase that wants nothing of the customer now: what came of it, and where to go on. */
export function SettledPurchase(props: { purchase: TopUpView }) {
  const place = usePlace();
  const stage = () => stageOf(props.purchase);
  const why = () => props.purchase.lastError?.message;
  return (
    <>
      <Switch>
        <Match when={stage() === "done"}>
          <ul class="confirming__told">
            <For each={receiptInWords(props.purchase, place())}>{(line) => <li>{line}</li>}</For>
          </ul>
        </Match>
        <Match when={stage() === "over"}>
          <p>It ended without a payment. Nothing was charged for it.</p>
          <PurchaseFacts purchase={props.purchase} />
        </Match>
        <Match when={stage() === "waiting"}>
          <p>{why() ?? "The payment was declined."} It is tried again by itself.</p>
          <PurchaseFacts purchase={props.purchase} />
        </Match>
        <Match when={stage() === "reviewed"}>
          <p>{why()}</p>
          <PurchaseFacts purchase={props.purchase} />
        </Match>
      </Switch>
      <div class="checkout__ways">
        <a class="button button--primary" href="/account">
          Go to Account Overview
        </a>
        <Show when={stage() === "over"}>
          <a
            class="button button--plain"
            href={`/checkout/order?quantity=${props.purchase.credits}`}
          >
            Buy {creditsInWords(props.purchase.credits)}
          </a>
        </Show>
        <Show when={stage() === "waiting"}>
          <a class="button button--plain" href={ADD_CARD_PATH}>
            Use another card
          </a>
        </Show>
      </div>
    </>
  );
}
