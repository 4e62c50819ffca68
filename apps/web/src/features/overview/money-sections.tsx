/**
 * Purchases, cards and billing details, below what is live. A file of its own, because nobody needs
 * it for the first look at the balance.
 */
import { Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import "../../styles/money.css";
import { BillingSection } from "../billing/billing-section.tsx";
import { createMoney } from "../billing/create-money.ts";
import { CardsSection } from "../cards/cards-section.tsx";
import { PurchasesSection } from "../purchases/purchases-section.tsx";
import { MoneySkeleton } from "./money-skeleton.tsx";

export default function MoneySections(props: { isBuyer: boolean }) {
  const feed = useBalanceFeed();
  const { purchases, cards, billing, isReady } = createMoney(feed.round);
  return (
    <Show when={isReady()} fallback={<MoneySkeleton />}>
      <PurchasesSection
        list={purchases}
        more={
          <a class="link--target" href="/billing">
            All invoices and credit notes
          </a>
        }
      />
      <div class="pair">
        <CardsSection list={cards} mayChange={props.isBuyer} />
        <BillingSection details={billing} mayChange={props.isBuyer} />
      </div>
    </Show>
  );
}
