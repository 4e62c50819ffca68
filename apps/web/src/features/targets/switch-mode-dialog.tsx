import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { Show } from "solid-js";
import { api } from "../../api/client.ts";
import { Confirmation } from "../../shell/confirmation.tsx";
import { otherMode, switchConsequence, switchInWords, targetTitle } from "./target-words.ts";

export function SwitchModeDialog(props: {
  target: UsedTargetView | null;
  onDone: (told: string) => void;
  onClose: () => void;
}) {
  async function switchMode(): Promise<void> {
    if (props.target === null) return;
    const { id: targetId, mode } = props.target;
    const title = targetTitle(props.target);
    await api.targets.setMode.mutate({ targetId, mode: otherMode(mode) });
    props.onDone(mode === "credits" ? `${title} is unlimited now.` : `${title} uses credits now.`);
  }

  return (
    <Confirmation
      isOpen={props.target !== null}
      title={props.target ? `${switchInWords(props.target)}?` : ""}
      act={props.target ? switchInWords(props.target) : ""}
      busyText="Switching…"
      cancel="Leave it as it is"
      onConfirm={switchMode}
      onClose={props.onClose}
    >
      <Show when={props.target}>
        {(target) => (
          <>
            <p class="breakable">
              <strong>{targetTitle(target())}</strong>
            </p>
            <p>{switchConsequence(target())}</p>
          </>
        )}
      </Show>
    </Confirmation>
  );
}
