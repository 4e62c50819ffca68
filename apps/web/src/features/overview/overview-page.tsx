import { Show } from "solid-js";
import { useSession } from "../../session/session.tsx";
import { ConnectionNote } from "../../shell/connection-note.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { RecentActivity } from "../activity/recent-activity.tsx";
import { ScansSection } from "../scans/scans-section.tsx";
import { BalanceCard } from "./balance-card.tsx";
import { LotsSection } from "./lots-section.tsx";

export function OverviewPage() {
  const session = useSession();
  return (
    <>
      <div class="page-top">
        <div>
          <PageHeading title="Account Overview" />
          <p class="page-top__account">
            <Show when={session.me()} fallback={"\u00a0"}>
              {(me) => me().account.name}
            </Show>
          </p>
        </div>
        <ConnectionNote />
      </div>
      <div class="overview">
        <BalanceCard />
        <ScansSection />
        <LotsSection />
        <RecentActivity />
      </div>
    </>
  );
}
