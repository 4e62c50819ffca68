import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { createMemo, For, Show } from "solid-js";
import { type TargetAct, TargetItem } from "./target-item.tsx";

export function TargetList(props: {
  targets: readonly UsedTargetView[];
  mayChange: boolean;
  onAct: (act: TargetAct, target: UsedTargetView) => void;
}) {
  // By id and not by object: each answer brings new objects, and an item that is kept keeps its focus.
  const ids = createMemo(() => props.targets.map(({ id }) => id));
  return (
    <Show
      when={ids().length > 0}
      fallback={
        <p class="empty">
          No target yet. A target is an address that is scanned: each of its scans costs 1 credit
          per started hour, at most 5, or nothing where it is unlimited.
        </p>
      }
    >
      <ul class="targets__list">
        <For each={ids()}>
          {(id) => {
            const target = createMemo<UsedTargetView | undefined>(
              (last) => props.targets.find((candidate) => candidate.id === id) ?? last,
            );
            return (
              <Show when={target()}>
                {(known) => (
                  <TargetItem
                    target={known()}
                    mayChange={props.mayChange}
                    onAct={(act) => props.onAct(act, known())}
                  />
                )}
              </Show>
            );
          }}
        </For>
      </ul>
    </Show>
  );
}
