/** Hands the number of unread notices to the bell and to the page behind it. */
import { createContext, type ParentProps, useContext } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { useSession } from "../../session/session.tsx";
import { createUnreadNotices, type UnreadNotices } from "./create-unread-notices.ts";

const UnreadNoticesContext = createContext<UnreadNotices>();

export function UnreadNoticesProvider(props: ParentProps) {
  const session = useSession();
  const notices = createUnreadNotices({
    isSignedIn: () => session.state().is === "signed-in",
    accountRound: useBalanceFeed().round,
  });
  return (
    <UnreadNoticesContext.Provider value={notices}>{props.children}</UnreadNoticesContext.Provider>
  );
}

export function useUnreadNotices(): UnreadNotices {
  const notices = useContext(UnreadNoticesContext);
  if (!notices) throw new Error("unread notices are counted by the shell");
  return notices;
}
