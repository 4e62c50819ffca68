/** The server's present, ticking, for everything on the page that counts down or grows old. */
import {
  type Accessor,
  createContext,
  createSignal,
  onCleanup,
  type ParentProps,
  useContext,
} from "solid-js";
import { type ServerClock, serverNow } from "./server-clock.ts";

export interface ServerTime {
  /** Changes every second, or several times a second while a test clock runs fast. */
  now: Accessor<number>;
  clock: Accessor<ServerClock>;
  /** The server told a rate, which only a test clock has: this is a sandbox. */
  isTestClock: Accessor<boolean>;
  /** Takes the server's word for what time it is. The rate stays unless it is told. */
  follow(word: { serverMs: number; rate?: number }): void;
}

const FAST_TICK_MS = 200;

export function createServerTime(): ServerTime {
  const start = Date.now();
  const [clock, setClock] = createSignal<ServerClock>({ serverMs: start, localMs: start, rate: 1 });
  const [now, setNow] = createSignal(start);
  const [isTestClock, setTestClock] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tick(): void {
    const current = Math.floor(serverNow(clock(), Date.now()));
    setNow(current);
    clearTimeout(timer);
    // On the server's full second, so that every countdown on the page turns over together.
    timer = setTimeout(tick, clock().rate === 1 ? 1000 - (current % 1000) : FAST_TICK_MS);
  }

  tick();
  onCleanup(() => clearTimeout(timer));

  return {
    now,
    clock,
    isTestClock,
    follow({ serverMs, rate }) {
      if (rate !== undefined) setTestClock(true);
      setClock((known) => ({ serverMs, localMs: Date.now(), rate: rate ?? known.rate }));
      tick();
    },
  };
}

const ServerTimeContext = createContext<ServerTime>();

export function ServerTimeProvider(props: ParentProps) {
  return (
    <ServerTimeContext.Provider value={createServerTime()}>
      {props.children}
    </ServerTimeContext.Provider>
  );
}

export function useServerTime(): ServerTime {
  const time = useContext(ServerTimeContext);
  if (!time) throw new Error("the server's time is provided above every page");
  return time;
}
