import type { TargetView } from "@scanmeter/contracts/targets";
import { createEffect, createSignal, on, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { Button } from "../../ui/button.tsx";
import { RadioChoice } from "../../ui/choice.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { focusFirstProblem, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { type EnteredTarget, nothingEntered, targetInput, urlProblem } from "./entered-target.ts";

export function AddTargetDialog(props: {
  isOpen: boolean;
  onAdded: (target: TargetView) => void;
  onClose: () => void;
}) {
  const [entered, setEntered] = createSignal(nothingEntered);
  const [fieldProblem, setFieldProblem] = createSignal<string | undefined>();
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isBusy, setBusy] = createSignal(false);
  const change = (change: Partial<EnteredTarget>) =>
    setEntered((known) => ({ ...known, ...change }));

  createEffect(
    on(
      () => props.isOpen,
      () => {
        setEntered(nothingEntered);
        setFieldProblem(undefined);
        setProblem(null);
      },
    ),
  );

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    if (isBusy()) return;
    setProblem(null);
    setFieldProblem(urlProblem(entered()));
    if (fieldProblem() !== undefined) return focusFirstProblem(event.currentTarget);
    setBusy(true);
    try {
      props.onAdded(await api.targets.create.mutate(targetInput(entered())));
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
  }

  return (
    <Dialog isOpen={props.isOpen} isForm title="Add a target" onClose={props.onClose}>
      <form class="form" noValidate onSubmit={submit}>
        <TextField
          label="Address"
          name="url"
          type="url"
          autocomplete="off"
          placeholder="https://shop.company.com"
          value={entered().url}
          onInput={(url) => {
            change({ url });
            setFieldProblem(undefined);
          }}
          problem={fieldProblem()}
        />
        <TextField
          label="Name"
          name="target-name"
          autocomplete="off"
          isOptional
          maxLength={100}
          value={entered().name}
          onInput={(name) => change({ name })}
        />
        <fieldset class="choices">
          <legend class="field__label">What its scans cost</legend>
          <RadioChoice
            name="mode"
            label="Credits"
            note="1 credit per started hour, at most 5 per scan."
            isChosen={entered().mode === "credits"}
            onChoose={() => change({ mode: "credits" })}
          />
          <RadioChoice
            name="mode"
            label="Unlimited"
            note="No credits: it is covered by a subscription."
            isChosen={entered().mode === "unlimited"}
            onChoose={() => change({ mode: "unlimited" })}
          />
        </fieldset>
        <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
        <div class="dialog__actions">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button look="primary" type="submit" isBusy={isBusy()} busyText="Adding…">
            Add the target
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
