import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { createSignal } from "solid-js";
import { Copyable } from "../../ui/copyable.tsx";
import { TextField } from "../../ui/field.tsx";
import { BudgetHint } from "../budget/budget-hint.tsx";
import { runnerCommand } from "../first-scan/runner-command.ts";

/** How a scan of a target is started, and what it is likely to cost. */
export function StartScan(props: { target: UsedTargetView }) {
  const [scanner, setScanner] = createSignal("");
  const command = () =>
    runnerCommand({
      serverUrl: window.location.origin,
      runnerKey: null,
      targetUrl: props.target.url,
      scanner: scanner(),
    });
  return (
    <div class="start-scan">
      <BudgetHint budget={props.target} />
      <TextField
        label="Command of your scanner"
        name="scanner"
        autocomplete="off"
        isOptional
        placeholder="nmap -sV shop.company.com"
        value={scanner()}
        onInput={setScanner}
        hint="Anything that runs in a shell. It goes into the line below."
      />
      <Copyable label="Command line" text={command()} />
      <p class="quiet">
        Put one of your <a href="/settings/runner-keys">runner keys</a> in the place of{" "}
        <code>&lt;key&gt;</code>. The scan appears under <a href="/scans">Scans</a> as soon as the
        runner has started it.
      </p>
    </div>
  );
}
