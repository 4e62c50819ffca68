import { createUniqueId, Match, Show, Switch } from "solid-js";
import { formatMoney } from "../../format/money.ts";
import { usePlace } from "../../session/use-place.ts";
import type { SettingsForm } from "./create-settings-form.ts";
import { outlookInWords, settingsInWords } from "./settings-words.ts";

/** What the typed settings do, in sentences that follow the typing. */
export function SettingsSummary(props: { form: SettingsForm; withoutCard: string }) {
  const place = usePlace();
  const titleId = createUniqueId();
  const told = () => {
    const previewed = props.form.previewed();
    if (previewed === null) return null;
    const { settings, preview } = previewed;
    const { card, renewalDaysBefore } = props.form.saved();
    const { totalMinor, currency } = preview;
    return {
      what: settingsInWords({ ...settings, totalMinor, currency, card, renewalDaysBefore }),
      outlook: outlookInWords(preview, settings.triggers, place()),
      price: `${formatMoney(totalMinor, currency)} is today's price, tax included. The price at the time of purchase applies.`,
    };
  };
  return (
    <section class="auto__summary" aria-labelledby={titleId}>
      <h3 id={titleId} class="card__subtitle">
        What this does
      </h3>
      <div
        class="auto__sentences"
        aria-live="polite"
        aria-busy={props.form.isPreviewPending() ? "true" : undefined}
      >
        <Switch fallback={<p class="quiet">Complete the settings above to see what they do.</p>}>
          <Match when={props.form.previewProblem()}>
            {(problem) => <p>What this does could not be worked out. {problem()}</p>}
          </Match>
          <Match when={told()}>
            {(words) => (
              <>
                <p>{words().what}</p>
                <p>{words().outlook}</p>
                <p class="quiet">{words().price}</p>
                <Show when={props.form.saved().card === null}>
                  <p>{props.withoutCard}</p>
                </Show>
              </>
            )}
          </Match>
          <Match when={props.form.isPreviewPending()}>
            <p class="quiet">Working it out…</p>
          </Match>
        </Switch>
      </div>
    </section>
  );
}
