/**
 * Who is signed in, for which account and as what. Asked when the page opens, after signing in, and
 * whenever it may have changed: roles are given and taken, and another tab may act for another account.
 */
import {
  type Accessor,
  createContext,
  createSignal,
  onCleanup,
  type ParentProps,
  useContext,
} from "solid-js";
import { callFailureOf } from "../api/call-failure.ts";
import { api, type Me, showAccount } from "../api/client.ts";
import { retryDelayMs } from "../live/retry-delay.ts";
import { startAnew } from "./left-notice.ts";

export type SessionState =
  | { is: "loading" }
  /** Not known yet, because the server does not answer. It is being tried again. */
  | { is: "unreachable" }
  | { is: "signed-in"; me: Me }
  /** Another account is acted for now, and the whole page is on its way to being loaded anew. */
  | { is: "leaving" }
  | { is: "signed-out"; wasSignedIn: boolean };

export interface Session {
  state: Accessor<SessionState>;
  me: Accessor<Me | undefined>;
  /** Asks the server again; settles once the answer is in `state`. */
  load(): Promise<void>;
  /** The server said that the session is over. */
  end(): void;
}

function createSession(): Session {
  const [state, setState] = createSignal<SessionState>({ is: "loading" });
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  const me = () => {
    const current = state();
    return current.is === "signed-in" ? current.me : undefined;
  };

  function end(): void {
    setState((was) =>
      was.is === "signed-out" ? was : { is: "signed-out", wasSignedIn: was.is === "signed-in" },
    );
  }

  async function load(): Promise<void> {
    clearTimeout(timer);
    try {
      take(await api.me.query());
      failures = 0;
    } catch (error) {
      if (callFailureOf(error).is === "signed-out") return end();
      const isKept = state().is === "signed-in" || state().is === "leaving";
      if (!isKept) setState({ is: "unreachable" });
      timer = setTimeout(() => void load(), retryDelayMs(failures));
      failures += 1;
    }
  }

  /** Nothing of one account is shown beside another's, and nothing typed for it can be saved. */
  function leave({ account: was }: Me, { account: is }: Me): void {
    setState({ is: "leaving" });
    startAnew(`You no longer act for ${was.name} here. This is ${is.name}.`);
  }

  function take(me: Me): void {
    const was = state();
    if (was.is === "leaving") return;
    if (was.is !== "signed-in") {
      showAccount(me.account.id);
      setState({ is: "signed-in", me });
    } else if (was.me.account.id !== me.account.id) leave(was.me, me);
    // The same answer changes nothing, and nothing is drawn anew.
    else if (JSON.stringify(was.me) !== JSON.stringify(me)) setState({ is: "signed-in", me });
  }

  void load();
  return { state, me, load, end };
}

const SessionContext = createContext<Session>();

export function SessionProvider(props: ParentProps) {
  return (
    <SessionContext.Provider value={createSession()}>{props.children}</SessionContext.Provider>
  );
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("the session is provided above every page");
  return session;
}
