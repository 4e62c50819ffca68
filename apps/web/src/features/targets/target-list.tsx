import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { Show } from "solid-js";
import { KeyedFor } from "../../ui/keyed-for.tsx";
import { type TargetAct, TargetItem } from "./target-item.tsx";

export function TargetList(props: {
  targets: readonly UsedTargetView[];
  mayChange: boolean;
  onAct: (act: TargetAct, target: UsedTargetView) => void;
}) {
  return (
    <Show
      when={props.targets.length > 0}
      fallback={
        <p class="empty">
          No target yet. A target is an address that is scanned: each of its scans costs 1 credit
          per started hour, at most 5, or nothing where it is unlimited.
        </p>
      }
    >
      <ul class="targets__list">
        <KeyedFor each={props.targets} by={({ id }) => id}>
          {(target) => (
            <TargetItem
              target={target()}
              mayChange={props.mayChange}
              onAct={(act) => props.onAct(act, target())}
            />
          )}
        </KeyedFor>
      </ul>
    </Show>
  );
}
