import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { createSignal, Match, Show, Suspense, Switch } from "solid-js";
import { later } from "../../ui/later.ts";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { useCheckout } from "./checkout-context.tsx";

const SettingsForm = later(async () => {
  const { SettingsForm } = await import("../auto-top-up/settings-form.tsx");
  return { default: SettingsForm };
});

/**
 * Automatic top-ups beside the order. They are no part of it: their own button saves them, and they
 * stay whatever becomes of the order.
 */
export function AutoTopUpPlace(props: { onDirty: (isDirty: boolean) => void }) {
  const { autoTopUp } = useCheckout();
  const [isDirty, setDirty] = createSignal(false);
  const [wasSaved, setSaved] = createSignal(false);

  function dirty(is: boolean): void {
    setDirty(is);
    props.onDirty(is);
  }

  function saved(view: AutoTopUpView): void {
    autoTopUp.take(view);
    setSaved(true);
  }

  return (
    <section class="card checkout__card" aria-labelledby="auto-top-up-title">
      <h2 id="auto-top-up-title" class="card__title">
        Auto top-up
      </h2>
      <Show
        when={autoTopUp.view()}
        fallback={
          <>
            <Show when={autoTopUp.hasFailed()}>
              <Notice tone="failure">The settings could not be loaded. Trying again…</Notice>
            </Show>
            <Grey />
          </>
        }
      >
        {(view) => (
          <Suspense fallback={<Grey />}>
            <SettingsForm
              view={view()}
              surface="checkout"
              saveLabel="Save auto top-up"
              withoutCard="No card is saved yet. These settings are saved without one, and the next step, Billing and Payment, asks for it."
              onSaved={saved}
              onDirty={dirty}
            >
              <p class="auto__state" role="status">
                <Switch>
                  <Match when={isDirty()}>
                    <strong>Unsaved.</strong> Continue does not save this.
                  </Match>
                  <Match when={view().enabled}>
                    <strong>Saved.</strong> Stays on even if you leave this page.
                  </Match>
                  <Match when={wasSaved()}>
                    <strong>Saved.</strong> Stays off.
                  </Match>
                </Switch>
              </p>
            </SettingsForm>
          </Suspense>
        )}
      </Show>
    </section>
  );
}

function Grey() {
  return <Skeleton what="the settings of auto top-up" rows={1} look="row" />;
}
