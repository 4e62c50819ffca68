import { For } from "solid-js";
import { ShowOlder } from "../../shell/show-older.tsx";
import { KeyedFor } from "../../ui/keyed-for.tsx";
import { BLOCK_MAX, type Loaded } from "./loaded-postings.ts";
import { PostingRow } from "./posting-row.tsx";

/**
 * Thousands of lines may be loaded. Each block of them is a body of the table that the browser draws
 * only when it comes near the screen, and no line's width depends on another's.
 */
export function PostingsTable(props: { loaded: Loaded; showOlder: () => Promise<void> }) {
  let table!: HTMLTableElement;
  return (
    <>
      <table ref={table} class="postings__table">
        <caption class="visually-hidden">Postings, newest first</caption>
        <thead class="postings__head">
          <tr class="posting">
            <th scope="col">When</th>
            <th scope="col">Type</th>
            <th scope="col">What</th>
            <th scope="col">About, by whom</th>
            <th scope="col">Lot</th>
            <th scope="col" class="table__number">
              Credits
            </th>
            <th scope="col" class="table__number">
              Balance after
            </th>
          </tr>
        </thead>
        <KeyedFor each={props.loaded.blocks} by={({ id }) => id}>
          {(block) => (
            <tbody
              class={`postings__block ${block().items.length === BLOCK_MAX ? "postings__block--full" : ""}`}
            >
              <For each={block().items}>{(item) => <PostingRow item={item} />}</For>
            </tbody>
          )}
        </KeyedFor>
      </table>
      <ShowOlder
        isThere={props.loaded.nextCursor !== null}
        show={props.showOlder}
        lines={() => table.querySelectorAll<HTMLElement>(".posting__text")}
        class="postings__older"
      />
    </>
  );
}
