import { Navigate, useLocation, useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { createEffect, createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { startAnew } from "../../session/left-notice.ts";
import { useSession } from "../../session/session.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { pathAfterSignIn, withNext } from "../sign-in/path-after-sign-in.ts";

/**
 * On the way from one account to another. A page of its own, so that what was typed is asked about
 * before it is left, and so that nothing of the one is shown beside the other.
 */
export default function SwitchAccountPage() {
  const { accountId = "" } = useParams<{ accountId: string }>();
  const [query] = useSearchParams<{ to: string }>();
  const location = useLocation();
  const navigate = useNavigate();
  const session = useSession();
  const [problem, setProblem] = createSignal<string | null>(null);
  // A mail leads to the page it is about; only a path of this site is followed.
  const path = pathAfterSignIn(query.to);

  async function switchAccount(): Promise<void> {
    try {
      const accounts = await api.accounts.switchTo.mutate({ accountId });
      const active = accounts.find(({ isActive }) => isActive);
      startAnew(`You now act for ${active?.name ?? "another account"}.`, path);
    } catch (error) {
      const failure = callFailureOf(error);
      if (failure.is === "signed-out") session.end();
      else setProblem(sentenceOf(failure));
    }
  }

  createEffect(() => {
    const me = session.me();
    if (me === undefined) return;
    if (me.account.id === accountId) navigate(path, { replace: true });
    else void switchAccount();
  });

  return (
    <Show
      when={session.state().is !== "signed-out"}
      fallback={<Navigate href={withNext("/sign-in", location.pathname + location.search)} />}
    >
      <main class="lonely">
        <Show when={problem()} fallback={<PageHeading title="Opening the account…" />}>
          {(sentence) => (
            <>
              <PageHeading title="The account was not opened" />
              <p role="alert">{sentence()}</p>
              <a class="button button--primary" href="/account">
                Go to Account Overview
              </a>
            </>
          )}
        </Show>
      </main>
    </Show>
  );
}
