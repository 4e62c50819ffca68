import type { TargetView } from "@scanmeter/contracts/targets";
import { createEffect, createSignal, on } from "solid-js";
import { api } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { Button } from "../../ui/button.tsx";
import { RadioChoice } from "../../ui/choice.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { type EnteredTarget, nothingEntered, targetInput, urlProblem } from "./entered-target.ts";

export function AddTargetDialog(props: {
  isOpen: boolean;
  onAdded: (target: TargetView) => void;
  onClose: () => void;
}) {
  const [entered, setEntered] = createSignal(nothingEntered);
  const change = (change: Partial<EnteredTarget>) =>
    setEntered((known) => ({ ...known, ...change }));

  const form = createSubmission({
    check: () => ({ url: urlProblem(entered()) }),
    async send() {
      props.onAdded(await api.targets.create.mutate(targetInput(entered())));
    },
  });
  createEffect(
    on(
      () => props.isOpen,
      () => {
        setEntered(nothingEntered);
        form.solve("url");
        form.forget();
      },
    ),
  );

  return (
    <Dialog isOpen={props.isOpen} isForm title="Add a target" onClose={props.onClose}>
      <form class="form" noValidate onSubmit={form.submit}>
        <TextField
          label="Address"
          name="url"
          type="url"
          autocomplete="off"
          placeholder="https://shop.company.com"
          value={entered().url}
          onInput={(url) => {
            change({ url });
            form.solve("url");
          }}
          problem={form.fieldProblems().url}
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
        <FailureNotice text={form.problem()} />
        <div class="dialog__actions">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Adding…">
            Add the target
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
