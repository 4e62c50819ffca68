import { createUniqueId, For, Show } from "solid-js";

/** One of several at once, such as which kind of a list; the first entry may stand for all of them. */
export function SelectOne(props: {
  label: string;
  all?: string;
  options: readonly { value: string; label: string }[];
  /** Null is all of them. */
  value: string | null;
  onChoose: (value: string | null) => void;
}) {
  const id = createUniqueId();
  return (
    <div class="select-one">
      <label for={id} class="field__label select-one__label">
        {props.label}
      </label>
      <select
        id={id}
        class="input"
        onChange={(event) => props.onChoose(event.currentTarget.value || null)}
      >
        <Show when={props.all}>
          <option value="" selected={props.value === null}>
            {props.all}
          </option>
        </Show>
        <For each={props.options}>
          {(option) => (
            <option value={option.value} selected={option.value === props.value}>
              {option.label}
            </option>
          )}
        </For>
      </select>
    </div>
  );
}
