import { Navigate, useLocation, useParams } from "@solidjs/router";
import { createSignal, onMount, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { startAnew } from "../../session/left-notice.ts";
import { PageHeading } from "../../ui/page-heading.tsx";

/**
 * On the way from one account to another. A page of its own, so that what was typed is asked about
 * before it is left, and so that nothing of the one is shown beside the other.
 */
export default function SwitchAccountPage() {
  const { accountId = "" } = useParams<{ accountId: string }>();
  const location = useLocation();
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isSignedOut, setSignedOut] = createSignal(false);

  onMount(async () => {
    try {
      const accounts = await api.accounts.switchTo.mutate({ accountId });
      const active = accounts.find(({ isActive }) => isActive);
      startAnew(`You now act for ${active?.name ?? "another account"}.`);
    } catch (error) {
      const failure = callFailureOf(error);
      if (failure.is === "signed-out") setSignedOut(true);
      else setProblem(sentenceOf(failure));
    }
  });

  return (
    <Show
      when={!isSignedOut()}
      fallback={<Navigate href={`/sign-in?${new URLSearchParams({ next: location.pathname })}`} />}
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
