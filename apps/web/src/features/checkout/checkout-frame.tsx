/**
 * What the three steps share: the checkout named in the address, the way between the steps, and
 * what is shown instead of a step when there is nothing to do.
 */

import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { Navigate, useLocation, useNavigate, useSearchParams } from "@solidjs/router";
import {
  createEffect,
  createMemo,
  createSignal,
  Match,
  type ParentProps,
  Show,
  Suspense,
  Switch,
} from "solid-js";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/checkout.css";
import "../../styles/money.css";
import { creditsInWords } from "../../format/credits.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { createAutoTopUp } from "../auto-top-up/create-auto-top-up.ts";
import { CheckoutProvider } from "./checkout-context.tsx";
import { CanceledCheckout, CompleteCheckout, NoBuying } from "./closed-checkout.tsx";
import { createCheckout } from "./create-checkout.ts";
import { createPrices } from "./create-prices.ts";
import { stepOfPath, stepPath, steps, stepTitles, stepToShow } from "./steps.ts";
import { StepsNav } from "./steps-nav.tsx";
import { forgetPaying, wasPaying } from "./trip-memory.ts";

export default function CheckoutFrame(props: ParentProps) {
  const location = useLocation();
  const navigate = useNavigate();
  const session = useSession();
  const feed = useBalanceFeed();
  const notices = usePassingNotices();
  const [query] = useSearchParams<{ checkout?: string; payment?: string }>();
  const checkoutId = () => query.checkout ?? null;
  const checkout = createCheckout(checkoutId);
  const { prices, hasFailed } = createPrices();
  // Where nothing can be bought there are no settings to ask for.
  const isOpen = createMemo(() => prices()?.isOpen === true);
  const autoTopUp = createMemo(() => (isOpen() ? createAutoTopUp() : null));

  const wanted = () => stepOfPath(location.pathname);
  const standing = createMemo(() => checkout.view());
  // The bank may send its customer back to another tab than the one they came from.
  const hasReturned = query.payment === "returned";
  // Whoever paid here is led on; whoever opens a paid order again is told so.
  const [isWatched, setWatched] = createSignal(hasReturned && wasPaying(checkoutId()));
  const [isErrorAnswered, setErrorAnswered] = createSignal(false);
  const closed = createMemo(() => {
    const status = standing()?.status;
    if (status === "complete") return isWatched() || hasReturned ? null : status;
    return status === "canceled" ? status : null;
  });
  createEffect(() => {
    const view = standing();
    if (view?.status === "processing") setWatched(true);
    if (view?.status === "complete" && (isWatched() || hasReturned)) finish(view);
  });
  const heading = createMemo(() => {
    if (closed() === "complete") return "This order is complete";
    if (closed() === "canceled") return "This order was canceled";
    return stepTitles[wanted()];
  });
  const progress = () =>
    closed() ? "" : `, step ${steps.indexOf(wanted()) + 1} of ${steps.length}`;

  function finish(view: CheckoutView): void {
    forgetPaying();
    const text = view.quantity === 0 ? "Card saved." : `${creditsInWords(view.quantity)} added.`;
    // No news, should it be an old address that is opened again.
    if (isWatched()) notices.leave({ path: "/account", text });
    // The live line is about to tell; should it be away, this does.
    feed.refresh();
    navigate("/account", { replace: true });
  }

  const mayBuy = () => session.me()?.role !== "member";
  const refusal = () => {
    const state = checkout.state();
    return state.is === "refused" ? state.sentence : null;
  };
  const isFailing = () => {
    const state = checkout.state();
    return hasFailed() || (state.is === "loading" && state.isFailing);
  };
  /** The step to go to instead, once the checkout is known. */
  const redirect = () => {
    const { is } = checkout.state();
    if (closed() || standing()?.status === "complete") return null;
    if (is !== "none" && is !== "there") return null;
    const step = stepToShow(wanted(), standing());
    return step === wanted() ? null : stepPath(step, checkoutId());
  };
  const isReady = () => {
    const { is } = checkout.state();
    return prices() !== null && session.me() !== undefined && (is === "none" || is === "there");
  };

  const flow = {
    checkout,
    prices: () => {
      const known = prices();
      if (!known) throw new Error("steps are shown once the prices are known");
      return known;
    },
    get autoTopUp() {
      const known = autoTopUp();
      if (!known) throw new Error("steps are shown where something can be bought");
      return known;
    },
    isErrorAnswered,
    answerError: () => void setErrorAnswered(true),
    watch() {
      setErrorAnswered(false);
      setWatched(true);
    },
  };

  return (
    <CheckoutProvider value={flow}>
      <div class="checkout">
        <Show when={heading()} keyed>
          {(title) => (
            <PageHeading title={`${title}${progress()}`}>
              {title}
              <span class="visually-hidden">{progress()}</span>
            </PageHeading>
          )}
        </Show>
        <Switch
          fallback={
            <>
              <Show when={isFailing()}>
                <Notice tone="failure">The checkout could not be loaded. Trying again…</Notice>
              </Show>
              <Grey />
            </>
          }
        >
          <Match when={!mayBuy()}>
            <NoBuying>
              <WhoMay who="buyers" to="buy credits" />
            </NoBuying>
          </Match>
          <Match when={prices()?.isOpen === false}>
            <NoBuying>Buying is switched off here. Credits come from the operator.</NoBuying>
          </Match>
          <Match when={refusal()}>{(sentence) => <NoBuying>{sentence()}</NoBuying>}</Match>
          <Match when={closed() === "complete" && standing()}>
            {(view) => <CompleteCheckout view={view()} />}
          </Match>
          <Match when={closed() === "canceled"}>
            <CanceledCheckout />
          </Match>
          <Match when={isReady() && redirect()}>{(path) => <Navigate href={path()} />}</Match>
          <Match when={isReady()}>
            <StepsNav current={wanted()} checkout={standing()} checkoutId={checkoutId()} />
            {/* Its file may come later than what the step is about; the heading keeps the focus. */}
            <Suspense fallback={<Grey />}>{props.children}</Suspense>
          </Match>
        </Switch>
      </div>
    </CheckoutProvider>
  );
}

function Grey() {
  return (
    <div class="card">
      <Skeleton what="the checkout" rows={5} look="row" />
    </div>
  );
}
