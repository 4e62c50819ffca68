/**
 * The settings of automatic top-ups, in the dialog on Account Overview and in the checkout's Order
 * step alike. What saving would do is said before it is saved, in the server's figures.
 */
import type { AutoTopUpView, ConsentView } from "@scanmeter/contracts/auto-top-up";
import { createEffect, createSignal, createUniqueId, type JSX, onMount, Show } from "solid-js";
import { formatMoney } from "../../format/money.ts";
import "../../styles/auto-top-up.css";
import { Button } from "../../ui/button.tsx";
import { CheckChoice } from "../../ui/choice.tsx";
import { focusFirstProblem } from "../../ui/focus-first-problem.ts";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { ConsentRecord } from "./consent-record.tsx";
import { createSettingsForm } from "./create-settings-form.ts";
import { ProblemList } from "./problem-list.tsx";
import { SettingsFields } from "./settings-fields.tsx";
import { SettingsSummary } from "./settings-summary.tsx";
import { chargeInWords, settingsInWords } from "./settings-words.ts";

interface SettingsFormProps {
  /** What is saved when the form opens. */
  view: AutoTopUpView;
  surface: ConsentView["surface"];
  saveLabel: string;
  /** What comes next for whoever has no card yet. */
  withoutCard: string;
  takesFocus?: boolean;
  onSaved: (view: AutoTopUpView) => void;
  onDirty?: (isDirty: boolean) => void;
  /** The way to give up, before the button. */
  cancel?: JSX.Element;
  /** What is told beside the button. */
  children?: JSX.Element;
}

export function SettingsForm(props: SettingsFormProps) {
  const form = createSettingsForm(props.view, props.surface);
  const consentId = createUniqueId();
  const [hasMissed, setMissed] = createSignal(false);
  let element!: HTMLFormElement;

  onMount(() => props.takesFocus && element.querySelector("input")?.focus());
  createEffect(() => props.onDirty?.(form.isDirty()));

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const isSaved = await form.press();
    setMissed(Object.keys(form.problems()).length > 0);
    if (isSaved) props.onSaved(form.saved());
    else focusFirstProblem(element);
  }

  const agreement = () => {
    const preview = form.previewed()?.preview;
    return preview?.needsConsent ? preview.sentence : null;
  };
  const charge = () => {
    const previewed = form.asks() === "warn" ? form.previewed() : null;
    if (previewed === null) return null;
    const { settings, preview } = previewed;
    const { card, renewalDaysBefore } = form.saved();
    const amount = formatMoney(preview.totalMinor, preview.currency);
    return {
      why: chargeInWords({ ...settings, preview, card, renewalDaysBefore }),
      label: `Save and charge ${amount} ${card === null ? "once there is a card" : "now"}`,
    };
  };

  return (
    <form
      ref={element}
      class="auto"
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        // A key that is held down is one press.
        if (event.key === "Enter" && event.repeat) event.preventDefault();
      }}
    >
      <CheckChoice
        name="enabled"
        label="Buy credits automatically"
        note={
          form.entered().enabled
            ? "You can switch it off at any time. Charges already made stay."
            : "Off: nothing is bought without you."
        }
        isChosen={form.entered().enabled}
        onChange={(enabled) => form.type({ enabled })}
      />
      <Show when={form.entered().enabled}>
        <SettingsFields form={form} />
        <SettingsSummary form={form} withoutCard={props.withoutCard} />
      </Show>
      <Show when={hasMissed()}>
        <ProblemList problems={form.problems()} form={element} />
      </Show>
      <Show when={form.theirs()}>
        {(theirs) => (
          <Notice tone="attention">
            <p>
              These settings were changed while you edited them. Saved now:{" "}
              {theirs().enabled ? settingsInWords(theirs()) : "switched off."}
            </p>
            <p>What you typed is kept. Save again to put it in their place.</p>
          </Notice>
        )}
      </Show>
      <FailureNotice text={form.problem()} />
      <Show when={form.asks() === "look"}>
        <Notice tone="attention">
          Nothing is saved yet. Read below what you agree to, then press the button again.
        </Notice>
      </Show>
      <Show when={charge()}>
        {(coming) => <Notice tone="attention">{coming().why} Nothing is saved yet.</Notice>}
      </Show>
      <Show when={agreement()}>
        {(sentence) => (
          <p id={consentId} class="auto__agreement">
            By saving you agree: “{sentence()}”
          </p>
        )}
      </Show>
      <div class="auto__actions">
        {props.cancel}
        <Button
          look={props.surface === "overview" || form.isDirty() ? "primary" : "plain"}
          type="submit"
          aria-describedby={agreement() ? consentId : undefined}
          isBusy={form.isBusy()}
          busyText="Saving…"
          onClick={(event) => {
            // The second press of a double click is no second decision.
            if (event.detail > 1) event.preventDefault();
          }}
        >
          {charge()?.label ?? props.saveLabel}
        </Button>
        {props.children}
      </div>
      <Show when={form.saved().enabled && form.saved().consent}>
        {(consent) => <ConsentRecord consent={consent()} />}
      </Show>
    </form>
  );
}
