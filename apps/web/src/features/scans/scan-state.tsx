import type { ScanView } from "@scanmeter/contracts/scans";
import { Show } from "solid-js";
import { stateAndWhy } from "./scan-words.ts";

const looks: Partial<Record<ScanView["state"], string>> = {
  running: "tag--accent",
  paused: "tag--strong",
  failed: "tag--loss",
  lost: "tag--loss",
};

export function ScanState(props: { scan: ScanView }) {
  const told = () => stateAndWhy(props.scan);
  return (
    <>
      <span class={`tag ${looks[props.scan.state] ?? ""}`}>{told().state}</span>
      <Show when={told().why}>{(why) => <span class="scan-state__why quiet"> {why()}</span>}</Show>
    </>
  );
}
