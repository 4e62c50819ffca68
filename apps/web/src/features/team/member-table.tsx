import type { MemberView, TeamView } from "@scanmeter/contracts/team";
import { Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { KeyedFor } from "../../ui/keyed-for.tsx";
import type { MemberCommand } from "./member-dialogs.tsx";
import { roleName } from "./role-words.ts";
import { isLastOwner } from "./team-words.ts";

export function MemberTable(props: {
  team: TeamView;
  mayChange: boolean;
  onCommand: (command: MemberCommand) => void;
}) {
  return (
    <table class="table team__table">
      <caption class="visually-hidden">Members and their roles</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Email</th>
          <th scope="col">Role</th>
          <th scope="col">
            <span class="visually-hidden">Change</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <KeyedFor each={props.team.members} by={({ userId }) => userId}>
          {(member) => <Row {...props} member={member()} />}
        </KeyedFor>
      </tbody>
    </table>
  );
}

function Row(props: {
  member: MemberView;
  team: TeamView;
  mayChange: boolean;
  onCommand: (command: MemberCommand) => void;
}) {
  const stays = () => isLastOwner(props.member, props.team);
  return (
    <tr>
      <th scope="row" class="team__name">
        {props.member.name}{" "}
        <Show when={props.member.isYou}>
          <span class="tag">You</span>
        </Show>
      </th>
      <td class="team__email">{props.member.email}</td>
      <td class="team__role">{roleName(props.member.role)}</td>
      <td class="team__acts">
        <Show when={!stays()}>
          <Show when={props.mayChange}>
            <Button
              size="small"
              onClick={() => props.onCommand({ is: "set-role", member: props.member })}
            >
              Change role<span class="visually-hidden"> of {props.member.name}</span>
            </Button>
          </Show>
          <Show when={props.mayChange || props.member.isYou}>
            <Button
              size="small"
              onClick={() => props.onCommand({ is: "remove", member: props.member })}
            >
              <Show
                when={!props.member.isYou}
                fallback={
                  <>
                    Leave<span class="visually-hidden"> the team</span>
                  </>
                }
              >
                Remove<span class="visually-hidden"> {props.member.name}</span>
              </Show>
            </Button>
          </Show>
        </Show>
      </td>
    </tr>
  );
}
