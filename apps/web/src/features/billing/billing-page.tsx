import { Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/money.css";
import { PageTop } from "../../shell/page-top.tsx";
import { Notice } from "../../ui/notice.tsx";
import { rememberedRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { CardsSection } from "../cards/cards-section.tsx";
import { createPrices } from "../checkout/create-prices.ts";
import { DocumentsSection } from "../purchases/documents-section.tsx";
import { PurchasesSection } from "../purchases/purchases-section.tsx";
import { BillingSection } from "./billing-section.tsx";
import { createMoney } from "./create-money.ts";

/** Whom to bill, with which card, and every paper there is. */
export default function BillingPage() {
  const session = useSession();
  const shop = createPrices();
  const isBuyer = () => session.me()?.role !== "member";
  return (
    <div class="stack">
      <PageTop title="Billing" below="account">
        <Show when={isBuyer() && shop.prices()?.isOpen}>
          <a class="link--target" href="/checkout/order">
            Buy credits
          </a>
        </Show>
      </PageTop>
      <Show when={!isBuyer()}>
        <p class="quiet">
          <WhoMay who="buyers" to="change billing details and cards" />
        </p>
      </Show>
      <Show
        when={shop.prices()?.isOpen !== false}
        fallback={
          <Notice tone="news">
            Buying is switched off here. Credits come from the operator, and nothing is billed.
          </Notice>
        }
      >
        <Sections isBuyer={isBuyer()} />
      </Show>
    </div>
  );
}

function Sections(props: { isBuyer: boolean }) {
  const session = useSession();
  const feed = useBalanceFeed();
  const { purchases, cards, billing, isReady } = createMoney(feed.round);
  return (
    // Dates need the account's zone.
    <Show when={session.me() && isReady()} fallback={<Loading />}>
      <div class="pair">
        <BillingSection details={billing} mayChange={props.isBuyer} />
        <CardsSection list={cards} mayChange={props.isBuyer} />
      </div>
      <DocumentsSection list={purchases} />
      <PurchasesSection list={purchases} />
    </Show>
  );
}

function Loading() {
  return (
    <>
      <div class="pair">
        <div class="card">
          <h2 class="card__title">Billing details</h2>
          <Skeleton what="your billing details" rows={4} look="sentence" />
        </div>
        <div class="card">
          <h2 class="card__title">Saved cards</h2>
          <Skeleton what="your cards" rows={rememberedRows("cards", 1)} look="row" />
        </div>
      </div>
      <div class="card">
        <h2 class="card__title">Invoices and credit notes</h2>
        <Skeleton what="your documents" rows={rememberedRows("documents", 2)} look="row" />
      </div>
      <div class="card">
        <h2 class="card__title">Purchases</h2>
        <Skeleton what="your purchases" rows={rememberedRows("purchases", 2)} look="row" />
      </div>
    </>
  );
}
