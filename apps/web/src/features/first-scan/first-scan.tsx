import { createSignal, Show } from "solid-js";
import { FirstScanForm } from "./first-scan-form.tsx";
import { FirstScanKey } from "./first-scan-key.tsx";

export interface MadeKey {
  targetUrl: string;
  secret: string;
}

/**
 * Leads a customer without a runner key to the first scan. It stays until the customer says that
 * the key is copied, even when the scan has started, because the key is shown only once.
 */
export default function FirstScan(props: { onDone: () => void }) {
  const [made, setMade] = createSignal<MadeKey | null>(null);
  return (
    <Show when={made()} fallback={<FirstScanForm onMade={setMade} />}>
      {(key) => <FirstScanKey made={key()} onDone={props.onDone} />}
    </Show>
  );
}
