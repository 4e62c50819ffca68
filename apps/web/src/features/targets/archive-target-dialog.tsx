import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { Show } from "solid-js";
import { api } from "../../api/client.ts";
import { Confirmation } from "../../shell/confirmation.tsx";
import { targetTitle } from "./target-words.ts";

export function ArchiveTargetDialog(props: {
  target: UsedTargetView | null;
  onDone: (told: string) => void;
  onClose: () => void;
}) {
  async function archive(): Promise<void> {
    if (props.target === null) return;
    const title = targetTitle(props.target);
    await api.targets.archive.mutate({ targetId: props.target.id });
    props.onDone(`${title} is archived.`);
  }

  return (
    <Confirmation
      isOpen={props.target !== null}
      title="Archive this target?"
      act="Archive it"
      busyText="Archiving…"
      cancel="Keep it"
      onConfirm={archive}
      onClose={props.onClose}
    >
      <Show when={props.target}>
        {(target) => (
          <>
            <p class="breakable">
              <strong>{targetTitle(target())}</strong>
            </p>
            <p>
              No new scan of it can start. Running ones go on, and its history stays. You can bring
              it back at any time.
            </p>
          </>
        )}
      </Show>
    </Confirmation>
  );
}
