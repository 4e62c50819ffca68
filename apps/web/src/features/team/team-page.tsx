import type { TeamView } from "@scanmeter/contracts/team";
import { createEffect, createSignal, For, Show } from "solid-js";
import { zoneName } from "../../format/instants.ts";
import { createEveryMinute } from "../../live/every-minute.ts";
import { useSession } from "../../session/session.tsx";
import { usePlace } from "../../session/use-place.ts";
import { Fetched } from "../../shell/fetched.tsx";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/team.css";
import { PageTop } from "../../shell/page-top.tsx";
import { focusPageHeading } from "../../ui/page-heading.tsx";
import { rememberedRows, rememberRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { createTeam } from "./create-team.ts";
import { InvitationTable } from "./invitation-table.tsx";
import { InviteForm } from "./invite-form.tsx";
import { type MemberCommand, MemberDialogs } from "./member-dialogs.tsx";
import { MemberTable } from "./member-table.tsx";
import { isLastOwner, roleChoices } from "./team-words.ts";

const PATH = "/settings/team";

/** Who acts for the account, as what, and who was asked to. */
export default function TeamPage() {
  const session = useSession();
  const place = usePlace();
  const notices = usePassingNotices();
  const list = createTeam(createEveryMinute());
  const [command, setCommand] = createSignal<MemberCommand | null>(null);
  const team = () => (session.me() ? list.value() : undefined);
  // Most who come here are owners; the place for an invitation does not wait for the proof.
  const mayChange = () => (session.me()?.role ?? "owner") === "owner";
  createEffect(() => {
    const members = team()?.members;
    if (members) rememberRows("members", members.length);
  });

  function tell(text: string): void {
    notices.leave({ path: PATH, text });
    list.refresh();
  }

  function done(told: string): void {
    setCommand(null);
    tell(told);
    // What was changed may be the reader's own role.
    void session.load();
    focusPageHeading();
  }

  return (
    <div class="stack team">
      <PageTop title="Team" below="account" />
      <Show
        when={mayChange()}
        fallback={
          <p class="quiet">
            <WhoMay who="owners" to="invite people, change roles and remove anybody" />
          </p>
        }
      >
        <section class="card" aria-labelledby="invite-title">
          <h2 id="invite-title" class="card__title">
            Invite somebody
          </h2>
          <InviteForm
            members={team()?.members ?? []}
            onInvited={(email) => tell(`The invitation is on its way to ${email}.`)}
          />
        </section>
      </Show>
      <section class="card" aria-labelledby="members-title">
        <h2 id="members-title" class="card__title">
          Members
        </h2>
        <Fetched
          what="the team"
          value={team()}
          from={list}
          skeleton={<Skeleton what="the team" rows={rememberedRows("members", 1)} look="member" />}
        >
          {(known) => (
            <>
              <MemberTable team={known()} mayChange={mayChange()} onCommand={setCommand} />
              <Show when={whyYouStay(known())}>{(why) => <p class="quiet">{why()}</p>}</Show>
            </>
          )}
        </Fetched>
      </section>
      <Show when={mayChange() && (team()?.invitations.length ?? 0) > 0}>
        <section class="card" aria-labelledby="invitations-title">
          <div class="card__head">
            <h2 id="invitations-title" class="card__title">
              Open invitations
            </h2>
            <p class="quiet">Times in {zoneName(place().timeZone)}</p>
          </div>
          <InvitationTable
            invitations={team()?.invitations ?? []}
            onDone={(told) => {
              tell(told);
              focusPageHeading();
            }}
          />
        </section>
      </Show>
      <section class="card" aria-labelledby="roles-title">
        <h2 id="roles-title" class="card__title">
          What each role may do
        </h2>
        <dl class="team__roles">
          <For each={roleChoices}>
            {({ label, mayDo }) => (
              <div>
                <dt>{label}</dt>
                <dd>{mayDo}</dd>
              </div>
            )}
          </For>
        </dl>
      </section>
      <MemberDialogs command={command()} onDone={done} onClose={() => setCommand(null)} />
    </div>
  );
}

/** Said before anybody tries. */
function whyYouStay(team: TeamView): string | undefined {
  const you = team.members.find(({ isYou }) => isYou);
  if (you === undefined || !isLastOwner(you, team)) return undefined;
  return team.members.length === 1
    ? "You are the only one here. Whoever you invite gets a mail with a link to join."
    : "You are the only owner. Make somebody else an owner before you leave or take another role.";
}
