/**
 * How many notices this member has not read. Asked whenever the account is read anew, when somebody
 * comes back to the page, and every minute, because the clock alone brings some of them.
 */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher } from "../../live/make-refresher.ts";

/** What is told of a change is decided just after it. */
const AFTERWARDS_MS = 3_000;
const EVERY_MS = 60_000;

export interface Unread {
  readonly count: number;
  /** Of all notices, read or not. */
  readonly newestTitle: string | null;
}

export interface UnreadNotices {
  /** Null until the first answer. */
  unread: Accessor<Unread | null>;
  /** Rises with each question; a list of notices is fetched along with it. */
  round: Accessor<number>;
  /** Something was marked as read, which leaves so many. */
  leave(count: number): void;
}

export function createUnreadNotices(deps: {
  isSignedIn: Accessor<boolean>;
  /** Rises whenever the account is read anew. */
  accountRound: Accessor<number>;
}): UnreadNotices {
  const [unread, setUnread] = createSignal<Unread | null>(null);
  const [round, setRound] = createSignal(0);
  let marks = 0;

  const refresher = makeRefresher(async () => {
    setRound((count) => count + 1);
    const asked = marks;
    try {
      const { unread: count, items } = await api.notices.list.query({ limit: 1 });
      // What was marked as read meanwhile is not unread again.
      if (asked === marks) setUnread({ count, newestTitle: items[0]?.title ?? null });
      return "done";
    } catch {
      return "failed";
    }
  });

  /** A page nobody looks at asks when somebody does. */
  const ask = () => {
    if (deps.isSignedIn() && document.visibilityState === "visible") refresher.ask();
  };

  createEffect(
    on([deps.isSignedIn, deps.accountRound], () => {
      ask();
      const timer = setTimeout(ask, AFTERWARDS_MS);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  const interval = setInterval(ask, EVERY_MS);
  window.addEventListener("focus", ask);
  document.addEventListener("visibilitychange", ask);
  onCleanup(() => {
    clearInterval(interval);
    window.removeEventListener("focus", ask);
    document.removeEventListener("visibilitychange", ask);
    refresher.stop();
  });

  return {
    unread,
    round,
    leave(count) {
      marks += 1;
      setUnread((known) => known && { ...known, count });
    },
  };
}
