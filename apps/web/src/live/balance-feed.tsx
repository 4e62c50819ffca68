/** Hands the one live line of the signed-in account to everything below the shell. */
import { createContext, type ParentProps, useContext } from "solid-js";
import { useSession } from "../session/session.tsx";
import { useServerTime } from "../time/server-time.tsx";
import { type BalanceFeed, createBalanceFeed } from "./create-balance-feed.ts";

const BalanceFeedContext = createContext<BalanceFeed>();

export function BalanceFeedProvider(props: ParentProps) {
  const session = useSession();
  const feed = createBalanceFeed({
    time: useServerTime(),
    isSignedIn: () => session.state().is === "signed-in",
    onRefused: session.end,
    onBack: () => void session.load(),
  });
  return <BalanceFeedContext.Provider value={feed}>{props.children}</BalanceFeedContext.Provider>;
}

export function useBalanceFeed(): BalanceFeed {
  const feed = useContext(BalanceFeedContext);
  if (!feed) throw new Error("the live balance is provided by the shell");
  return feed;
}
