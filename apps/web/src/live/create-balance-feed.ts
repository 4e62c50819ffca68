/**
 * Owns the live line of one account: the subscription, its retries and the fetches that fill in
 * what frames do not carry. The decisions are in the reducers beside it; this file only connects.
 */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { callFailureOf } from "../api/call-failure.ts";
import { api } from "../api/client.ts";
import { expiryCheckDelayMs } from "../time/server-clock.ts";
import type { ServerTime } from "../time/server-time.tsx";
import {
  type BalanceEvent,
  type BalanceState,
  reduceBalance,
  unknownBalance,
  wantsOverview,
} from "./balance-reducer.ts";
import {
  type Connection,
  type ConnectionEvent,
  notConnected,
  reduceConnection,
} from "./connection.ts";
import { makeRefresher } from "./make-refresher.ts";
import { retryDelayMs } from "./retry-delay.ts";

/** While the WebSocket is away the balance is still fetched, for networks that let no socket through. */
const FETCH_WITHOUT_SOCKET_MS = 10_000;

export interface BalanceFeed {
  state: Accessor<BalanceState>;
  connection: Accessor<Connection>;
  /** Rises with each fetch of the overview; a section with data of its own fetches along with it. */
  round: Accessor<number>;
  /** The last fetch failed, so lots and history may be older than the balance. It is tried again. */
  isFetchFailing: Accessor<boolean>;
  /** The local instant of the last fetched overview, epoch milliseconds. */
  fetchedAt: Accessor<number>;
  /** Asks for a fresh overview soon. */
  refresh(): void;
}

export function createBalanceFeed(deps: {
  time: ServerTime;
  /** The live line is opened only for somebody known to be signed in. */
  isSignedIn: Accessor<boolean>;
  onRefused: () => void;
  /** The line was away and is back. The server also cuts it when somebody acts for another account. */
  onBack: () => void;
}): BalanceFeed {
  const [state, setState] = createSignal<BalanceState>(unknownBalance);
  const [connection, setConnection] = createSignal<Connection>(notConnected);
  const [round, setRound] = createSignal(0);
  const [isFetchFailing, setFetchFailing] = createSignal(false);
  const [fetchedAt, setFetchedAt] = createSignal(0);

  const tell = (event: ConnectionEvent) => setConnection((was) => reduceConnection(was, event));

  function take(event: BalanceEvent): void {
    tell({ type: "value", at: Date.now() });
    const was = state();
    const is = setState(reduceBalance(was, event));
    if (is.newest && is.newest !== was.newest) deps.time.follow({ serverMs: is.newest.readAt });
    if (wantsOverview(is)) refresher.ask();
  }

  function refuse(): void {
    tell({ type: "refused" });
    stop();
    deps.onRefused();
  }

  const refresher = makeRefresher(async () => {
    setRound((count) => count + 1);
    try {
      take({ type: "overview", overview: await api.account.overview.query() });
      setFetchFailing(false);
      setFetchedAt(Date.now());
      return "done";
    } catch (error) {
      if (callFailureOf(error).is === "signed-out") refuse();
      setFetchFailing(true);
      return "failed";
    }
  });

  let subscription: { unsubscribe(): void } | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function subscribe(): void {
    subscription = api.account.live.subscribe(
      {},
      {
        onStarted() {
          failures = 0;
          const wasAway = connection().is === "reconnecting";
          tell({ type: "started", at: Date.now() });
          if (!wasAway) return;
          // Credits may have expired meanwhile, which no version and so no frame would tell.
          refresher.ask();
          deps.onBack();
        },
        onData: ({ data }) => take({ type: "frame", frame: data }),
        onConnectionStateChange({ state, error }) {
          if (state === "connecting" && error) tell({ type: "dropped", at: Date.now() });
        },
        onError(error) {
          if (callFailureOf(error).is === "signed-out") refuse();
          else subscribeAgain();
        },
        onStopped: subscribeAgain,
      },
    );
  }

  /** The line itself reconnects by its own rules; this is for a subscription that ended on a good line. */
  function subscribeAgain(): void {
    if (connection().is === "refused") return;
    tell({ type: "dropped", at: Date.now() });
    refresher.ask();
    clearTimeout(retry);
    retry = setTimeout(subscribe, retryDelayMs(failures));
    failures += 1;
  }

  function stop(): void {
    refresher.stop();
    clearTimeout(retry);
    subscription?.unsubscribe();
  }

  refresher.ask();
  createEffect(() => {
    if (deps.isSignedIn() && !subscription) subscribe();
  });
  createEffect(
    on(
      () => connection().is,
      (is) => {
        if (is !== "reconnecting") return;
        const timer = setInterval(refresher.ask, FETCH_WITHOUT_SOCKET_MS);
        onCleanup(() => clearInterval(timer));
      },
    ),
  );
  createEffect(() => {
    const expiresAt = state().newest?.nextExpiry?.at;
    const clock = deps.time.clock();
    if (!expiresAt) return;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const check = expiryCheckDelayMs(clock, {
        expiresAt: Date.parse(expiresAt),
        localMs: Date.now(),
      });
      timer = setTimeout(check.isDue ? refresher.ask : wait, check.ms);
    };
    wait();
    onCleanup(() => clearTimeout(timer));
  });
  window.addEventListener("online", refresher.ask);
  onCleanup(() => {
    window.removeEventListener("online", refresher.ask);
    stop();
  });

  return {
    // Dates need the account's time zone, which comes with the session; until then nothing is shown.
    state: () => (deps.isSignedIn() ? state() : unknownBalance),
    connection,
    round,
    isFetchFailing,
    fetchedAt,
    refresh: refresher.ask,
  };
}
