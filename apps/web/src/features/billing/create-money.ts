/** Purchases with their documents, cards and billing details, which appear together wherever they are shown. */
import { type Accessor, createEffect, createMemo } from "solid-js";
import { rememberRows } from "../../ui/remembered-rows.ts";
import { type Cards, createCards } from "../cards/create-cards.ts";
import { createPurchases, type Purchases } from "../purchases/create-purchases.ts";
import { type Billing, createBilling } from "./create-billing.ts";

export interface Money {
  readonly purchases: Purchases;
  readonly cards: Cards;
  readonly billing: Billing;
  /** All of it is there, or it is known that some will not come. */
  isReady: Accessor<boolean>;
}

export function createMoney(round: Accessor<number>): Money {
  const purchases = createPurchases(round);
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
    rememberRows("documents", purchases.documents().length);
    rememberRows("cards", cards.cards()?.length ?? 0);
  });
  return { purchases, cards, billing, isReady };
}
