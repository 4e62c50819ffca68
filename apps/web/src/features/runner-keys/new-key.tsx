import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { createSignal, onMount, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { LeaveGuard } from "../../ui/leave-guard.tsx";
import { SelectOne } from "../../ui/select-one.tsx";
import { BudgetHint } from "../budget/budget-hint.tsx";
import { ScannerField } from "../first-scan/command-line.tsx";
import { runnerCommand } from "../first-scan/runner-command.ts";
import { targetTitle } from "../targets/target-words.ts";
import type { NewKey } from "./new-key-form.tsx";

/** A key that was just made, this once, and the command line that uses it. */
export function NewKeyShown(props: {
  made: NewKey;
  targets: readonly UsedTargetView[];
  onDone: () => void;
}) {
  const [chosen, setChosen] = createSignal<string | null>(null);
  const [scanner, setScanner] = createSignal("");
  let heading!: HTMLHeadingElement;
  // The form that had the focus has gone.
  onMount(() => heading.focus());

  const target = () => props.targets.find(({ id }) => id === chosen()) ?? props.targets[0] ?? null;
  const command = () =>
    runnerCommand({
      serverUrl: window.location.origin,
      runnerKey: props.made.secret,
      targetUrl: target()?.url ?? null,
      scanner: scanner(),
    });

  return (
    <div class="new-key">
      <h2 ref={heading} class="card__title" tabIndex={-1}>
        {props.made.name}: your new runner key
      </h2>
      <p>
        <strong>It is shown only this once.</strong> Keep it where you keep secrets: whoever has it
        can start scans on your credits.
      </p>
      <Copyable label="Runner key" text={props.made.secret} />
      <div class="new-key__choices">
        <Show when={props.targets.length > 0}>
          <SelectOne
            label="Target"
            options={props.targets.map((one) => ({ value: one.id, label: targetTitle(one) }))}
            value={target()?.id ?? null}
            onChoose={setChosen}
          />
        </Show>
        <ScannerField value={scanner()} onInput={setScanner} />
      </div>
      <Copyable label="Command line" text={command()} />
      <Show when={target()}>{(known) => <BudgetHint budget={known()} />}</Show>
      <div>
        <Button look="primary" onClick={props.onDone}>
          I have copied the key
        </Button>
      </div>
      <LeaveGuard
        isDirty
        title="Leave the key behind?"
        what="It is shown only this once. If you have not copied it, revoke it and create another."
      />
    </div>
  );
}
