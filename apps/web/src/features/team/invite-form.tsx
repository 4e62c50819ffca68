import type { MemberView, Role } from "@scanmeter/contracts/team";
import { createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { Button } from "../../ui/button.tsx";
import { focusFirstProblem, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SelectOne } from "../../ui/select-one.tsx";
import { inviteProblem, roleChoices } from "./team-words.ts";

const EMAIL_MAX = 200;

/** The role is chosen before the mail goes out: whoever follows its link has it at once. */
export function InviteForm(props: {
  members: readonly MemberView[];
  onInvited: (email: string) => void;
}) {
  const [email, setEmail] = createSignal("");
  const [role, setRole] = createSignal<Role>("member");
  const [fieldProblem, setFieldProblem] = createSignal<string | undefined>();
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isBusy, setBusy] = createSignal(false);

  async function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): Promise<void> {
    event.preventDefault();
    if (isBusy()) return;
    const form = event.currentTarget;
    setProblem(null);
    setFieldProblem(inviteProblem(email(), { members: [...props.members] }));
    if (fieldProblem() !== undefined) return focusFirstProblem(form);
    setBusy(true);
    const invited = email().trim();
    try {
      await api.members.invite.mutate({ email: invited, role: role() });
      setEmail("");
      props.onInvited(invited);
      // For the next one.
      form.querySelector("input")?.focus();
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
  }

  return (
    <form class="team__invite" noValidate onSubmit={submit}>
      <TextField
        label="Email"
        name="email"
        type="email"
        autocomplete="off"
        maxLength={EMAIL_MAX}
        value={email()}
        onInput={(typed) => {
          setEmail(typed);
          setFieldProblem(undefined);
        }}
        problem={fieldProblem()}
        hint="They get a link that lets them join with this address."
      />
      <SelectOne
        label="Role"
        options={roleChoices.map((choice) => ({ value: choice.role, label: choice.label }))}
        value={role()}
        onChoose={(chosen) => setRole(chosen as Role)}
      />
      <Button type="submit" look="primary" isBusy={isBusy()} busyText="Sending…">
        Send the invitation
      </Button>
      <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
    </form>
  );
}
