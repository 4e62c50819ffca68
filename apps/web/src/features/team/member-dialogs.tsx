import type { MemberView, Role } from "@scanmeter/contracts/team";
import { createEffect, createSignal, For, on, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { startAnew } from "../../session/left-notice.ts";
import { useSession } from "../../session/session.tsx";
import { Confirmation } from "../../shell/confirmation.tsx";
import { RadioChoice } from "../../ui/choice.tsx";
import { roleName } from "./role-words.ts";
import { roleChoices } from "./team-words.ts";

/** What an owner is about to do to a member, or a member to themselves. */
export interface MemberCommand {
  readonly is: "set-role" | "remove";
  readonly member: MemberView;
}

interface MemberDialogProps {
  member: MemberView | null;
  onDone: (told: string) => void;
  onClose: () => void;
}

export function MemberDialogs(props: {
  command: MemberCommand | null;
  onDone: (told: string) => void;
  onClose: () => void;
}) {
  const memberTo = (is: MemberCommand["is"]) =>
    props.command?.is === is ? props.command.member : null;
  return (
    <>
      <RoleDialog member={memberTo("set-role")} onDone={props.onDone} onClose={props.onClose} />
      <RemoveDialog member={memberTo("remove")} onDone={props.onDone} onClose={props.onClose} />
    </>
  );
}

function RoleDialog(props: MemberDialogProps) {
  const [role, setRole] = createSignal<Role>("member");
  createEffect(
    on(
      () => props.member,
      (member) => member && setRole(member.role),
    ),
  );

  async function save({ userId, name, isYou }: MemberView): Promise<void> {
    await api.members.setRole.mutate({ userId, role: role() });
    props.onDone(`${isYou ? "Your" : `${name}’s`} role is now: ${roleName(role())}.`);
  }

  return (
    <Confirmation
      about={props.member}
      title={
        props.member?.isYou ? "Change your role" : `Change the role of ${props.member?.name ?? ""}`
      }
      act="Change role"
      busyText="Changing…"
      cancel="Leave it as it is"
      onConfirm={save}
      onClose={props.onClose}
    >
      {(member) => (
        <>
          <fieldset class="choices">
            <legend class="visually-hidden">Role</legend>
            <For each={roleChoices}>
              {(choice) => (
                <RadioChoice
                  name="role"
                  label={choice.label}
                  note={choice.mayDo}
                  isChosen={role() === choice.role}
                  onChoose={() => setRole(choice.role)}
                />
              )}
            </For>
          </fieldset>
          <Show when={member().isYou}>
            <p>Once you are no owner, another owner has to change it back.</p>
          </Show>
        </>
      )}
    </Confirmation>
  );
}

function RemoveDialog(props: MemberDialogProps) {
  const session = useSession();
  const account = () => session.me()?.account.name ?? "this account";

  async function remove({ userId, name, isYou }: MemberView): Promise<void> {
    const left = `You left ${account()}.`;
    await api.members.remove.mutate({ userId });
    if (isYou) startAnew(left);
    else props.onDone(`${name} is removed from the team.`);
  }

  return (
    <Confirmation
      about={props.member}
      isDanger
      title={props.member?.isYou ? "Leave the team?" : `Remove ${props.member?.name ?? ""}?`}
      act={props.member?.isYou ? "Leave the team" : "Remove from the team"}
      busyText={props.member?.isYou ? "Leaving…" : "Removing…"}
      cancel={props.member?.isYou ? "Stay" : "Keep in the team"}
      onConfirm={remove}
      onClose={props.onClose}
    >
      {(member) => (
        <Show
          when={!member().isYou}
          fallback={
            <p>
              You can no longer see or do anything in {account()}. Only an owner can invite you
              again.
            </p>
          }
        >
          <p class="breakable">
            <strong>{member().name}</strong> {member().email}
          </p>
          <p>
            They are out within seconds and can no longer see or do anything in {account()}. Scans
            go on and runner keys keep working: revoke those that only they should have known.
            {member().role === "owner" && " What they invited others to is withdrawn."}
          </p>
        </Show>
      )}
    </Confirmation>
  );
}
