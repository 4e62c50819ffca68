import type { InvitationView } from "@scanmeter/contracts/team";
import { createMemo, createSignal, For, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { roleName } from "./role-words.ts";

/** Who was invited and has not answered. Neither act asks first: one undoes the other. */
export function InvitationTable(props: {
  invitations: readonly InvitationView[];
  /** The invitation is gone; another one may have taken its place. */
  onDone: (told: string) => void;
}) {
  const ids = createMemo(() => props.invitations.map(({ id }) => id));
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
        <For each={ids()}>
          {(wanted) => {
            const invitation = createMemo<InvitationView | undefined>(
              (last) => props.invitations.find(({ id }) => id === wanted) ?? last,
            );
            return (
              <Show when={invitation()}>
                {(known) => <Row invitation={known()} onDone={props.onDone} />}
              </Show>
            );
          }}
        </For>
      </tbody>
    </table>
  );
}

function Row(props: { invitation: InvitationView; onDone: (told: string) => void }) {
  const place = usePlace();
  const [busyWith, setBusyWith] = createSignal<"sending" | "withdrawing" | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);

  async function sendAgain(): Promise<string> {
    const { email, role } = props.invitation;
    await api.members.invite.mutate({ email, role });
    return `Another mail is on its way to ${email}. The link in the earlier one works no more.`;
  }

  async function withdraw(): Promise<string> {
    const { id: invitationId, email } = props.invitation;
    await api.members.withdraw.mutate({ invitationId });
    return `The invitation of ${email} is withdrawn.`;
  }

  async function run(act: () => Promise<string>, name: "sending" | "withdrawing"): Promise<void> {
    if (busyWith() !== null) return;
    setBusyWith(name);
    setProblem(null);
    try {
      props.onDone(await act());
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusyWith(null);
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
          isBusy={busyWith() === "sending"}
          busyText="Sending…"
          onClick={() => void run(sendAgain, "sending")}
        >
          Send again<span class="visually-hidden"> to {props.invitation.email}</span>
        </Button>
        <Button
          size="small"
          isBusy={busyWith() === "withdrawing"}
          busyText="Withdrawing…"
          onClick={() => void run(withdraw, "withdrawing")}
        >
          Withdraw<span class="visually-hidden"> the invitation of {props.invitation.email}</span>
        </Button>
        <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
      </td>
    </tr>
  );
}
