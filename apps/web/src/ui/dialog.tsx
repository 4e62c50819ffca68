import { createEffect, createUniqueId, type ParentProps } from "solid-js";

interface DialogProps extends ParentProps {
  isOpen: boolean;
  title: string;
  /** It is wider, and a press outside does not close it: something may be typed. */
  isForm?: boolean;
  /** Escape, a press outside, or whatever else the browser takes for leaving. */
  onClose: () => void;
}

/** The browser's own modal dialog: it keeps the focus inside and gives it back afterwards. */
export function Dialog(props: DialogProps) {
  const titleId = createUniqueId();
  let dialog!: HTMLDialogElement;
  createEffect(() => {
    if (props.isOpen && !dialog.open) dialog.showModal();
    if (!props.isOpen && dialog.open) dialog.close();
  });
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.isForm ? "dialog--form" : ""}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // The owner's state closes the dialog, so that the two cannot disagree for a moment.
        event.preventDefault();
        props.onClose();
      }}
      onClose={() => {
        // Told late; by now it may be open again.
        if (!dialog.open) props.onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog && !props.isForm) props.onClose();
      }}
    >
      <div class="dialog__body">
        <h2 id={titleId} class="dialog__title">
          {props.title}
        </h2>
        {props.children}
      </div>
    </dialog>
  );
}
