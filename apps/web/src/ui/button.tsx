import { type JSX, Show, splitProps } from "solid-js";

interface ButtonProps extends JSX.ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "primary" | "plain" | "quiet" | "danger";
  size?: "small" | undefined;
  /** Under way: presses are ignored, but the button keeps the focus, which `disabled` would drop. */
  isBusy?: boolean;
  /** What it says while under way. */
  busyText?: string;
}

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, [
    "look",
    "size",
    "isBusy",
    "busyText",
    "children",
    "onClick",
    "class",
  ]);
  return (
    <button
      type="button"
      {...rest}
      class={`button button--${own.look ?? "plain"} ${own.size === "small" ? "button--small" : ""} ${own.class ?? ""}`}
      aria-disabled={own.isBusy ? "true" : undefined}
      onClick={(event) => {
        if (own.isBusy) event.preventDefault();
        else if (typeof own.onClick === "function") own.onClick(event);
      }}
    >
      <Show when={own.isBusy}>
        <span class="spinner" aria-hidden="true" />
      </Show>
      {own.isBusy ? (own.busyText ?? own.children) : own.children}
    </button>
  );
}
