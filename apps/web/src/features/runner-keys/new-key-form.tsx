import { createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { Button } from "../../ui/button.tsx";
import { focusFirstProblem, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { NAME_MAX, nameProblem } from "./key-words.ts";

export interface NewKey {
  readonly name: string;
  readonly secret: string;
}

export function NewKeyForm(props: { onMade: (key: NewKey) => void }) {
  const [name, setName] = createSignal("");
  const [fieldProblem, setFieldProblem] = createSignal<string | undefined>();
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isBusy, setBusy] = createSignal(false);

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    if (isBusy()) return;
    setProblem(null);
    setFieldProblem(nameProblem(name()));
    if (fieldProblem() !== undefined) return focusFirstProblem(event.currentTarget);
    setBusy(true);
    try {
      props.onMade(await api.runnerKeys.create.mutate({ name: name().trim() }));
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
  }

  return (
    <form class="new-key__form" noValidate onSubmit={submit}>
      <TextField
        label="Name"
        name="key-name"
        autocomplete="off"
        maxLength={NAME_MAX}
        placeholder="CI, build machine 2"
        value={name()}
        onInput={(typed) => {
          setName(typed);
          setFieldProblem(undefined);
        }}
        problem={fieldProblem()}
        hint="It stands beside each scan that is started with the key."
      />
      <Button type="submit" look="primary" isBusy={isBusy()} busyText="Creating…">
        Create a key
      </Button>
      <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
    </form>
  );
}
