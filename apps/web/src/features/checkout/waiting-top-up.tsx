import { Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { chargeInWords, settingsInWords } from "../auto-top-up/settings-words.ts";
import { useCheckout } from "./checkout-context.tsx";

/** An order says what it charges; settings that wait for its card may charge more, so that is said too. */
export function WaitingTopUp() {
  const { autoTopUp } = useCheckout();
  const feed = useBalanceFeed();
  const told = () => {
    const view = autoTopUp.view();
    if (view?.status !== "waiting_for_payment_method") return null;
    const available = feed.state().newest?.balance.available;
    const isOut = view.triggers.outOfCredits && (available ?? Infinity) <= view.threshold;
    const preview = { ...view, chargesNow: { trigger: "out_of_credits" } as const };
    return isOut
      ? `Auto top-up comes on top. ${chargeInWords({ ...view, preview })}`
      : `Auto top-up will use the card from then on: ${settingsInWords(view)}`;
  };
  return <Show when={told()}>{(sentence) => <p class="notice">{sentence()}</p>}</Show>;
}
