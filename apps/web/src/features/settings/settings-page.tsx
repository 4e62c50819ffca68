import { Show } from "solid-js";
import { zoneName } from "../../format/instants.ts";
import { useSession } from "../../session/session.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/fact-list.css";
import type { Me } from "../../api/client.ts";
import { PageHeading } from "../../ui/page-heading.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { currencyInWords, outOfCreditsChoices } from "./settings-words.ts";

/** What the account is called, where it is, and what happens when its credits run out. */
export default function SettingsPage() {
  const session = useSession();
  return (
    <div class="stack">
      <div class="page-top">
        <PageHeading title="Settings" />
      </div>
      <Show
        when={session.me()}
        fallback={
          <div class="card">
            <Skeleton what="the settings" rows={5} look="field" />
          </div>
        }
      >
        {(me) => (
          <Show when={me().role === "owner"} fallback={<ReadOnly account={me().account} />}>
            <SettingsForm me={me()} />
          </Show>
        )}
      </Show>
    </div>
  );
}

function ReadOnly(props: { account: Me["account"] }) {
  const whenOut = () =>
    outOfCreditsChoices.find(({ value }) => value === props.account.whenOutOfCredits);
  return (
    <>
      <p class="quiet">
        <WhoMay who="owners" to="change its settings" />
      </p>
      <section class="card" aria-label="Settings of the account">
        <dl class="fact-list labelled">
          <div>
            <dt>Name of the account</dt>
            <dd>{props.account.name}</dd>
          </div>
          <div>
            <dt>Time zone</dt>
            <dd>{zoneName(props.account.timeZone)}</dd>
          </div>
          <div>
            <dt>Currency</dt>
            <dd>{currencyInWords(props.account.currency)}</dd>
          </div>
          <div>
            <dt>When credits run out during a scan</dt>
            <dd>
              {whenOut()?.label}. <span class="quiet">{whenOut()?.meaning}</span>
            </dd>
          </div>
        </dl>
      </section>
    </>
  );
}
