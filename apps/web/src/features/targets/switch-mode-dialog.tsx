import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { api } from "../../api/client.ts";
import { Confirmation } from "../../shell/confirmation.tsx";
import { otherMode, switchConsequence, switchInWords, targetTitle } from "./target-words.ts";

export function SwitchModeDialog(props: {
  target: UsedTargetView | null;
  onDone: (told: string) => void;
  onClose: () => void;
}) {
  async function switchMode(target: UsedTargetView): Promise<void> {
    const { id: targetId, mode } = target;
    const title = targetTitle(target);
    await api.targets.setMode.mutate({ targetId, mode: otherMode(mode) });
    props.onDone(mode === "credits" ? `${title} is unlimited now.` : `${title} uses credits now.`);
  }

  return (
    <Confirmation
      about={props.target}
      title={props.target ? `${switchInWords(props.target)}?` : ""}
      act={props.target ? switchInWords(props.target) : ""}
      busyText="Switching…"
      cancel="Leave it as it is"
      onConfirm={switchMode}
      onClose={props.onClose}
    >
      {(target) => (
        <>
          <p class="breakable">
            <strong>{targetTitle(target())}</strong>
          </p>
          <p>{switchConsequence(target())}</p>
        </>
      )}
    </Confirmation>
  );
}
