import type { TargetView, UsedTargetView } from "@scanmeter/contracts/targets";
import { createEffect, createSignal, Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { Fetched } from "../../shell/fetched.tsx";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/targets.css";
import { PageTop } from "../../shell/page-top.tsx";
import { Button } from "../../ui/button.tsx";
import { focusPageHeading } from "../../ui/page-heading.tsx";
import { rememberedRows, rememberRows } from "../../ui/remembered-rows.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StartScanDialog } from "../start-scan/start-scan-dialog.tsx";
import { AddTargetDialog } from "./add-target-dialog.tsx";
import { ArchiveTargetDialog } from "./archive-target-dialog.tsx";
import { ArchivedTargets } from "./archived-targets.tsx";
import { createTargets } from "./create-targets.ts";
import { SwitchModeDialog } from "./switch-mode-dialog.tsx";
import type { TargetAct } from "./target-item.tsx";
import { TargetList } from "./target-list.tsx";
import { archived, inUse, targetTitle } from "./target-words.ts";

/** What the account scans, what each target costs, and how a scan of it is started. */
export default function TargetsPage() {
  const feed = useBalanceFeed();
  const session = useSession();
  const notices = usePassingNotices();
  const list = createTargets(feed.round);
  const [dialog, setDialog] = createSignal<
    "add" | { act: TargetAct; target: UsedTargetView } | null
  >(null);
  const [expected, setExpected] = createSignal<string | null>(null);
  const all = () => (session.me() ? list.value() : undefined);
  const history = () => archived(all() ?? []);
  // Most who come here are owners; the button does not wait for the proof.
  const mayChange = () => (session.me()?.role ?? "owner") === "owner";
  const targetFor = (act: TargetAct) => {
    const open = dialog();
    return open !== null && open !== "add" && open.act === act ? open.target : null;
  };
  const close = () => setDialog(null);

  createEffect(() => {
    const targets = all();
    if (targets) rememberRows("targets", inUse(targets).length);
  });

  function done(told: string): void {
    close();
    notices.leave({ path: "/targets", text: told });
    list.refresh();
  }

  /** Reading goes on at the new one, as soon as it is there. */
  function added(target: TargetView): void {
    const isBack = history().some(({ id }) => id === target.id);
    const title = targetTitle(target);
    setExpected(target.id);
    done(isBack ? `${title} is back, with its history.` : `${title} is added.`);
  }

  createEffect(() => {
    const id = expected();
    if (id === null || !inUse(all() ?? []).some((target) => target.id === id)) return;
    setExpected(null);
    queueMicrotask(() => document.getElementById(id)?.focus());
  });

  /** The button that had the focus goes with the target. */
  function archivedOne(told: string): void {
    done(told);
    focusPageHeading();
  }

  return (
    <div class="targets">
      <PageTop title="Targets" below="times">
        <Show when={mayChange()}>
          <Button look="primary" onClick={() => setDialog("add")}>
            Add a target
          </Button>
        </Show>
      </PageTop>
      <Show when={!mayChange()}>
        <p class="quiet targets__read-only">
          <WhoMay who="owners" to="add, switch and archive targets" />
        </p>
      </Show>
      <section class="card" aria-label="Targets">
        <Fetched
          what="the targets"
          value={all()}
          from={list}
          skeleton={
            <Skeleton what="the targets" rows={rememberedRows("targets", 3)} look="target" />
          }
        >
          {(targets) => (
            <TargetList
              targets={inUse(targets())}
              mayChange={mayChange()}
              onAct={(act, target) => setDialog({ act, target })}
            />
          )}
        </Fetched>
      </section>
      <Show when={history().length > 0}>
        <ArchivedTargets targets={history()} mayChange={mayChange()} onRestored={added} />
      </Show>
      <AddTargetDialog isOpen={dialog() === "add"} onAdded={added} onClose={close} />
      <StartScanDialog target={targetFor("scan")} onClose={close} />
      <SwitchModeDialog target={targetFor("switch")} onDone={done} onClose={close} />
      <ArchiveTargetDialog target={targetFor("archive")} onDone={archivedOne} onClose={close} />
    </div>
  );
}
