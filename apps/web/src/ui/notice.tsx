import { type ParentProps, Show } from "solid-js";

/** A sentence above a form or section. A failure interrupts a screen reader, news waits its turn. */
export function Notice(props: ParentProps<{ tone: "failure" | "news" }>) {
  return (
    <Show
      when={props.tone === "failure"}
      fallback={
        <div class="notice" role="status">
          {props.children}
        </div>
      }
    >
      <div class="notice notice--failure" role="alert">
        {props.children}
      </div>
    </Show>
  );
}
