import type { DocumentView } from "@scanmeter/contracts/checkout";
import { createSignal, For, Show } from "solid-js";
import { shortInstant, zoneName } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { Fetched } from "../../shell/fetched.tsx";
import { Button } from "../../ui/button.tsx";
import type { Purchases } from "./create-purchases.ts";
import { documentAmount, documentTitle } from "./document-words.ts";

const PAGE = 20;

/** Every paper of the account, for whoever keeps its books. */
export function DocumentsSection(props: { list: Purchases }) {
  const place = usePlace();
  const [pages, setPages] = createSignal(1);
  const all = () => props.list.documents();
  const shown = () => all().slice(0, pages() * PAGE);
  let body!: HTMLTableSectionElement;

  function showOlder(): void {
    const next = shown().length;
    setPages((count) => count + 1);
    // Reading goes on where it stopped; on the last page the button is gone.
    body.children.item(next)?.querySelector("a")?.focus();
  }

  return (
    <section class="card documents" aria-labelledby="documents-title">
      <div class="card__head">
        <h2 id="documents-title" class="card__title">
          Invoices and credit notes
        </h2>
        <p class="quiet">Times in {zoneName(place().timeZone)}</p>
      </div>
      <Fetched what="the documents" value={props.list.purchases()} from={props.list}>
        {() => (
          <Show
            when={all().length > 0}
            fallback={
              <p class="empty">
                None yet. Each purchase brings an invoice, and each refund a credit note.
              </p>
            }
          >
            <table class="table">
              <caption class="visually-hidden">Invoices and credit notes, newest first</caption>
              <thead>
                <tr>
                  <th scope="col">Document</th>
                  <th scope="col">Date</th>
                  <th scope="col" class="table__number">
                    Total
                  </th>
                  <th scope="col">
                    <span class="visually-hidden">Download</span>
                  </th>
                </tr>
              </thead>
              <tbody ref={body}>
                <For each={shown()}>{(paper) => <Row paper={paper} />}</For>
              </tbody>
            </table>
            <Show when={shown().length < all().length}>
              <div>
                <Button size="small" onClick={showOlder}>
                  Show older
                </Button>
              </div>
            </Show>
          </Show>
        )}
      </Fetched>
    </section>
  );
}

function Row(props: { paper: DocumentView }) {
  const place = usePlace();
  return (
    <tr>
      <th scope="row" class="documents__title">
        {documentTitle(props.paper)}
      </th>
      <td class="documents__when">
        <time dateTime={props.paper.issuedAt}>
          {shortInstant(Date.parse(props.paper.issuedAt), place())}
        </time>
      </td>
      <td class="table__number documents__total">{documentAmount(props.paper)}</td>
      <td class="documents__pdf">
        <a
          class="link--target purchases__document"
          href={props.paper.url}
          rel="external"
          download=""
        >
          PDF<span class="visually-hidden"> of {documentTitle(props.paper)}</span>
        </a>
      </td>
    </tr>
  );
}
