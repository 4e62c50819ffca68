import type { InvitationOffer } from "@scanmeter/contracts/team";
import { createSignal, Show } from "solid-js";
import { auth } from "../../api/auth.ts";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { instantWithZone } from "../../format/instants.ts";
import { startAnew } from "../../session/left-notice.ts";
import { usePlace } from "../../session/use-place.ts";
import { Button } from "../../ui/button.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { roleName } from "./role-words.ts";
import { roleChoices } from "./team-words.ts";

/** Who asks and for what; one button says yes, if it is the reader who was asked. */
export function JoinOffer(props: { offer: InvitationOffer; token: string; signInQuery: string }) {
  const place = usePlace();
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const mayDo = () => roleChoices.find(({ role }) => role === props.offer.role)?.mayDo;

  async function join(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      const told = `You joined ${props.offer.accountName} as ${roleName(props.offer.role).toLowerCase()}.`;
      await api.members.accept.mutate({ token: props.token });
      startAnew(told);
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
      setBusy(false);
    }
  }

  async function signOut(): Promise<void> {
    setBusy(true);
    const answer = await auth.signOut();
    // A whole new page, so that nothing of whoever was signed in stays in memory.
    if (answer.ok) return window.location.assign(`/sign-in?${props.signInQuery}`);
    setProblem("You are still signed in: the server did not answer. Try again.");
    setBusy(false);
  }

  return (
    <>
      <dl class="fact-list labelled">
        <div>
          <dt>Invited by</dt>
          <dd>{props.offer.invitedBy}</dd>
        </div>
        <div>
          <dt>Sent to</dt>
          <dd class="breakable">{props.offer.email}</dd>
        </div>
        <div>
          <dt>As</dt>
          <dd>
            <strong>{roleName(props.offer.role)}</strong>
            <Show when={mayDo()}>{(sentence) => <p class="quiet">{sentence()}</p>}</Show>
          </dd>
        </div>
        <div>
          <dt>The link works until</dt>
          <dd>{instantWithZone(Date.parse(props.offer.expiresAt), place())}</dd>
        </div>
      </dl>
      <FailureNotice text={problem()} />
      <Show
        when={props.offer.isForYou}
        fallback={
          <>
            <p>
              You are signed in with another address. Only whoever owns{" "}
              <span class="breakable">{props.offer.email}</span> can join with this link.
            </p>
            <Button isBusy={isBusy()} busyText="Signing out…" onClick={() => void signOut()}>
              Sign out and use that address
            </Button>
          </>
        }
      >
        <Button look="primary" isBusy={isBusy()} busyText="Joining…" onClick={() => void join()}>
          Join {props.offer.accountName}
        </Button>
      </Show>
    </>
  );
}
