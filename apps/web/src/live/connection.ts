/** How the page stands to the server: what it may claim about the age of what it shows. */

export interface Connection {
  is: "loading" | "live" | "reconnecting" | "refused";
  /**
   * The last local instant at which the page was in touch, epoch milliseconds. While live that is
   * now, so it is only meaningful otherwise. A line that died silently is noticed by the keep-alive
   * within six seconds, so a shown age may be too small by that much.
   */
  inTouchAt: number | null;
}

export type ConnectionEvent =
  | { type: "started"; at: number }
  /** A frame or a fetched overview arrived. */
  | { type: "value"; at: number }
  | { type: "dropped"; at: number }
  /** The session is over: signed out elsewhere, or expired. */
  | { type: "refused" };

export const notConnected: Connection = { is: "loading", inTouchAt: null };

export function reduceConnection(state: Connection, event: ConnectionEvent): Connection {
  // Nothing that is still in flight may bring a signed-out page back to life.
  if (state.is === "refused") return state;
  switch (event.type) {
    case "started":
      return { is: "live", inTouchAt: event.at };
    case "value":
      return { is: state.is, inTouchAt: event.at };
    case "dropped":
      if (state.is === "reconnecting") return state;
      return { is: "reconnecting", inTouchAt: state.is === "live" ? event.at : state.inTouchAt };
    case "refused":
      return { is: "refused", inTouchAt: state.inTouchAt };
  }
}

/** How old the shown values may be, in milliseconds; null when nothing was received yet. */
export function ageOf(state: Connection, now: number): number | null {
  if (state.is === "live") return 0;
  return state.inTouchAt === null ? null : Math.max(0, now - state.inTouchAt);
}
