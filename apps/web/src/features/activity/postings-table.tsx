import { createMemo, createSignal, For, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { BLOCK_MAX, type Loaded } from "./loaded-postings.ts";
import { PostingRow } from "./posting-row.tsx";

/**
 * Thousands of lines may be loaded. Each block of them is a body of the table that the browser draws
 * only when it comes near the screen, and no line's width depends on another's.
 */
export function PostingsTable(props: { loaded: Loaded; showOlder: () => Promise<void> }) {
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  let table!: HTMLTableElement;
  // By id and not by object: a block that grows stays the same element.
  const ids = createMemo(() => props.loaded.blocks.map(({ id }) => id));

  async function showOlder(): Promise<void> {
    const lines = () => table.querySelectorAll<HTMLElement>(".posting__text");
    const shown = lines().length;
    setBusy(true);
    setProblem(null);
    try {
      await props.showOlder();
      // Reading goes on where it stopped; on the last page the button is gone.
      lines().item(shown)?.focus();
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
  }

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
        <For each={ids()}>
          {(id) => {
            const items = createMemo(
              () => props.loaded.blocks.find((block) => block.id === id)?.items ?? [],
            );
            return (
              <tbody
                class={`postings__block ${items().length === BLOCK_MAX ? "postings__block--full" : ""}`}
              >
                <For each={items()}>{(item) => <PostingRow item={item} />}</For>
              </tbody>
            );
          }}
        </For>
      </table>
      <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
      <Show when={props.loaded.nextCursor !== null}>
        <div class="postings__older">
          <Button isBusy={isBusy()} busyText="Loading…" onClick={() => void showOlder()}>
            Show older
          </Button>
        </div>
      </Show>
    </>
  );
}
