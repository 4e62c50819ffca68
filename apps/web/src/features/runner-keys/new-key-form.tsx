import { createSignal } from "solid-js";
import { api } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { NAME_MAX, nameProblem } from "./key-words.ts";

export interface NewKey {
  readonly name: string;
  readonly secret: string;
}

export function NewKeyForm(props: { onMade: (key: NewKey) => void }) {
  const [name, setName] = createSignal("");
  const form = createSubmission({
    check: () => ({ name: nameProblem(name()) }),
    async send() {
      props.onMade(await api.runnerKeys.create.mutate({ name: name().trim() }));
    },
  });

  return (
    <form class="new-key__form" noValidate onSubmit={form.submit}>
      <TextField
        label="Name"
        name="key-name"
        autocomplete="off"
        maxLength={NAME_MAX}
        placeholder="CI, build machine 2"
        value={name()}
        onInput={(typed) => {
          setName(typed);
          form.solve("name");
        }}
        problem={form.fieldProblems().name}
        hint="It stands beside each scan that is started with the key."
      />
      <Button type="submit" look="primary" isBusy={form.isBusy()} busyText="Creating…">
        Create a key
      </Button>
      <FailureNotice text={form.problem()} />
    </form>
  );
}
