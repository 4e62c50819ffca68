import { createEffect, createSignal, Match, on, Switch } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { FirstScanForm } from "./first-scan-form.tsx";
import { FirstScanKey } from "./first-scan-key.tsx";
import { runnerCommand } from "./runner-command.ts";

export interface MadeKey {
  targetUrl: string;
  secret: string;
}

/**
 * Leads a customer without a runner key to the first scan. It stays until the customer says that
 * the key is copied, even when the scan has started, because the key is shown only once.
 */
export default function FirstScan(props: { isAnyRunning: boolean }) {
  const feed = useBalanceFeed();
  const [hasKey, setHasKey] = createSignal<boolean | null>(null);
  const [made, setMade] = createSignal<MadeKey | null>(null);

  async function load(): Promise<void> {
    // A customer who has a key or a scan under way knows how it goes.
    if (hasKey() || props.isAnyRunning) return;
    try {
      const keys = await api.runnerKeys.list.query();
      setHasKey(keys.length > 0);
    } catch (error) {
      // Who may not see keys is not asked to make one. Anything else is asked again next round.
      if (callFailureOf(error).is === "refused") setHasKey(true);
    }
  }
  createEffect(on(feed.round, load));

  return (
    <Switch>
      <Match when={made()}>
        {(key) => <FirstScanKey made={key()} onDone={() => setMade(null)} />}
      </Match>
      <Match when={props.isAnyRunning}>{null}</Match>
      <Match when={hasKey() === false}>
        <FirstScanForm
          onMade={(key) => {
            setHasKey(true);
            setMade(key);
          }}
        />
      </Match>
      <Match when={hasKey()}>
        <div class="empty">
          <p>
            <strong>No scan is running.</strong> A runner with one of your keys starts the next one:
          </p>
          <pre class="command">
            <code>{commandForKeyHolders()}</code>
          </pre>
        </div>
      </Match>
      <Match when={hasKey() === null}>
        <Skeleton what="how to start a scan" lines={4} />
      </Match>
    </Switch>
  );
}

/** Secrets are shown once, so the place of the key is only marked. */
function commandForKeyHolders(): string {
  return runnerCommand({
    serverUrl: window.location.origin,
    runnerKey: "RUNNER_KEY",
    targetUrl: "TARGET_URL",
    scanner: "",
  });
}
