import { createEffect, createSignal, createUniqueId, Show } from "solid-js";
import { formatCredits } from "../../format/credits.ts";
import { CheckChoice } from "../../ui/choice.tsx";
import { TextField } from "../../ui/field.tsx";
import type { SettingsForm } from "./create-settings-form.ts";

/** How many and when; under "More", what most people leave as it is. */
export function SettingsFields(props: { form: SettingsForm }) {
  const { saved, entered, problems, type, check } = props.form;
  const triggersProblemId = createUniqueId();
  const [isMoreOpen, setMoreOpen] = createSignal(
    saved().threshold > 0 || saved().monthlyLimitMinor !== null,
  );
  // What is wrong is never hidden.
  createEffect(() => {
    if (problems().threshold || problems().monthlyLimitMinor) setMoreOpen(true);
  });
  const problemOfTriggers = () => (problems().triggers ? triggersProblemId : undefined);

  return (
    <>
      <div class="auto__figure">
        <TextField
          label="Credits to buy each time"
          name="quantity"
          inputMode="numeric"
          autocomplete="off"
          maxLength={12}
          value={entered().quantity}
          onInput={(quantity) => type({ quantity })}
          onCommit={() => check("quantity")}
          problem={problems().quantity}
          hint={`A whole number from 1 to ${formatCredits(saved().quantityMax)}.`}
        />
      </div>
      <fieldset class="choices" aria-describedby={problemOfTriggers()}>
        <legend class="field__label">When to buy</legend>
        <Show when={problems().triggers}>
          {(problem) => (
            <p id={triggersProblemId} class="field__problem">
              {problem()}
            </p>
          )}
        </Show>
        <CheckChoice
          name="outOfCredits"
          label="When you run out of credits"
          note="A scan that needs its next hour waits for the purchase and goes on by itself."
          isChosen={entered().outOfCredits}
          onChange={(outOfCredits) => type({ outOfCredits })}
          problemId={problemOfTriggers()}
        />
        <CheckChoice
          name="beforeExpiry"
          label="Before your credits expire, so their expiration date is extended for 12 months"
          note={`${saved().renewalDaysBefore} days before the date. The purchase moves the date of all your paid credits.`}
          isChosen={entered().beforeExpiry}
          onChange={(beforeExpiry) => type({ beforeExpiry })}
          problemId={problemOfTriggers()}
        />
      </fieldset>
      <details
        class="auto__more"
        open={isMoreOpen()}
        onToggle={(event) => setMoreOpen(event.currentTarget.open)}
      >
        <summary>More</summary>
        <div class="auto__more-fields">
          <TextField
            label="Threshold"
            name="threshold"
            inputMode="numeric"
            autocomplete="off"
            maxLength={12}
            isOptional
            value={entered().threshold}
            onInput={(threshold) => type({ threshold })}
            onCommit={() => check("threshold")}
            problem={problems().threshold}
            hint="You count as out of credits with so many left, or fewer. 0 is none left."
          />
          <TextField
            label={`Monthly limit in ${saved().currency}`}
            name="monthlyLimit"
            inputMode="decimal"
            autocomplete="off"
            maxLength={16}
            isOptional
            value={entered().monthlyLimit}
            onInput={(monthlyLimit) => type({ monthlyLimit })}
            onCommit={() => check("monthlyLimitMinor")}
            problem={problems().monthlyLimitMinor}
            hint="Of automatic purchases in a calendar month, tax included. Empty is no limit."
          />
        </div>
      </details>
    </>
  );
}
