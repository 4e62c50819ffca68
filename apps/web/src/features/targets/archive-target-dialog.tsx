import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { api } from "../../api/client.ts";
import { Confirmation } from "../../shell/confirmation.tsx";
import { targetTitle } from "./target-words.ts";

export function ArchiveTargetDialog(props: {
  target: UsedTargetView | null;
  onDone: (told: string) => void;
  onClose: () => void;
}) {
  async function archive(target: UsedTargetView): Promise<void> {
    await api.targets.archive.mutate({ targetId: target.id });
    props.onDone(`${targetTitle(target)} is archived.`);
  }

  return (
    <Confirmation
      about={props.target}
      title="Archive this target?"
      act="Archive it"
      busyText="Archiving…"
      cancel="Keep it"
      onConfirm={archive}
      onClose={props.onClose}
    >
      {(target) => (
        <>
          <p class="breakable">
            <strong>{targetTitle(target())}</strong>
          </p>
          <p>
            No new scan of it can start. Running ones go on, and its history stays. You can bring it
            back at any time.
          </p>
        </>
      )}
    </Confirmation>
  );
}
