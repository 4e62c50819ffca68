import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { For, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { createCommand } from "../../api/create-command.ts";
import { shortInstant } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { Button } from "../../ui/button.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { scansOfTarget } from "../scans/scan-filter.ts";
import { targetTitle, usageInWords } from "./target-words.ts";

/** Targets that are no longer scanned. Their history stays, and each can come back. */
export function ArchivedTargets(props: {
  targets: readonly UsedTargetView[];
  mayChange: boolean;
  onRestored: (target: UsedTargetView) => void;
}) {
  const place = usePlace();
  const command = createCommand<string>();

  async function restore(target: UsedTargetView): Promise<void> {
    const { url, name, mode } = target;
    await api.targets.create.mutate({ url, name, mode });
    props.onRestored(target);
  }

  return (
    <details class="card card--fold archived">
      <summary>
        Archived targets <span class="tag">{props.targets.length}</span>
      </summary>
      <FailureNotice text={command.problem()} />
      <ul class="archived__list">
        <For each={props.targets}>
          {(target) => (
            <li class="archived__target">
              <div>
                <p class="breakable">
                  <strong>{targetTitle(target)}</strong>
                </p>
                <p class="quiet">
                  Archived {shortInstant(Date.parse(target.archivedAt ?? ""), place())}
                </p>
              </div>
              <Show when={target.scans > 0} fallback={<span class="quiet">Never scanned</span>}>
                <a class="link--target" href={scansOfTarget(target.id)}>
                  {usageInWords(target)}
                  <span class="visually-hidden"> ({targetTitle(target)})</span>
                </a>
              </Show>
              <Show when={props.mayChange}>
                <Button
                  size="small"
                  isBusy={command.isBusy(target.id)}
                  busyText="Bringing back…"
                  onClick={() => void command.run(() => restore(target), target.id)}
                >
                  Bring back<span class="visually-hidden"> {targetTitle(target)}</span>
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </details>
  );
}
