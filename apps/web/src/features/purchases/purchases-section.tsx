import type { DocumentView, TopUpView } from "@scanmeter/contracts/checkout";
import { For, type JSX, Show } from "solid-js";
import { creditsInWords } from "../../format/credits.ts";
import { shortInstant, zoneName } from "../../format/instants.ts";
import { formatMoney } from "../../format/money.ts";
import { usePlace } from "../../session/use-place.ts";
import { Fetched } from "../../shell/fetched.tsx";
import { Button } from "../../ui/button.tsx";
import { confirmPath } from "../auto-top-up/status-words.ts";
import type { Purchases } from "./create-purchases.ts";
import { documentAmount, documentTitle } from "./document-words.ts";
import { asksForConfirmation, purchaseState, triggerInWords } from "./purchase-words.ts";
import { receiptInWords } from "./receipt-words.ts";

/** What was bought, what became of it, and the paper for it. */
export function PurchasesSection(props: {
  list: Purchases;
  /** Below the list. */
  more?: JSX.Element;
}) {
  const place = usePlace();
  return (
    <section class="card purchases" aria-labelledby="purchases-title">
      <div class="card__head">
        <h2 id="purchases-title" class="card__title">
          Purchases
        </h2>
        <p class="quiet">Times in {zoneName(place().timeZone)}</p>
      </div>
      <Fetched what="the purchases" value={props.list.purchases()} from={props.list}>
        {(shown) => (
          <Show
            when={shown().length > 0}
            fallback={
              <p class="empty">
                Nothing bought yet. Each purchase will be listed here with its invoice.
              </p>
            }
          >
            <table class="table">
              <caption class="visually-hidden">Purchases, newest first</caption>
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">What</th>
                  <th scope="col">State</th>
                  <th scope="col" class="table__number">
                    Total
                  </th>
                  <th scope="col">Documents</th>
                </tr>
              </thead>
              <tbody>
                <For each={shown()}>
                  {(purchase) => (
                    <PurchaseRow
                      purchase={purchase}
                      documents={props.list.documentsOf(purchase.id)}
                    />
                  )}
                </For>
              </tbody>
            </table>
            <Show when={props.list.hasMore()}>
              <div>
                <Button size="small" onClick={() => void props.list.showMore()}>
                  Show earlier purchases
                </Button>
              </div>
            </Show>
          </Show>
        )}
      </Fetched>
      {props.more}
    </section>
  );
}

function PurchaseRow(props: { purchase: TopUpView; documents: readonly DocumentView[] }) {
  const place = usePlace();
  const at = () => props.purchase.paidAt ?? props.purchase.createdAt;
  return (
    <tr>
      <td class="purchases__when">
        <time dateTime={at()}>{shortInstant(Date.parse(at()), place())}</time>
      </td>
      <th scope="row" class="purchases__what">
        <strong>{creditsInWords(props.purchase.credits)}</strong>{" "}
        <span class="quiet">{triggerInWords(props.purchase.trigger)}</span>
        <Receipt purchase={props.purchase} />
      </th>
      <td class="purchases__state">
        <span class={`tag ${props.purchase.state === "paid" ? "" : "tag--strong"}`}>
          {purchaseState(props.purchase)}
        </span>
        <Show when={props.purchase.state !== "paid" && props.purchase.lastError}>
          {(error) => <p class="purchases__error">{error().message}</p>}
        </Show>
        <Show when={asksForConfirmation(props.purchase)}>
          <a class="link--target" href={confirmPath(props.purchase.id)}>
            Confirm with your bank
          </a>
        </Show>
      </td>
      <td class="table__number purchases__total">
        {formatMoney(props.purchase.money.totalMinor, props.purchase.money.currency)}
      </td>
      <td class="purchases__documents">
        <For
          each={props.documents}
          fallback={
            <span class="quiet">{props.purchase.state === "paid" ? "Being written" : "None"}</span>
          }
        >
          {(paper) => <DocumentLink paper={paper} />}
        </For>
      </td>
    </tr>
  );
}

function DocumentLink(props: { paper: DocumentView }) {
  return (
    <a class="link--target purchases__document" href={props.paper.url} rel="external" download="">
      {documentTitle(props.paper)}
      <span class="quiet"> PDF</span>
      <Show when={props.paper.kind !== "invoice"}>
        <span class="quiet">, {documentAmount(props.paper)}</span>
      </Show>
    </a>
  );
}

/** What was paid to get and to keep what. */
function Receipt(props: { purchase: TopUpView }) {
  const place = usePlace();
  return (
    <Show when={props.purchase.receipt}>
      <details class="receipt">
        <summary>
          Receipt<span class="visually-hidden"> of {creditsInWords(props.purchase.credits)}</span>
        </summary>
        <ul class="receipt__lines">
          <For each={receiptInWords(props.purchase, place())}>{(line) => <li>{line}</li>}</For>
        </ul>
      </details>
    </Show>
  );
}
