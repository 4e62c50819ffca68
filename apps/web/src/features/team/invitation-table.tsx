import type { InvitationView } from "@scanmeter/contracts/team";
import { api } from "../../api/client.ts";
import { createCommand } from "../../api/create-command.ts";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { Button } from "../../ui/button.tsx";
import { KeyedFor } from "../../ui/keyed-for.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { roleName } from "./role-words.ts";

/** Who was invited and has not answered. Neither act asks first: one undoes the other. */
export function InvitationTable(props: {
  invitations: readonly InvitationView[];
  /** The invitation is gone; another one may have taken its place. */
  onDone: (told: string) => void;
}) {
  return (
    <table class="table team__table">
      <caption class="visually-hidden">Open invitations</caption>
      <thead>
        <tr>
          <th scope="col">Email</th>
          <th scope="col">Role</th>
          <th scope="col">The link works until</th>
          <th scope="col">
            <span class="visually-hidden">Change</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <KeyedFor each={props.invitations} by={({ id }) => id}>
          {(invitation) => <Row invitation={invitation()} onDone={props.onDone} />}
        </KeyedFor>
      </tbody>
    </table>
  );
}

function Row(props: { invitation: InvitationView; onDone: (told: string) => void }) {
  const place = usePlace();
  const command = createCommand<"sending" | "withdrawing">();

  async function sendAgain(): Promise<void> {
    const { email, role } = props.invitation;
    await api.members.invite.mutate({ email, role });
    props.onDone(
      `Another mail is on its way to ${email}. The link in the earlier one works no more.`,
    );
  }

  async function withdraw(): Promise<void> {
    const { id: invitationId, email } = props.invitation;
    await api.members.withdraw.mutate({ invitationId });
    props.onDone(`The invitation of ${email} is withdrawn.`);
  }

  return (
    <tr>
      <th scope="row" class="team__name">
        {props.invitation.email}
      </th>
      <td class="team__role">{roleName(props.invitation.role)}</td>
      <td data-label="The link works until">
        <time dateTime={props.invitation.expiresAt}>
          {shortInstant(Date.parse(props.invitation.expiresAt), place())}
        </time>
      </td>
      <td class="team__acts">
        <Button
          size="small"
          isBusy={command.isBusy("sending")}
          busyText="Sending…"
          onClick={() => void command.run(sendAgain, "sending")}
        >
          Send again<span class="visually-hidden"> to {props.invitation.email}</span>
        </Button>
        <Button
          size="small"
          isBusy={command.isBusy("withdrawing")}
          busyText="Withdrawing…"
          onClick={() => void command.run(withdraw, "withdrawing")}
        >
          Withdraw<span class="visually-hidden"> the invitation of {props.invitation.email}</span>
        </Button>
        <FailureNotice text={command.problem()} />
      </td>
    </tr>
  );
}
