import { type Accessor, createSignal, onCleanup } from "solid-js";

export interface Width {
  ref: (element: Element) => void;
  /** In whole pixels; 0 before it is known. */
  width: Accessor<number>;
}

/** How wide an element is, for what is drawn in pixels: text in a drawing that is stretched cannot be read. */
export function createWidth(): Width {
  const [width, setWidth] = createSignal(0);
  const observer = new ResizeObserver(([entry]) => {
    if (entry) setWidth(Math.floor(entry.contentRect.width));
  });
  onCleanup(() => observer.disconnect());
  return { ref: (element) => observer.observe(element), width };
}
