import { For } from "solid-js";

interface SkeletonProps {
  /** What is being loaded, for those who cannot see the grey. */
  what: string;
  rows: number;
  /** Which rows they stand for, so that they have the same height. */
  look:
    | "row"
    | "sentence"
    | "notice"
    | "scan"
    | "facts"
    | "entry"
    | "target"
    | "key"
    | "chart"
    | "day"
    | "lot-date"
    | "member"
    | "field"
    | "balance"
    | "first-scan";
}

/** Grey where text will be, of its size, so that nothing jumps when it arrives. */
export function Skeleton(props: SkeletonProps) {
  return (
    <div class={`skeleton skeleton--${props.look}`} aria-busy="true">
      <span class="visually-hidden">Loading {props.what}</span>
      <For each={Array.from({ length: props.rows })}>
        {() => <span class="skeleton__row" aria-hidden="true" />}
      </For>
    </div>
  );
}
