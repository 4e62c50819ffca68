import type { ScanView } from "@scanmeter/contracts/scans";
import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { createEffect, createMemo, createSignal, lazy, Show, Suspense } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { KeyedFor } from "../../ui/keyed-for.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { HasRunnerKey } from "../first-scan/create-has-runner-key.ts";
import { NoScan } from "./no-scan.tsx";
import { ScanRow } from "./scan-row.tsx";
import { StopScanDialog } from "./stop-scan-dialog.tsx";

const FirstScan = lazy(() => import("../first-scan/first-scan.tsx"));

/** The scans that are under way, live, and the way to the first one. */
export function ScansSection(props: {
  runnerKey: HasRunnerKey;
  targets: readonly UsedTargetView[];
}) {
  const feed = useBalanceFeed();
  const [stopping, setStopping] = createSignal<ScanView | null>(null);
  let title!: HTMLHeadingElement;

  const scans = () => feed.state().newest?.runningScans ?? [];

  // Stays once it is shown, until the customer has copied the key that it makes.
  const isFirstScanShown = createMemo<boolean>(
    (was) => props.runnerKey.hasKey() === false && (was || scans().length === 0),
    false,
  );

  // The button that opened the dialog goes with the scan that was stopped, a moment later.
  const [asked, setAsked] = createSignal<string | null>(null);
  createEffect(() => {
    const scanId = asked();
    if (scanId === null || scans().some((scan) => scan.scanId === scanId)) return;
    setAsked(null);
    if (document.activeElement === document.body) title.focus({ preventScroll: true });
  });

  return (
    <section class="card scans" aria-labelledby="scans-title">
      <div class="card__head">
        <h2 ref={title} id="scans-title" class="card__title" tabIndex={-1}>
          Running scans{" "}
          <Show when={scans().length > 0}>
            <span class="tag">{scans().length}</span>
          </Show>
        </h2>
        <a class="link--target" href="/scans">
          All scans
        </a>
      </div>
      <Show when={scans().length > 0}>
        <ul class="scans__list">
          <KeyedFor each={scans()} by={({ scanId }) => scanId}>
            {(scan) => (
              <ScanRow
                scan={scan()}
                onStop={() => {
                  setAsked(scan().scanId);
                  setStopping(scan());
                }}
              />
            )}
          </KeyedFor>
        </ul>
      </Show>
      <Show when={isFirstScanShown()}>
        <Suspense
          fallback={<Skeleton what="how to start your first scan" rows={1} look="first-scan" />}
        >
          <FirstScan onDone={props.runnerKey.setCopied} />
        </Suspense>
      </Show>
      <Show when={scans().length === 0 && !isFirstScanShown()}>
        <NoScan targets={props.targets} />
      </Show>
      <StopScanDialog scan={stopping()} onClose={() => setStopping(null)} />
    </section>
  );
}
