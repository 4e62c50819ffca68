import { type Component, lazy } from "solid-js";

// biome-ignore lint/suspicious/noExplicitAny: whatever the part takes, it takes as before.
type Part = Component<any>;

/**
 * A part of a page that nobody needs for the first look. It is fetched once that look is on the
 * screen, because asking for files takes a slow machine as long as drawing the balance.
 */
export function later<Shown extends Part>(load: () => Promise<{ default: Shown }>) {
  return lazy(async () => {
    await isPainted();
    return load();
  });
}

/** What was drawn just now is on the screen. */
const isPainted = () =>
  new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
