import { createEffect, createSignal, on, onCleanup } from "solid-js";
import { arrivalInWords } from "./notice-words.ts";
import { useUnreadNotices } from "./unread-notices.tsx";

/** Notices that come within this time of the first are one announcement. */
const BATCH_MS = 1_500;

/** Tells a screen reader, politely and once per burst, that something was told. */
export function NoticeAnnouncer() {
  const { unread } = useUnreadNotices();
  const [sentence, setSentence] = createSignal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  createEffect(
    on(unread, (now, before) => {
      // How many there are at first is said by the bell.
      if (!now || !before || arrivalInWords(before, now) === "") return;
      timer ??= setTimeout(() => {
        timer = undefined;
        setSentence(arrivalInWords(before, unread() ?? before));
      }, BATCH_MS);
      // The same words twice would be no news to the reader.
      setSentence("");
    }),
  );

  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {sentence()}
    </p>
  );
}
