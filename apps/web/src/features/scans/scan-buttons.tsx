import type { ScanView } from "@scanmeter/contracts/scans";
import { Show } from "solid-js";
import { api } from "../../api/client.ts";
import { createCommand } from "../../api/create-command.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { Button } from "../../ui/button.tsx";
import { scanTitle } from "./scan-words.ts";

/** A pause can be taken back and is done at once; stopping is asked for twice. */
export function ScanButtons(props: { scan: ScanView; onStop: () => void }) {
  const feed = useBalanceFeed();
  const command = createCommand();
  // Only what a person paused waits for a person; the other pauses end by themselves.
  const change = (): "pause" | "resume" | null => {
    if (props.scan.state === "running") return "pause";
    return props.scan.pausedFor === "user" ? "resume" : null;
  };

  async function apply(verb: "pause" | "resume"): Promise<void> {
    try {
      await api.scans[verb].mutate({ scanId: props.scan.scanId });
    } finally {
      feed.refresh();
    }
  }

  const ofWhich = () => <span class="visually-hidden"> the scan {scanTitle(props.scan)}</span>;

  return (
    <div class="scan__buttons">
      <Show when={change()}>
        {(verb) => (
          <Button isBusy={command.isBusy()} onClick={() => void command.run(() => apply(verb()))}>
            {verb() === "pause" ? "Pause" : "Resume"}
            {ofWhich()}
          </Button>
        )}
      </Show>
      <Button onClick={() => props.onStop()}>
        Stop
        {ofWhich()}
      </Button>
      <Show when={command.problem()}>
        <p class="scan__problem" role="alert">
          {command.problem()}
        </p>
      </Show>
    </div>
  );
}
