import { rememberedRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";

/** Purchases, cards and billing details before their first values. */
export function MoneySkeleton() {
  return (
    <>
      <div class="card">
        <h2 class="card__title">Purchases</h2>
        <Skeleton what="your purchases" rows={rememberedRows("purchases", 2)} look="row" />
      </div>
      <div class="pair">
        <div class="card">
          <h2 class="card__title">Saved cards</h2>
          <Skeleton what="your cards" rows={rememberedRows("cards", 1)} look="row" />
        </div>
        <div class="card">
          <h2 class="card__title">Billing details</h2>
          <Skeleton what="your billing details" rows={2} look="row" />
        </div>
      </div>
    </>
  );
}
