import type { ScanView } from "@scanmeter/contracts/scans";
import { createEffect, createSignal, on, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { scanTitle, stopConsequence } from "./scan-words.ts";

/** Stopping cannot be taken back, so it is asked for twice. */
export function StopScanDialog(props: { scan: ScanView | null; onClose: () => void }) {
  const feed = useBalanceFeed();
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);

  createEffect(
    on(
      () => props.scan?.scanId,
      () => setProblem(null),
    ),
  );

  async function stop(scanId: string): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await api.scans.stop.mutate({ scanId });
      props.onClose();
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
    // Whatever the answer was, the truth about this scan is on the server.
    feed.refresh();
  }

  return (
    <Dialog isOpen={props.scan !== null} title="Stop this scan?" onClose={props.onClose}>
      <Show when={props.scan}>
        {(scan) => (
          <>
            <p>
              <strong class="breakable">{scanTitle(scan())}</strong>
            </p>
            <p>{stopConsequence(scan())}</p>
            <Show when={problem()}>
              {(sentence) => <Notice tone="failure">{sentence()}</Notice>}
            </Show>
            <div class="dialog__actions">
              <Button onClick={props.onClose}>Keep it running</Button>
              <Button
                look="danger"
                isBusy={isBusy()}
                busyText="Stopping…"
                onClick={() => void stop(scan().scanId)}
              >
                Stop the scan
              </Button>
            </div>
          </>
        )}
      </Show>
    </Dialog>
  );
}
