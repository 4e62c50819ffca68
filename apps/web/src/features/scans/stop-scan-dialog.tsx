import type { ScanView } from "@scanmeter/contracts/scans";
import { api } from "../../api/client.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { Confirmation } from "../../shell/confirmation.tsx";
import { scanTitle, stopConsequence } from "./scan-words.ts";

/** Stopping cannot be taken back, so it is asked for twice. */
export function StopScanDialog(props: { scan: ScanView | null; onClose: () => void }) {
  const feed = useBalanceFeed();

  async function stop({ scanId }: ScanView): Promise<void> {
    try {
      await api.scans.stop.mutate({ scanId });
      props.onClose();
    } finally {
      // Whatever the answer was, the truth about this scan is on the server.
      feed.refresh();
    }
  }

  return (
    <Confirmation
      about={props.scan}
      isDanger
      title="Stop this scan?"
      act="Stop the scan"
      busyText="Stopping…"
      cancel="Keep it running"
      onConfirm={stop}
      onClose={props.onClose}
    >
      {(scan) => (
        <>
          <p>
            <strong class="breakable">{scanTitle(scan())}</strong>
          </p>
          <p>{stopConsequence(scan())}</p>
        </>
      )}
    </Confirmation>
  );
}
