import type { ScanView } from "@scanmeter/contracts/scans";
import { createMemo, createSignal, For, lazy, Show, Suspense } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { HasRunnerKey } from "../first-scan/create-has-runner-key.ts";
import { NoScan } from "./no-scan.tsx";
import { ScanRow } from "./scan-row.tsx";
import { StopScanDialog } from "./stop-scan-dialog.tsx";

const FirstScan = lazy(() => import("../first-scan/first-scan.tsx"));

/** The scans that are under way, live, and the way to the first one. */
export function ScansSection(props: { runnerKey: HasRunnerKey }) {
  const feed = useBalanceFeed();
  const [stopping, setStopping] = createSignal<ScanView | null>(null);
  let title!: HTMLHeadingElement;

  const scans = () => feed.state().newest?.runningScans ?? [];
  // By id and not by object: each frame brings new objects, and a row that is kept keeps its focus.
  const ids = createMemo(() => scans().map((scan) => scan.scanId));

  // Stays once it is shown, until the customer has copied the key that it makes.
  const isFirstScanShown = createMemo<boolean>(
    (was) => props.runnerKey.hasKey() === false && (was || ids().length === 0),
    false,
  );

  function closeDialog(): void {
    setStopping(null);
    // The button that opened the dialog is gone together with a scan that was stopped.
    queueMicrotask(() => {
      if (document.activeElement === document.body) title.focus();
    });
  }

  return (
    <section class="card scans" aria-labelledby="scans-title">
      <div class="card__head">
        <h2 ref={title} id="scans-title" class="card__title" tabIndex={-1}>
          Running scans
        </h2>
        <Show when={ids().length > 0}>
          <span class="tag">{ids().length}</span>
        </Show>
      </div>
      <Show when={ids().length > 0}>
        <ul class="scans__list">
          <For each={ids()}>
            {(id) => {
              const scan = createMemo<ScanView | undefined>(
                (last) => scans().find((candidate) => candidate.scanId === id) ?? last,
              );
              return (
                <Show when={scan()}>
                  {(known) => <ScanRow scan={known()} onStop={() => setStopping(known())} />}
                </Show>
              );
            }}
          </For>
        </ul>
      </Show>
      <Show when={isFirstScanShown()}>
        <Suspense
          fallback={<Skeleton what="how to start your first scan" rows={1} look="first-scan" />}
        >
          <FirstScan onDone={props.runnerKey.setCopied} />
        </Suspense>
      </Show>
      <Show when={ids().length === 0 && !isFirstScanShown()}>
        <NoScan />
      </Show>
      <StopScanDialog scan={stopping()} onClose={closeDialog} />
    </section>
  );
}
