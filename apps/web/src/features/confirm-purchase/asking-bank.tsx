import type { TopUpView } from "@scanmeter/contracts/checkout";
import { useNavigate } from "@solidjs/router";
import { createSignal, onCleanup, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { creditsInWords } from "../../format/credits.ts";
import { instantWithZone } from "../../format/instants.ts";
import type { Followed } from "../../live/create-followed.ts";
import { useSession } from "../../session/session.tsx";
import { usePlace } from "../../session/use-place.ts";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { createAutoTopUp } from "../auto-top-up/create-auto-top-up.ts";
import { cardInWords } from "../cards/card-words.ts";
import { PurchaseFacts } from "./purchase-facts.tsx";
import { stageOf } from "./stage.ts";

/**
 * The bank wants to hear from the customer. They go to its page, or pay in another way: then this
 * purchase is called off first, so that nothing is paid twice.
 */
export function AskingBank(props: {
  purchase: TopUpView;
  hasReturned: boolean;
  followed: Followed<TopUpView>;
}) {
  const navigate = useNavigate();
  const session = useSession();
  const place = usePlace();
  const notices = usePassingNotices();
  const autoTopUp = createAutoTopUp();
  const [busyWith, setBusyWith] = createSignal<"bank" | "card" | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);

  // The browser may bring the page back as it was left on the way to the bank.
  const comeBack = (event: PageTransitionEvent) => {
    if (!event.persisted) return;
    setBusyWith(null);
    void props.followed.refresh();
  };
  window.addEventListener("pageshow", comeBack);
  onCleanup(() => window.removeEventListener("pageshow", comeBack));

  const until = () => {
    const view = autoTopUp.view();
    const isThis = view?.topUpId === props.purchase.id;
    return isThis && view.until ? instantWithZone(Date.parse(view.until), place()) : null;
  };
  const card = () => {
    const known = autoTopUp.view()?.card;
    return known ? cardInWords(known) : "your card";
  };

  async function run(what: "bank" | "card", step: () => Promise<void>): Promise<void> {
    if (busyWith()) return;
    setBusyWith(what);
    setProblem(null);
    try {
      await step();
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
      await props.followed.refresh();
      setBusyWith(null);
    }
  }

  const confirm = () =>
    run("bank", async () => {
      const { nextAction } = await api.topUps.authenticate.mutate({ topUpId: props.purchase.id });
      // The button stays busy until the page is left.
      if (nextAction) return window.location.assign(nextAction.url);
      await props.followed.refresh();
      setBusyWith(null);
    });

  const payOtherwise = () =>
    run("card", async () => {
      const answer = await api.topUps.cancel.mutate({ topUpId: props.purchase.id });
      if (stageOf(answer) !== "over") {
        // Paid meanwhile, or the bank has not let go of it yet.
        await props.followed.after(Promise.resolve(answer));
        setProblem("It could not be called off yet. Try again in a moment.");
        setBusyWith(null);
        return;
      }
      const path = "/checkout/order";
      notices.leave({ path, text: "The automatic purchase was called off. Nothing was charged." });
      navigate(`${path}?quantity=${answer.credits}`);
    });

  return (
    <>
      <Show when={props.hasReturned}>
        <Notice tone="attention">
          The bank has not confirmed the purchase yet. Nothing was charged.
        </Notice>
      </Show>
      <p>
        Your bank wants you to confirm this purchase before {card()} is charged.
        <Show when={until()}>
          {(at) => <> There is time until {at()}; then it is called off.</>}
        </Show>
      </p>
      <PurchaseFacts purchase={props.purchase} />
      <FailureNotice text={problem()} />
      <Show
        when={session.me()?.role !== "member"}
        fallback={
          <Notice tone="news">
            <WhoMay who="buyers" to="confirm it" />
          </Notice>
        }
      >
        <div class="checkout__ways">
          <Button
            look="primary"
            isBusy={busyWith() === "bank"}
            busyText="Opening your bank's page…"
            onClick={() => void confirm()}
          >
            Confirm with your bank
          </Button>
          <Button
            isBusy={busyWith() === "card"}
            busyText="Calling it off…"
            onClick={() => void payOtherwise()}
          >
            Pay with another card
          </Button>
        </div>
        <p class="field__hint">
          With another card this purchase is called off first, and the checkout opens with{" "}
          {creditsInWords(props.purchase.credits)}.
        </p>
      </Show>
      <a class="link--target" href="/account">
        Go to Account Overview
      </a>
    </>
  );
}
