import type { MemberView, TeamView } from "@scanmeter/contracts/team";
import { createMemo, For, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import type { MemberCommand } from "./member-dialogs.tsx";
import { roleName } from "./role-words.ts";
import { isLastOwner } from "./team-words.ts";

export function MemberTable(props: {
  team: TeamView;
  mayChange: boolean;
  onCommand: (command: MemberCommand) => void;
}) {
  // By id and not by object: each answer brings new objects, and a row that is kept keeps its focus.
  const ids = createMemo(() => props.team.members.map(({ userId }) => userId));
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
        <For each={ids()}>
          {(id) => {
            const member = createMemo<MemberView | undefined>(
              (last) => props.team.members.find(({ userId }) => userId === id) ?? last,
            );
            return <Show when={member()}>{(known) => <Row {...props} member={known()} />}</Show>;
          }}
        </For>
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
