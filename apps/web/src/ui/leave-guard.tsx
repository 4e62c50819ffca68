import { type BeforeLeaveEventArgs, useBeforeLeave } from "@solidjs/router";
import { createEffect, createSignal, onCleanup } from "solid-js";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

/**
 * Asks before something typed is lost: with our own dialog on the way to another page here, with the
 * browser's when the tab is closed or leads elsewhere. What is saved may be left without a question.
 */
export function LeaveGuard(props: { isDirty: boolean; what: string; title?: string }) {
  const [asking, setAsking] = createSignal<BeforeLeaveEventArgs | null>(null);

  useBeforeLeave((event) => {
    if (!props.isDirty || event.defaultPrevented || staysOnPage(event)) return;
    event.preventDefault();
    setAsking(event);
  });
  createEffect(() => {
    if (!props.isDirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    onCleanup(() => window.removeEventListener("beforeunload", ask));
  });

  return (
    <Dialog
      isOpen={asking() !== null}
      title={props.title ?? "Leave without saving?"}
      onClose={() => setAsking(null)}
    >
      <p>{props.what}</p>
      <div class="dialog__actions">
        <Button onClick={() => setAsking(null)}>Stay here</Button>
        <Button
          look="danger"
          onClick={() => {
            const event = asking();
            setAsking(null);
            event?.retry(true);
          }}
        >
          Leave
        </Button>
      </div>
    </Dialog>
  );
}

function staysOnPage({ from, to }: BeforeLeaveEventArgs): boolean {
  return typeof to === "string" && to.split(/[?#]/)[0] === from.pathname;
}
