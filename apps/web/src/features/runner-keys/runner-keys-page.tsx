import { createEffect, createSignal, Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { createEveryMinute } from "../../live/every-minute.ts";
import { useSession } from "../../session/session.tsx";
import { Fetched } from "../../shell/fetched.tsx";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/runner-keys.css";
import { PageTop } from "../../shell/page-top.tsx";
import { focusPageHeading } from "../../ui/page-heading.tsx";
import { rememberedRows, rememberRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { createTargets } from "../targets/create-targets.ts";
import { inUse } from "../targets/target-words.ts";
import { createRunnerKeys, type RunnerKey } from "./create-runner-keys.ts";
import { KeyTable } from "./key-table.tsx";
import { NewKeyShown } from "./new-key.tsx";
import { type NewKey, NewKeyForm } from "./new-key-form.tsx";
import { RevokeKeyDialog } from "./revoke-key-dialog.tsx";

const PATH = "/settings/runner-keys";

/** What runners sign in with: make one, see which is used, revoke it. */
export default function RunnerKeysPage() {
  const feed = useBalanceFeed();
  const session = useSession();
  const notices = usePassingNotices();
  const minute = createEveryMinute();
  const list = createRunnerKeys(() => [feed.round(), minute()]);
  const targets = createTargets(() => 0);
  const [made, setMade] = createSignal<NewKey | null>(null);
  const [revoking, setRevoking] = createSignal<RunnerKey | null>(null);
  const all = () => (session.me() ? list.value() : undefined);
  // Most who come here are owners; the place for a new key does not wait for the proof.
  const mayChange = () => (session.me()?.role ?? "owner") === "owner";
  const working = () => (all() ?? []).filter(({ revokedAt }) => revokedAt === null);
  const revoked = () => (all() ?? []).filter(({ revokedAt }) => revokedAt !== null);

  createEffect(() => all() && rememberRows("runner-keys", working().length));

  function copied(): void {
    setMade(null);
    focusPageHeading();
  }

  function done(told: string): void {
    setRevoking(null);
    notices.leave({ path: PATH, text: told });
    list.refresh();
    // The button that had the focus goes with the key.
    focusPageHeading();
  }

  return (
    <div class="keys stack">
      <PageTop title="Runner keys" below="times" />
      <Show when={mayChange()}>
        <section class="card" aria-label="New key">
          <Show
            when={made()}
            fallback={
              <>
                <h2 class="card__title">New key</h2>
                <NewKeyForm
                  onMade={(key) => {
                    setMade(key);
                    list.refresh();
                  }}
                />
              </>
            }
          >
            {(key) => (
              <NewKeyShown made={key()} targets={inUse(targets.value() ?? [])} onDone={copied} />
            )}
          </Show>
        </section>
      </Show>
      <Show when={!mayChange()}>
        <p class="quiet keys__read-only">
          <WhoMay who="owners" to="create and revoke keys" />
        </p>
      </Show>
      <section class="card" aria-labelledby="keys-title">
        <h2 id="keys-title" class="card__title">
          Keys that work
        </h2>
        <Fetched
          what="the keys"
          value={all()}
          from={list}
          skeleton={<Skeleton what="the keys" rows={rememberedRows("runner-keys", 2)} look="key" />}
        >
          {() => (
            <Show
              when={working().length > 0}
              fallback={
                <p class="empty">
                  No key works. A runner signs in with one to start scans of your targets.
                </p>
              }
            >
              <KeyTable
                caption="Keys that work, newest first"
                keys={working()}
                onRevoke={mayChange() ? setRevoking : null}
              />
            </Show>
          )}
        </Fetched>
      </section>
      <Show when={revoked().length > 0}>
        <details class="card card--fold keys__revoked">
          <summary>
            Revoked keys <span class="tag">{revoked().length}</span>
          </summary>
          <KeyTable caption="Revoked keys, newest first" keys={revoked()} onRevoke={null} />
        </details>
      </Show>
      <RevokeKeyDialog runnerKey={revoking()} onDone={done} onClose={() => setRevoking(null)} />
    </div>
  );
}
