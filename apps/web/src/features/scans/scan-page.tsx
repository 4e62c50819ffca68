import type { ScanDetails, ScanView } from "@scanmeter/contracts/scans";
import { useParams } from "@solidjs/router";
import { createEffect, createSignal, on, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { createRefreshed } from "../../live/create-refreshed.ts";
import { useSession } from "../../session/session.tsx";
import { ConnectionNote } from "../../shell/connection-note.tsx";
import { StaleNote } from "../../shell/stale-note.tsx";
import "../../styles/scans.css";
import { Notice } from "../../ui/notice.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useLiveScans } from "./live-scan.ts";
import { ScanButtons } from "./scan-buttons.tsx";
import { ScanFacts } from "./scan-facts.tsx";
import { ScanSteps } from "./scan-steps.tsx";
import { scanTitle } from "./scan-words.ts";
import { StopScanDialog } from "./stop-scan-dialog.tsx";

/** One scan: where it stands, what it cost, and everything that was booked for it. */
export default function ScanPage() {
  const params = useParams<{ scanId: string }>();
  return (
    <Show when={params.scanId} keyed>
      {(scanId) => <OneScan scanId={scanId} />}
    </Show>
  );
}

function OneScan(props: { scanId: string }) {
  const feed = useBalanceFeed();
  const session = useSession();
  const live = useLiveScans();
  const found = createRefreshed(() => api.scans.get.query({ scanId: props.scanId }), feed.round);
  const [stopping, setStopping] = createSignal<ScanView | null>(null);
  const scan = () => {
    const known = session.me() && found.value();
    return known ? live(known) : undefined;
  };

  // The buttons go with the end of the scan, and one of them may have had the focus.
  createEffect(
    on(
      () => scan()?.endedAt,
      (endedAt, before) => {
        if (!endedAt || before !== null || document.activeElement !== document.body) return;
        const heading = document.querySelector<HTMLElement>(".page-heading");
        heading?.focus({ preventScroll: true });
      },
    ),
  );

  return (
    <div class="one-scan stack">
      <a class="link--target" href="/scans">
        All scans
      </a>
      <div class="page-top">
        <PageHeading title={scan() ? scanTitle(scan() as ScanDetails) : "Scan"} />
        <ConnectionNote />
      </div>
      <Show when={found.refusal() && !scan()}>
        <Notice tone="failure">
          There is no such scan in this account. The address may be mistyped.
        </Notice>
      </Show>
      <Show when={found.hasFailed() && !scan()}>
        <Notice tone="failure">The scan could not be loaded. Trying again…</Notice>
      </Show>
      <Show
        when={scan()}
        fallback={
          <Show when={!found.refusal()}>
            <div class="card">
              <Skeleton what="the scan" rows={1} look="facts" />
            </div>
            <div class="card">
              <Skeleton what="what happened" rows={4} look="row" />
            </div>
          </Show>
        }
      >
        {(known) => (
          <>
            <Show when={found.hasFailed()}>
              <StaleNote what="This scan" fetchedAt={found.fetchedAt()} />
            </Show>
            <ScanFacts scan={known()}>
              <Show when={known().endedAt === null}>
                <ScanButtons scan={known()} onStop={() => setStopping(known())} />
              </Show>
            </ScanFacts>
            <ScanSteps scan={known()} />
            <StopScanDialog scan={stopping()} onClose={() => setStopping(null)} />
          </>
        )}
      </Show>
    </div>
  );
}
