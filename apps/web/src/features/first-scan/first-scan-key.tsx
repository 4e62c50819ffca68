import { onMount } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { BudgetHint } from "../budget/budget-hint.tsx";
import { CommandLine } from "./command-line.tsx";
import type { MadeKey } from "./first-scan.tsx";

/** Nothing is known yet of what its scans cost. */
const NEW_TARGET = { typicalCredits: null, creditsMax: 5 };

/** The new key, this once, and the command line that uses it. */
export function FirstScanKey(props: { made: MadeKey; onDone: () => void }) {
  let heading!: HTMLHeadingElement;
  // The form that had the focus has gone.
  onMount(() => heading.focus());

  return (
    <div class="first-scan">
      <h3 ref={heading} class="card__subtitle" tabIndex={-1}>
        Your runner key
      </h3>
      <p>
        <strong>It is shown only this once.</strong> Keep it where you keep secrets: whoever has it
        can start scans on your credits.
      </p>
      <Copyable label="Runner key" text={props.made.secret} />
      <CommandLine runnerKey={props.made.secret} targetUrl={props.made.targetUrl} />
      <BudgetHint budget={NEW_TARGET} />
      <p class="quiet">The scan appears above as soon as the runner has started it.</p>
      <Button look="primary" onClick={props.onDone}>
        I have copied the key
      </Button>
    </div>
  );
}
