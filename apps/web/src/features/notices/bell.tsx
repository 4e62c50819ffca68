import { useLocation } from "@solidjs/router";
import { Show } from "solid-js";
import { bellInWords, countAtBell } from "./notice-words.ts";
import { useUnreadNotices } from "./unread-notices.tsx";

/** The way to the notices, from every page, with how many of them are unread. */
export function Bell() {
  const { unread } = useUnreadNotices();
  const location = useLocation();
  const count = () => unread()?.count ?? 0;
  return (
    <a
      class="bell"
      href="/notices"
      title={bellInWords(unread())}
      aria-current={location.pathname === "/notices" ? "page" : undefined}
    >
      <svg class="bell__icon" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 18.5a2 2 0 0 0 4 0" />
      </svg>
      <Show when={count() > 0}>
        <span class="bell__count" aria-hidden="true">
          {countAtBell(count())}
        </span>
      </Show>
      <span class="visually-hidden">{bellInWords(unread())}</span>
    </a>
  );
}
