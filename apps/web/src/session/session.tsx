/** Who is signed in. Asked once when the page opens, and again after signing in. */
import {
  type Accessor,
  createContext,
  createSignal,
  onCleanup,
  type ParentProps,
  useContext,
} from "solid-js";
import { callFailureOf } from "../api/call-failure.ts";
import { api, type Me } from "../api/client.ts";
import { retryDelayMs } from "../live/retry-delay.ts";

export type SessionState =
  | { is: "loading" }
  /** Not known yet, because the server does not answer. It is being tried again. */
  | { is: "unreachable" }
  | { is: "signed-in"; me: Me }
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
      setState({ is: "signed-in", me: await api.me.query() });
      failures = 0;
    } catch (error) {
      if (callFailureOf(error).is === "signed-out") return end();
      setState((was) => (was.is === "signed-in" ? was : { is: "unreachable" }));
      timer = setTimeout(() => void load(), retryDelayMs(failures));
      failures += 1;
    }
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
