import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { targetTitle } from "../targets/target-words.ts";
import { StartScan } from "./start-scan.tsx";

export function StartScanDialog(props: { target: UsedTargetView | null; onClose: () => void }) {
  return (
    <Dialog
      isOpen={props.target !== null}
      isForm
      title={props.target ? `Start a scan of ${targetTitle(props.target)}` : ""}
      onClose={props.onClose}
    >
      <Show when={props.target}>{(target) => <StartScan target={target()} />}</Show>
      <div class="dialog__actions">
        <Button onClick={props.onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
