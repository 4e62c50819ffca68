import { type Accessor, createMemo, For, type JSX, Show } from "solid-js";

/**
 * Rows of what is fetched again and again, by id and not by object: each answer brings new objects, and
 * a row that is kept keeps its focus.
 */
export function KeyedFor<Item>(props: {
  each: readonly Item[];
  by: (item: Item) => string | number;
  children: (item: Accessor<Item>) => JSX.Element;
}) {
  const items = createMemo(() => new Map(props.each.map((item) => [props.by(item), item])));
  return (
    <For each={[...items().keys()]}>
      {(id) => {
        const item = createMemo<Item | undefined>((last) => items().get(id) ?? last);
        return <Show when={item()}>{(known) => props.children(known)}</Show>;
      }}
    </For>
  );
}
