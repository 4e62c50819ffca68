import { type Accessor, createSignal, onCleanup } from "solid-js";

const EVERY_MS = 60_000;

/**
 * Rises every minute and when somebody comes back to the page: a reason to ask again about what
 * changes without a change of the account. A page nobody looks at asks for nothing.
 */
export function createEveryMinute(): Accessor<number> {
  const [count, setCount] = createSignal(0);
  const rise = () => {
    if (document.visibilityState === "visible") setCount((known) => known + 1);
  };
  const interval = setInterval(rise, EVERY_MS);
  document.addEventListener("visibilitychange", rise);
  onCleanup(() => {
    clearInterval(interval);
    document.removeEventListener("visibilitychange", rise);
  });
  return count;
}
