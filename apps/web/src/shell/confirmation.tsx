import { createEffect, createSignal, on, type ParentProps, Show } from "solid-js";
import { callFailureOf } from "../api/call-failure.ts";
import { sentenceOf } from "../api/failure-sentences.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";

interface ConfirmationProps extends ParentProps {
  isOpen: boolean;
  title: string;
  /** What the button that does it says, and what it says meanwhile. */
  act: string;
  busyText: string;
  cancel: string;
  isDanger?: boolean;
  /** Throws what the call throws; whoever opened it closes it after a success. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something that matters is done, and stays with the reason when it could not be done. */
export function Confirmation(props: ConfirmationProps) {
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  createEffect(
    on(
      () => props.isOpen,
      () => setProblem(null),
    ),
  );

  async function confirm(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await props.onConfirm();
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
    }
    setBusy(false);
  }

  return (
    <Dialog isOpen={props.isOpen} title={props.title} onClose={props.onClose}>
      {props.children}
      <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
      <div class="dialog__actions">
        <Button onClick={props.onClose}>{props.cancel}</Button>
        <Button
          look={props.isDanger ? "danger" : "primary"}
          isBusy={isBusy()}
          busyText={props.busyText}
          onClick={() => void confirm()}
        >
          {props.act}
        </Button>
      </div>
    </Dialog>
  );
}
