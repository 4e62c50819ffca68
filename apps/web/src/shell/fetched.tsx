import { type Accessor, type JSX, Show } from "solid-js";
import { Button } from "../ui/button.tsx";
import { StaleNote } from "./stale-note.tsx";

/** Something the server is asked for again and again, as `create-…` of each feature makes it. */
export interface Asked {
  hasFailed: Accessor<boolean>;
  /** When the value on screen was fetched: local, epoch milliseconds. */
  fetchedAt: Accessor<number>;
  refresh: () => void;
}

/**
 * What was fetched; until then its skeleton or the sentence that it cannot be had, with a way to try
 * at once. A value that could not be fetched again stays, with its age above it.
 */
export function Fetched<Value>(props: {
  /** As it stands in the middle of a sentence: "the scans". */
  what: string;
  value: Value | null | undefined;
  from: Asked;
  skeleton?: JSX.Element;
  children: (value: Accessor<NonNullable<Value>>) => JSX.Element;
}) {
  // Not read to see whether it is there, because reading makes it.
  const hasSkeleton = "skeleton" in props;
  const subject = () => props.what.slice(0, 1).toUpperCase() + props.what.slice(1);
  return (
    <Show
      when={props.value}
      fallback={
        <Show when={props.from.hasFailed() || !hasSkeleton} fallback={props.skeleton}>
          <p class="empty">
            {subject()} could not be loaded. Trying again…
            <Button size="small" onClick={props.from.refresh}>
              Try now
            </Button>
          </p>
        </Show>
      }
    >
      {(value) => (
        <>
          <Show when={props.from.hasFailed()}>
            <StaleNote what={subject()} fetchedAt={props.from.fetchedAt()} />
          </Show>
          {props.children(value)}
        </>
      )}
    </Show>
  );
}
