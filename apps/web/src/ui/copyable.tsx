import { createSignal, createUniqueId, Show } from "solid-js";
import { Button } from "./button.tsx";

/** Text to take elsewhere: shown whole, selectable, and copied by one press. */
export function Copyable(props: { label: string; text: string }) {
  const id = createUniqueId();
  const [outcome, setOutcome] = createSignal<"copied" | "select" | null>(null);
  let area!: HTMLTextAreaElement;

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(props.text);
      setOutcome("copied");
    } catch {
      // Without permission, or on plain http, the person copies the selection themselves.
      area.focus();
      area.select();
      setOutcome("select");
    }
  }

  return (
    <div class="copyable">
      <label class="field__label" for={id}>
        {props.label}
      </label>
      <div class="copyable__row">
        <div class="copyable__field" data-text={props.text}>
          <textarea
            ref={area}
            id={id}
            class="input copyable__text"
            readOnly
            spellcheck={false}
            rows={1}
            value={props.text}
            onFocus={(event) => event.currentTarget.select()}
          />
        </div>
        <Button onClick={copy}>
          Copy<span class="visually-hidden"> {props.label}</span>
        </Button>
      </div>
      <p class="field__hint" role="status">
        <Show when={outcome()}>
          {outcome() === "copied" ? "Copied." : "Selected: copy it with your keyboard."}
        </Show>
      </p>
    </div>
  );
}
