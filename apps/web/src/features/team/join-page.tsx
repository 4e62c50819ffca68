import { useParams } from "@solidjs/router";
import { Match, Show, Switch } from "solid-js";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { useSession } from "../../session/session.tsx";
import "../../styles/fact-list.css";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Entrance } from "../sign-in/entrance.tsx";
import { createOffer } from "./create-offer.ts";
import { JoinOffer } from "./join-offer.tsx";

/** Where the link of an invitation leads. Only who is signed in can say yes, so that comes first. */
export default function JoinPage() {
  const { token = "" } = useParams<{ token: string }>();
  const session = useSession();
  const offer = createOffer(token, session);
  const isSignedOut = () => session.state().is === "signed-out";
  const next = new URLSearchParams({ next: `/join/${encodeURIComponent(token)}` });
  return (
    <Entrance
      title={offer.value() ? `Join ${offer.value()?.accountName}` : "Join a team"}
      footer={
        <Show when={session.me()}>
          {(me) => (
            <>
              Signed in as {me().user.email}. <a href="/account">Account Overview</a>
            </>
          )}
        </Show>
      }
    >
      <Switch fallback={<Skeleton what="the invitation" rows={4} look="sentence" />}>
        <Match when={isSignedOut()}>
          <p>
            Somebody invited you to their team. Sign in with the address the invitation was sent to,
            or create an account with it: then you read who asks, and decide.
          </p>
          <a class="button button--primary" href={`/sign-in?${next}`}>
            Sign in
          </a>
          <a class="button" href={`/sign-up?${next}`}>
            Create an account
          </a>
        </Match>
        <Match when={offer.refusal()}>
          {(failure) => <Notice tone="attention">{sentenceOf(failure())}</Notice>}
        </Match>
        <Match when={offer.value()}>
          {(known) => <JoinOffer offer={known()} token={token} signInQuery={`${next}`} />}
        </Match>
        <Match when={offer.hasFailed() || session.state().is === "unreachable"}>
          <Notice tone="failure">The invitation could not be loaded. Trying again…</Notice>
        </Match>
      </Switch>
    </Entrance>
  );
}
