import { For } from "solid-js";

/** Grey lines where text will be, of about its size, so that nothing jumps when it arrives. */
export function Skeleton(props: { lines: number; what: string; isTall?: boolean }) {
  return (
    <div class="skeleton" aria-busy="true">
      <span class="visually-hidden">Loading {props.what}</span>
      <For each={Array.from({ length: props.lines })}>
        {() => (
          <span class={`skeleton__line ${props.isTall ? "skeleton__line--tall" : ""}`} aria-hidden="true" />
        )}
      </For>
    </div>
  );
}
