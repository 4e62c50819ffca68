import { type ParentProps, Show } from "solid-js";

/**
 * A sentence above a form or section. A failure and what needs attention before the next press
 * interrupt a screen reader, news waits its turn; only a failure is red.
 */
export function Notice(props: ParentProps<{ tone: "failure" | "attention" | "news" }>) {
  return (
    <Show
      when={props.tone !== "news"}
      fallback={
        <div class="notice" role="status">
          {props.children}
        </div>
      }
    >
      <div class={`notice ${props.tone === "failure" ? "notice--failure" : ""}`} role="alert">
        {props.children}
      </div>
    </Show>
  );
}

/** Why something did not work; nothing as long as nothing went wrong. */
export function FailureNotice(props: { text: string | null | undefined }) {
  return <Show when={props.text}>{(text) => <Notice tone="failure">{text()}</Notice>}</Show>;
}
