import { createSignal, type ParentProps, Show } from "solid-js";

/** The numbers of a drawing, for whoever would rather read them. They are made when they are asked for. */
export function AsTable(props: ParentProps<{ what: string }>) {
  const [isOpen, setOpen] = createSignal(false);
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="as-table__summary">
        Show as a table<span class="visually-hidden">: {props.what}</span>
      </summary>
      <Show when={isOpen()}>{props.children}</Show>
    </details>
  );
}
