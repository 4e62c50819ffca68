import type { NoticePreferencesView } from "@scanmeter/contracts/notices";
import { createSignal, For, Show } from "solid-js";
import { api, type Me } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { creditsInWords } from "../../format/credits.ts";
import { createAnswer } from "../../live/create-answer.ts";
import { useSession } from "../../session/session.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/notices.css";
import { Button } from "../../ui/button.tsx";
import { CheckChoice } from "../../ui/choice.tsx";
import { TextField } from "../../ui/field.tsx";
import { LeaveGuard } from "../../ui/leave-guard.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import {
  type EnteredPreferences,
  enteredFrom,
  isSaved,
  lowBalanceProblem,
  mailedToInWords,
  preferencesInput,
  withMailed,
} from "./entered-preferences.ts";

/** What is mailed to whoever is signed in, and what counts as a low balance for everybody. */
export default function PreferencesPage() {
  const session = useSession();
  const { answer, hasFailed } = createAnswer(() => api.notices.preferences.query());
  return (
    <div class="notices">
      <div class="page-top">
        <PageHeading title="Notice settings" />
        <a class="link--target" href="/notices">
          All notices
        </a>
      </div>
      <Show when={hasFailed() && answer() === undefined}>
        <Notice tone="failure">The settings could not be loaded. Trying again…</Notice>
      </Show>
      <Show when={session.me()} fallback={<Loading />}>
        {(me) => (
          <Show when={answer()} fallback={<Loading />}>
            {(preferences) => <Form preferences={preferences()} me={me()} />}
          </Show>
        )}
      </Show>
    </div>
  );
}

const Loading = () => (
  <div class="card notices__loading">
    <Skeleton what="the settings" rows={7} look="notice" />
  </div>
);

function Form(props: { preferences: NoticePreferencesView; me: Me }) {
  const [saved, setSaved] = createSignal(props.preferences);
  const [entered, setEntered] = createSignal(enteredFrom(props.preferences));
  const isDirty = () => !isSaved(entered(), saved());
  const isMember = () => props.me.role === "member";

  function change(change: Partial<EnteredPreferences>): void {
    setEntered((known) => ({ ...known, ...change }));
    form.forget();
  }

  const form = createSubmission({
    check: () => ({ lowBalance: lowBalanceProblem(entered().lowBalance) }),
    async send() {
      const typed = entered();
      setSaved(await api.notices.savePreferences.mutate(preferencesInput(typed, saved())));
      // What was changed while it was being saved is not saved.
      if (entered() === typed) setEntered(enteredFrom(saved()));
    },
  });

  return (
    <form class="card notices__settings" noValidate onSubmit={form.submit}>
      <fieldset class="choices notices__groups">
        <legend class="card__title">By mail</legend>
        <p class="quiet">
          To <span class="breakable">{props.me.user.email}</span>. The list of notices has all of
          them, whatever you choose here.
        </p>
        <For each={saved().groups}>
          {(group) => {
            const isChosen = () => !entered().muted.includes(group.name);
            return (
              <CheckChoice
                name={group.name}
                label={group.label}
                note={mailedToInWords(group, isChosen())}
                isFixed={group.isAlwaysMailed}
                isChosen={isChosen()}
                onChange={(isMailed) =>
                  change({ muted: withMailed(entered().muted, group.name, isMailed) })
                }
              />
            );
          }}
        </For>
        <Show when={isMember()}>
          <p class="quiet">What is about payments is mailed to owners and billing managers.</p>
        </Show>
      </fieldset>
      <section class="notices__low" aria-labelledby="low-balance-title">
        <h2 id="low-balance-title" class="card__title">
          Low balance
        </h2>
        <Show
          when={!isMember()}
          fallback={
            <p>
              {saved().lowBalance === 0
                ? "A low balance is not told in this account, only that no credits are left."
                : `The balance of this account counts as low at ${creditsInWords(saved().lowBalance)} or fewer.`}{" "}
              <span class="quiet">
                <WhoMay who="buyers" to="change it" />
              </span>
            </p>
          }
        >
          <div class="notices__figure">
            <TextField
              label="Credits at which the balance is low"
              name="lowBalance"
              inputMode="numeric"
              autocomplete="off"
              maxLength={12}
              value={entered().lowBalance}
              onInput={(lowBalance) => {
                change({ lowBalance });
                form.solve("lowBalance");
              }}
              onCommit={() => form.check("lowBalance")}
              problem={form.fieldProblems().lowBalance}
              hint="For everybody in this account. It is told once, when so many are left or fewer; with 0, only when none is left."
            />
          </div>
        </Show>
      </section>
      <FailureNotice text={form.problem()} />
      <div class="notices__ways">
        <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Saving…">
          Save
        </Button>
        <p role="status">{form.isDone() ? "Saved." : ""}</p>
      </div>
      <LeaveGuard
        isDirty={isDirty() && !form.isBusy()}
        what="The notice settings you changed are not saved."
      />
    </form>
  );
}
