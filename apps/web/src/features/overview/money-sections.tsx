/**
 * Purchases, cards and billing details, below what is live. A file of its own, because nobody needs
 * it for the first look at the balance.
 */
import { createEffect, createMemo, Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import "../../styles/money.css";
import { rememberRows } from "../../ui/remembered-rows.ts";
import { BillingSection } from "../billing/billing-section.tsx";
import { createBilling } from "../billing/create-billing.ts";
import { CardsSection } from "../cards/cards-section.tsx";
import { createCards } from "../cards/create-cards.ts";
import { createPurchases } from "../purchases/create-purchases.ts";
import { PurchasesSection } from "../purchases/purchases-section.tsx";
import { MoneySkeleton } from "./money-skeleton.tsx";

export default function MoneySections(props: { isBuyer: boolean }) {
  const feed = useBalanceFeed();
  const purchases = createPurchases(feed.round);
  const cards = createCards();
  const billing = createBilling();
  const isAllThere = () =>
    purchases.purchases() !== null && cards.cards() !== null && billing.billing() !== undefined;
  const isReady = createMemo<boolean>(
    (was) =>
      was || isAllThere() || purchases.hasFailed() || cards.hasFailed() || billing.hasFailed(),
    false,
  );
  createEffect(() => {
    if (!isAllThere()) return;
    rememberRows("purchases", purchases.purchases()?.length ?? 0);
    rememberRows("cards", cards.cards()?.length ?? 0);
  });
  return (
    <Show when={isReady()} fallback={<MoneySkeleton />}>
      <PurchasesSection list={purchases} />
      <div class="overview__pair">
        <CardsSection list={cards} mayChange={props.isBuyer} />
        <BillingSection details={billing} mayChange={props.isBuyer} />
      </div>
    </Show>
  );
}
