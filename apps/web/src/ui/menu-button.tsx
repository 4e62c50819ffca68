/** A button that opens a menu below its right edge, operable by keyboard alone (ARIA menu button). */
import { createSignal, createUniqueId, For, type JSX, onCleanup, Show } from "solid-js";
import { focusedAfterKey, focusedAfterLetter } from "./menu-keys.ts";

export type MenuItem = {
  label: string;
  /** In smaller letters below the label. */
  note?: string;
  isFirstOfKind?: boolean;
  /** For one of several of which one is chosen; absent for everything else. */
  isChosen?: boolean;
} & ({ href: string } | { onSelect: () => void });

interface MenuButtonProps {
  /** What the button is called; its content may be a picture. */
  label: string;
  children: JSX.Element;
  /** Shown above the items; not an item. */
  heading?: JSX.Element;
  items: readonly MenuItem[];
}

export function MenuButton(props: MenuButtonProps) {
  const id = createUniqueId();
  const [isOpen, setOpen] = createSignal(false);
  let root!: HTMLDivElement;
  let button!: HTMLButtonElement;

  const itemElements = () => [...root.querySelectorAll<HTMLElement>("[role^=menuitem]")];

  function open(focus: "first" | "last"): void {
    setOpen(true);
    itemElements()
      .at(focus === "first" ? 0 : -1)
      ?.focus();
  }

  function close({ returnFocus }: { returnFocus: boolean }): void {
    setOpen(false);
    if (returnFocus) button.focus();
  }

  function onButtonKey(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(event.key === "ArrowDown" ? "first" : "last");
  }

  function onMenuKey(event: KeyboardEvent): void {
    if (event.key === "Escape" || event.key === "Tab") {
      // With Tab the focus goes on to what follows, as the browser does it.
      close({ returnFocus: event.key === "Escape" });
      return;
    }
    const elements = itemElements();
    const focused = elements.indexOf(document.activeElement as HTMLElement);
    if (event.key === " ") {
      event.preventDefault();
      elements[focused]?.click();
      return;
    }
    const next =
      focusedAfterKey(event.key, { focused, count: elements.length }) ??
      focusedAfterLetter(event.key, {
        focused,
        labels: elements.map((element) => element.textContent ?? ""),
      });
    if (next === undefined) return;
    event.preventDefault();
    elements[next]?.focus();
  }

  const closeWhenOutside = (event: Event) => {
    if (isOpen() && !root.contains(event.target as Node)) close({ returnFocus: false });
  };
  document.addEventListener("pointerdown", closeWhenOutside);
  document.addEventListener("focusin", closeWhenOutside);
  onCleanup(() => {
    document.removeEventListener("pointerdown", closeWhenOutside);
    document.removeEventListener("focusin", closeWhenOutside);
  });

  return (
    <div class="menu" ref={root}>
      <button
        ref={button}
        type="button"
        class="menu__button"
        id={`${id}-button`}
        aria-haspopup="menu"
        aria-expanded={isOpen()}
        aria-controls={isOpen() ? `${id}-menu` : undefined}
        onClick={() => (isOpen() ? close({ returnFocus: true }) : open("first"))}
        onKeyDown={onButtonKey}
      >
        {props.children}
        <span class="visually-hidden">{props.label}</span>
      </button>
      <Show when={isOpen()}>
        <div class="menu__popup">
          {props.heading}
          <div
            id={`${id}-menu`}
            role="menu"
            tabIndex={-1}
            aria-labelledby={`${id}-button`}
            onKeyDown={onMenuKey}
          >
            <For each={props.items}>
              {(item) => <MenuEntry item={item} onChosen={() => close({ returnFocus: true })} />}
            </For>
          </div>
        </div>
      </Show>
    </div>
  );
}

function MenuEntry(props: { item: MenuItem; onChosen: () => void }) {
  const shared = {
    tabIndex: -1,
    get role() {
      return props.item.isChosen === undefined ? "menuitem" : "menuitemradio";
    },
    get "aria-checked"() {
      return props.item.isChosen;
    },
    get class() {
      return `menu__item ${props.item.isFirstOfKind ? "menu__item--first" : ""}`;
    },
  } as const;
  return "href" in props.item ? (
    <a {...shared} href={props.item.href} onClick={() => props.onChosen()}>
      <MenuLabel item={props.item} />
    </a>
  ) : (
    <button
      {...shared}
      type="button"
      onClick={() => {
        props.onChosen();
        if ("onSelect" in props.item) props.item.onSelect();
      }}
    >
      <MenuLabel item={props.item} />
    </button>
  );
}

function MenuLabel(props: { item: MenuItem }) {
  return (
    <Show when={props.item.note} fallback={props.item.label}>
      <span class="menu__two-lines">
        {props.item.label} <span class="menu__note">{props.item.note}</span>
      </span>
    </Show>
  );
}
