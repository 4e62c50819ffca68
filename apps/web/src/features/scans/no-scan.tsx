import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { createSignal, Show } from "solid-js";
import { SelectOne } from "../../ui/select-one.tsx";
import { BudgetHint } from "../budget/budget-hint.tsx";
import { runnerCommand } from "../first-scan/runner-command.ts";
import { targetTitle } from "../targets/target-words.ts";

/** What to do when nothing runs, for customers who have a key. The key itself was shown once. */
export function NoScan(props: { targets: readonly UsedTargetView[] }) {
  const [chosen, setChosen] = createSignal<string | null>(null);
  // Unless somebody chose: what was scanned last is likely to be scanned next.
  const target = () =>
    props.targets.find(({ id }) => id === chosen()) ?? lastScanned(props.targets) ?? null;
  const command = () =>
    runnerCommand({
      serverUrl: window.location.origin,
      runnerKey: null,
      targetUrl: target()?.url ?? null,
      scanner: "",
    });
  return (
    <div class="no-scan">
      <p class="quiet">No scan is running. A runner with one of your keys starts the next one:</p>
      <Show when={props.targets.length > 1}>
        <SelectOne
          label="Target"
          options={props.targets.map((one) => ({ value: one.id, label: targetTitle(one) }))}
          value={target()?.id ?? null}
          onChoose={setChosen}
        />
      </Show>
      <pre class="command">
        <code>{command()}</code>
      </pre>
      <Show when={target()}>{(known) => <BudgetHint budget={known()} />}</Show>
    </div>
  );
}

function lastScanned(targets: readonly UsedTargetView[]): UsedTargetView | undefined {
  return targets.reduce<UsedTargetView | undefined>(
    (last, target) => ((target.lastScanAt ?? "") > (last?.lastScanAt ?? "") ? target : last),
    targets[0],
  );
}
