import { For, Show } from "solid-js";
import { Notice } from "../../ui/notice.tsx";
import type { SettingsField, SettingsProblems } from "./entered-settings.ts";

/** The name of the input where each is mended. */
const inputOf: Record<SettingsField, string> = {
  quantity: "quantity",
  triggers: "outOfCredits",
  threshold: "threshold",
  monthlyLimitMinor: "monthlyLimit",
};

const titles: Record<SettingsField, string> = {
  quantity: "Credits to buy each time",
  triggers: "When to buy",
  threshold: "Threshold",
  monthlyLimitMinor: "Monthly limit",
};

/** What keeps the settings from being saved, each with the way to its field. */
export function ProblemList(props: { problems: SettingsProblems; form: HTMLFormElement }) {
  const found = () => Object.entries(props.problems) as [SettingsField, string][];
  return (
    <Show when={found().length > 0}>
      <Notice tone="failure">
        <p>Not saved yet. Please look at:</p>
        <ul class="auto__problems">
          <For each={found()}>
            {([field, problem]) => (
              <li>
                <button
                  type="button"
                  class="link link--target"
                  onClick={() =>
                    props.form.querySelector<HTMLElement>(`[name=${inputOf[field]}]`)?.focus()
                  }
                >
                  {titles[field]}: {problem}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Notice>
    </Show>
  );
}
