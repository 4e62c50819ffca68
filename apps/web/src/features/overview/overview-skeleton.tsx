import { Show } from "solid-js";
import { Notice } from "../../ui/notice.tsx";
import { rememberedRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ExpiryGrey } from "../expiry/expiry-grey.tsx";
import { TimeTravelSkeleton } from "../time-travel/time-travel-skeleton.tsx";
import { UsageSkeleton } from "../usage/usage-skeleton.tsx";
import { MoneySkeleton } from "./money-skeleton.tsx";

/** The page before its first values, with about the number of rows it had last time. */
export function OverviewSkeleton(props: { isFailing: boolean }) {
  return (
    <>
      <Show when={props.isFailing}>
        <Notice tone="failure">Your account could not be loaded. Trying again…</Notice>
      </Show>
      <div class="overview stack">
        <div class="card">
          <h2 class="card__title">Available balance</h2>
          <Skeleton what="the balance" rows={1} look="balance" />
        </div>
        <div class="card">
          <h2 class="card__title">Auto top-up</h2>
          <Skeleton what="how automatic top-ups stand" rows={1} look="sentence" />
        </div>
        <div class="card">
          <h2 class="card__title">Running scans</h2>
          <Skeleton what="running scans" rows={rememberedRows("scans", 1)} look="scan" />
        </div>
        <UsageSkeleton />
        <div class="card">
          <h2 class="card__title">Credits by lot</h2>
          <ExpiryGrey rows={Math.min(8, rememberedRows("lots", 2))} />
          <Skeleton what="your lots" rows={rememberedRows("lots", 2)} look="row" />
        </div>
        <TimeTravelSkeleton />
        <div class="card">
          <h2 class="card__title">Recent activity</h2>
          <Skeleton what="recent activity" rows={rememberedRows("activity", 6)} look="row" />
        </div>
        <MoneySkeleton />
      </div>
    </>
  );
}
