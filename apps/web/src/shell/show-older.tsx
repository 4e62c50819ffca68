import { Show } from "solid-js";
import { createCommand } from "../api/create-command.ts";
import { Button } from "../ui/button.tsx";
import { FailureNotice } from "../ui/notice.tsx";

/** The way to more of a long list, below it. */
export function ShowOlder(props: {
  isThere: boolean;
  /** Throws what the call throws. */
  show: () => Promise<void>;
  /** What takes the focus in each line, first to last. */
  lines: () => ArrayLike<HTMLElement>;
  label?: string;
  size?: "small";
  class?: string;
}) {
  const command = createCommand();

  async function show(): Promise<void> {
    const shown = props.lines().length;
    await props.show();
    // Reading goes on where it stopped; on the last page the button is gone.
    props.lines()[shown]?.focus();
  }

  return (
    <>
      <FailureNotice text={command.problem()} />
      <Show when={props.isThere}>
        <div class={props.class}>
          <Button
            size={props.size}
            isBusy={command.isBusy()}
            busyText="Loading…"
            onClick={() => void command.run(show)}
          >
            {props.label ?? "Show older"}
          </Button>
        </div>
      </Show>
    </>
  );
}
