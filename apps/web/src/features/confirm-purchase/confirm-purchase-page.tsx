/**
 * The page of one automatic purchase that the bank asks about: a mail leads here, the bank leads back
 * here, and whatever became of the purchase meanwhile is told.
 */
import type { TopUpView } from "@scanmeter/contracts/checkout";
import { useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, Match, on, onMount, Show, Switch } from "solid-js";
import { api } from "../../api/client.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { createFollowed } from "../../live/create-followed.ts";
import "../../styles/checkout.css";
import { Notice } from "../../ui/notice.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { confirmPath } from "../auto-top-up/status-words.ts";
import { AskingBank } from "./asking-bank.tsx";
import { ConfirmingPurchase } from "./confirming-purchase.tsx";
import { SettledPurchase } from "./settled-purchase.tsx";
import { type Stage, stageOf, stageTitles } from "./stage.ts";

export default function ConfirmPurchasePage() {
  const params = useParams<{ topUpId: string }>();
  const navigate = useNavigate();
  const feed = useBalanceFeed();
  const [query] = useSearchParams<{ payment?: string }>();
  const hasReturned = query.payment === "returned";
  const followed = createFollowed<TopUpView>(
    () => params.topUpId,
    (topUpId) => api.topUps.get.query({ topUpId }),
  );
  // What the payment provider adds on the way back must not stay in the address or the history.
  onMount(() => {
    if (window.location.search === "") return;
    navigate(confirmPath(params.topUpId), { replace: true, scroll: false });
  });
  // The balance may tell of the payment before anybody asks.
  createEffect(on(feed.round, () => void followed.refresh(), { defer: true }));

  const stage = createMemo<Stage | null>(() => {
    const view = followed.view();
    return view && stageOf(view);
  });
  const isUnknown = () => followed.state().is === "refused";
  const isFailing = () => {
    const state = followed.state();
    return state.is === "loading" && state.isFailing;
  };
  const title = createMemo(() => {
    const known = stage();
    if (isUnknown()) return "There is no such purchase";
    return known === null ? "Purchase" : stageTitles[known];
  });

  return (
    <div class="checkout checkout--narrow">
      <Show when={title()} keyed>
        {(text) => <PageHeading title={text} />}
      </Show>
      <Show when={isFailing()}>
        <Notice tone="failure">The purchase could not be loaded. Trying again…</Notice>
      </Show>
      <div class="card checkout__card">
        <Switch fallback={<Skeleton what="the purchase" rows={4} look="row" />}>
          <Match when={isUnknown()}>
            <p>It may belong to another account, or the address is not complete.</p>
            <div class="checkout__ways">
              <a class="button button--primary" href="/account">
                Go to Account Overview
              </a>
            </div>
          </Match>
          <Match when={stage() === "asking" && followed.view()}>
            {(view) => (
              <AskingBank purchase={view()} hasReturned={hasReturned} followed={followed} />
            )}
          </Match>
          <Match when={stage() === "confirming" && followed.view()}>
            {(view) => <ConfirmingPurchase purchase={view()} refresh={followed.refresh} />}
          </Match>
          <Match when={followed.view()}>{(view) => <SettledPurchase purchase={view()} />}</Match>
        </Switch>
      </div>
    </div>
  );
}
