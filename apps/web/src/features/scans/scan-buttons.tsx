import type { ScanView } from "@scanmeter/contracts/scans";
import { createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { Button } from "../../ui/button.tsx";
import { scanTitle } from "./scan-words.ts";

/** A pause can be taken back and is done at once; stopping is asked for twice. */
export function ScanButtons(props: { scan: ScanView; onStop: () => void }) {
  const feed = useBalanceFeed();
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  // Only what a person paused waits for a person; the other pauses end by themselves.
  const change = (): "pause" | "resume" | null => {
    if (props.scan.state === "running") return "pause";
    return props.scan.pausedFor === "user" ? "resume" : null;
  };

  async function apply(verb: "pause" | "resume"): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await api.scans[verb].mutate({ scanId: props.scan.scanId });
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
    feed.refresh();
  }

  const ofWhich = () => <span class="visually-hidden"> the scan {scanTitle(props.scan)}</span>;

  return (
    <div class="scan__buttons">
      <Show when={change()}>
        {(verb) => (
          <Button isBusy={isBusy()} onClick={() => void apply(verb())}>
            {verb() === "pause" ? "Pause" : "Resume"}
            {ofWhich()}
          </Button>
        )}
      </Show>
      <Button onClick={() => props.onStop()}>
        Stop
        {ofWhich()}
      </Button>
      <Show when={problem()}>
        <p class="scan__problem" role="alert">
          {problem()}
        </p>
      </Show>
    </div>
  );
}
