/** What surrounds every page of a signed-in customer. Nobody else gets past it. */
import { Navigate, useLocation } from "@solidjs/router";
import { createEffect, Match, on, type ParentProps, Suspense, Switch } from "solid-js";
import { NoticeAnnouncer } from "../features/notices/notice-announcer.tsx";
import { UnreadNoticesProvider } from "../features/notices/unread-notices.tsx";
import { BalanceFeedProvider } from "../live/balance-feed.tsx";
import { createEveryMinute } from "../live/every-minute.ts";
import { useSession } from "../session/session.tsx";
import { BalanceAnnouncer } from "./balance-announcer.tsx";
import { Header } from "./header.tsx";
import { PassingNoticeProvider } from "./passing-notice.tsx";
import { Unreachable } from "./unreachable.tsx";

export function Shell(props: ParentProps) {
  const session = useSession();
  return (
    <Switch fallback={<Inside>{props.children}</Inside>}>
      <Match when={session.state().is === "signed-out"}>
        <ToSignIn />
      </Match>
      <Match when={session.state().is === "unreachable"}>
        <Unreachable />
      </Match>
      <Match when={session.state().is === "leaving"}>
        <main class="lonely" aria-busy="true" />
      </Match>
    </Switch>
  );
}

function Inside(props: ParentProps) {
  const session = useSession();
  // A role that was given or taken changes what can be pressed, though no credit moved.
  createEffect(on(createEveryMinute(), () => void session.load(), { defer: true }));
  return (
    <BalanceFeedProvider>
      <UnreadNoticesProvider>
        <a class="skip-link" href="#content" rel="external">
          Skip to content
        </a>
        <Header />
        <main id="content" class="content" tabIndex={-1}>
          <PassingNoticeProvider>
            <Suspense>{props.children}</Suspense>
          </PassingNoticeProvider>
        </main>
        <BalanceAnnouncer />
        <NoticeAnnouncer />
      </UnreadNoticesProvider>
    </BalanceFeedProvider>
  );
}

function ToSignIn() {
  const location = useLocation();
  const session = useSession();
  const state = session.state();
  const query = new URLSearchParams({ next: location.pathname + location.search });
  if (state.is === "signed-out" && state.wasSignedIn) query.set("notice", "signed-out");
  return <Navigate href={`/sign-in?${query}`} />;
}
