import type { MemberView, Role } from "@scanmeter/contracts/team";
import { createSignal } from "solid-js";
import { api } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
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
  let element!: HTMLFormElement;
  const form = createSubmission({
    check: () => ({ email: inviteProblem(email(), { members: [...props.members] }) }),
    async send() {
      const invited = email().trim();
      await api.members.invite.mutate({ email: invited, role: role() });
      setEmail("");
      props.onInvited(invited);
      // For the next one.
      element.querySelector("input")?.focus();
    },
  });

  return (
    <form ref={element} class="team__invite" noValidate onSubmit={form.submit}>
      <TextField
        label="Email"
        name="email"
        type="email"
        autocomplete="off"
        maxLength={EMAIL_MAX}
        value={email()}
        onInput={(typed) => {
          setEmail(typed);
          form.solve("email");
        }}
        problem={form.fieldProblems().email}
        hint="They get a link that lets them join with this address."
      />
      <SelectOne
        label="Role"
        options={roleChoices.map((choice) => ({ value: choice.role, label: choice.label }))}
        value={role()}
        onChoose={(chosen) => setRole(chosen as Role)}
      />
      <Button type="submit" look="primary" isBusy={form.isBusy()} busyText="Sending…">
        Send the invitation
      </Button>
      <FailureNotice text={form.problem()} />
    </form>
  );
}
