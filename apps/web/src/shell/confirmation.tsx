import { type Accessor, createEffect, type JSX, on, Show } from "solid-js";
import { createCommand } from "../api/create-command.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { FailureNotice } from "../ui/notice.tsx";

interface ConfirmationProps<Subject> {
  /** What it is done to; null while nothing is asked. */
  about: Subject | null;
  title: string;
  /** What the button that does it says, and what it says meanwhile. */
  act: string;
  busyText: string;
  cancel: string;
  isDanger?: boolean;
  /** Throws what the call throws; whoever opened it closes it after a success. */
  onConfirm: (about: Subject) => Promise<void>;
  onClose: () => void;
  /** What comes of it. */
  children: (about: Accessor<Subject>) => JSX.Element;
}

/** Asks before something that matters is done, and stays with the reason when it could not be done. */
export function Confirmation<Subject extends object>(props: ConfirmationProps<Subject>) {
  const command = createCommand();
  const isOpen = () => props.about !== null;
  createEffect(on(isOpen, () => command.tell(null)));

  async function confirm(): Promise<void> {
    if (props.about !== null) await props.onConfirm(props.about);
  }

  return (
    <Dialog isOpen={isOpen()} title={props.title} onClose={props.onClose}>
      <Show when={props.about}>{(about) => props.children(about)}</Show>
      <FailureNotice text={command.problem()} />
      <div class="dialog__actions">
        <Button onClick={props.onClose}>{props.cancel}</Button>
        <Button
          look={props.isDanger ? "danger" : "primary"}
          isBusy={command.isBusy()}
          busyText={props.busyText}
          onClick={() => void command.run(confirm)}
        >
          {props.act}
        </Button>
      </div>
    </Dialog>
  );
}
