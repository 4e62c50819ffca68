import { createEffect, createMemo, Show, Suspense } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { ConnectionNote } from "../../shell/connection-note.tsx";
import { PageTop } from "../../shell/page-top.tsx";
import { later } from "../../ui/later.ts";
import { rememberRows } from "../../ui/remembered-rows.ts";
import { createRecentActivity } from "../activity/create-recent-activity.ts";
import { RecentActivitySection } from "../activity/recent-activity-section.tsx";
import { AutoTopUpSection } from "../auto-top-up/auto-top-up-section.tsx";
import { createPrices } from "../checkout/create-prices.ts";
import { createHasRunnerKey } from "../first-scan/create-has-runner-key.ts";
import { ScansSection } from "../scans/scans-section.tsx";
import { createTargets } from "../targets/create-targets.ts";
import { inUse } from "../targets/target-words.ts";
import { TimeTravelSkeleton } from "../time-travel/time-travel-skeleton.tsx";
import { UsageSkeleton } from "../usage/usage-skeleton.tsx";
import { BalanceCard } from "./balance-card.tsx";
import { LotsSection } from "./lots-section.tsx";
import { MoneySkeleton } from "./money-skeleton.tsx";
import { OverviewSkeleton } from "./overview-skeleton.tsx";

const UsageSection = later(() => import("../usage/usage-section.tsx"));
const TimeTravelSection = later(() => import("../time-travel/time-travel-section.tsx"));
const MoneySections = later(() => import("./money-sections.tsx"));

export function OverviewPage() {
  const session = useSession();
  const feed = useBalanceFeed();
  const activity = createRecentActivity(feed.round);
  const runnerKey = createHasRunnerKey(feed.round);
  const shop = createPrices();
  const newest = () => feed.state().newest;
  // What scans cost changes when one ends, and is shown when none runs.
  const isIdle = () => (newest()?.runningScans.length ?? 0) === 0;
  const targets = createTargets(createMemo<number>((last) => (isIdle() ? feed.round() : last), 0));

  const isAllThere = () =>
    feed.state().overview !== null &&
    activity.value() !== undefined &&
    runnerKey.hasKey() !== null &&
    targets.value() !== undefined &&
    shop.prices() !== null;
  // The sections come together, so that none pushes another down while somebody reads. What cannot
  // be fetched says so in its section; nobody waits for it.
  const isReady = createMemo<boolean>(
    (was) =>
      was ||
      isAllThere() ||
      feed.isFetchFailing() ||
      activity.hasFailed() ||
      targets.hasFailed() ||
      shop.hasFailed(),
    false,
  );

  createEffect(() => {
    if (!isAllThere()) return;
    // When none runs, what starts one takes about the room of two.
    rememberRows("scans", newest()?.runningScans.length || 2);
    rememberRows("lots", feed.state().overview?.lots.length ?? 0);
    rememberRows("activity", activity.value()?.length ?? 0);
  });

  return (
    <>
      <PageTop title="Account Overview" below="account">
        <ConnectionNote />
      </PageTop>
      <Show
        when={isReady() && newest()}
        fallback={<OverviewSkeleton isFailing={feed.isFetchFailing()} />}
      >
        {(reading) => (
          <div class="overview stack">
            <BalanceCard reading={reading()} prices={shop.prices()} />
            <Show
              when={feed.state().overview?.autoTopUp}
              fallback={
                <Show when={feed.state().overview === null && shop.prices()?.isOpen !== false}>
                  <AutoTopUpMissing />
                </Show>
              }
            >
              {(view) => <AutoTopUpSection view={view()} />}
            </Show>
            <ScansSection runnerKey={runnerKey} targets={inUse(targets.value() ?? [])} />
            <Suspense fallback={<UsageSkeleton />}>
              <UsageSection />
            </Suspense>
            <LotsSection
              mayBuy={session.me()?.role !== "member" && shop.prices()?.isOpen === true}
            />
            <Suspense fallback={<TimeTravelSkeleton />}>
              <TimeTravelSection />
            </Suspense>
            <RecentActivitySection activity={activity} />
            <Show when={session.me() && shop.prices()?.isOpen !== false}>
              <Suspense fallback={<MoneySkeleton />}>
                <MoneySections isBuyer={session.me()?.role !== "member"} />
              </Suspense>
            </Show>
          </div>
        )}
      </Show>
    </>
  );
}

function AutoTopUpMissing() {
  return (
    <section class="card" aria-labelledby="auto-top-up-title">
      <h2 id="auto-top-up-title" class="card__title">
        Auto top-up
      </h2>
      <p class="empty">How it stands could not be loaded. Trying again…</p>
    </section>
  );
}
