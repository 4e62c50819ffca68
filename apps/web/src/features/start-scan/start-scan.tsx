import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { BudgetHint } from "../budget/budget-hint.tsx";
import { CommandLine } from "../first-scan/command-line.tsx";

/** How a scan of a target is started, and what it is likely to cost. */
export function StartScan(props: { target: UsedTargetView }) {
  return (
    <div class="start-scan">
      <BudgetHint budget={props.target} />
      <CommandLine runnerKey={null} targetUrl={props.target.url} />
      <p class="quiet">
        Put one of your <a href="/settings/runner-keys">runner keys</a> in the place of{" "}
        <code>&lt;key&gt;</code>. The scan appears under <a href="/scans">Scans</a> as soon as the
        runner has started it.
      </p>
    </div>
  );
}
