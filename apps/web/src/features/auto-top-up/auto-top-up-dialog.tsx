import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { Show } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { createAutoTopUp } from "./create-auto-top-up.ts";
import { SettingsForm } from "./settings-form.tsx";

/** The form over Account Overview. Whatever is typed in it is given up when it closes. */
export default function AutoTopUpDialog(props: { isOpen: boolean; onClose: () => void }) {
  return (
    <Dialog isOpen={props.isOpen} isForm title="Auto top-up configuration" onClose={props.onClose}>
      <Show when={props.isOpen}>
        <Configuration onClose={props.onClose} />
      </Show>
    </Dialog>
  );
}

function Configuration(props: { onClose: () => void }) {
  const feed = useBalanceFeed();
  const notices = usePassingNotices();
  const autoTopUp = createAutoTopUp();

  function saved(view: AutoTopUpView): void {
    notices.leave({ path: "/account", text: savedInWords(view) });
    feed.refresh();
    props.onClose();
  }

  return (
    <Show
      when={autoTopUp.view()}
      fallback={
        <>
          <Show when={autoTopUp.hasFailed()}>
            <Notice tone="failure">The settings could not be loaded. Trying again…</Notice>
          </Show>
          <Skeleton what="the settings" rows={3} look="row" />
          <div class="dialog__actions">
            <Button onClick={props.onClose}>Cancel</Button>
          </div>
        </>
      }
    >
      {(view) => (
        <SettingsForm
          view={view()}
          surface="overview"
          saveLabel="SAVE"
          withoutCard="No card is saved yet. Save these settings, then add a card on Account Overview: they wait for it."
          takesFocus
          onSaved={saved}
          cancel={<Button onClick={props.onClose}>Cancel</Button>}
        />
      )}
    </Show>
  );
}

function savedInWords({ enabled, status }: AutoTopUpView): string {
  if (!enabled) return "Auto top-up saved. It is off.";
  return status === "waiting_for_payment_method"
    ? "Auto top-up saved. It waits for a card."
    : "Auto top-up saved. It is on.";
}
