/**
 * What the page knows of an account, folded from live frames and fetched overviews, whichever way
 * they arrive: late, twice, out of order, with holes. Frames and overviews are complete states, so
 * the newest one wins and nothing is ever added up here.
 */
import type { Balance, LiveFrame, NextExpiry, Overview } from "@scanmeter/contracts/live";
import type { ScanView } from "@scanmeter/contracts/scans";

/** The part that frames and overviews have in common. */
export interface Reading {
  version: number;
  /** The server's instant of the reading, epoch milliseconds. */
  readAt: number;
  balance: Balance;
  nextExpiry: NextExpiry | null;
  runningScans: readonly ScanView[];
}

export interface BalanceState {
  newest: Reading | null;
  /** The last overview, for what frames do not carry: the lots. It may be older than `newest`. */
  overview: Overview | null;
}

export type BalanceEvent =
  | { type: "frame"; frame: LiveFrame }
  | { type: "overview"; overview: Overview };

export const unknownBalance: BalanceState = { newest: null, overview: null };

/** Returns the same object when the event brings nothing newer, so that nothing on screen moves. */
export function reduceBalance(state: BalanceState, event: BalanceEvent): BalanceState {
  if (event.type === "frame") {
    const reading = readingOf(event.frame);
    return isNewer(reading, state.newest) ? { ...state, newest: reading } : state;
  }
  const reading = readingOf(event.overview);
  const overview = isNewer(reading, state.overview && readingOf(state.overview))
    ? event.overview
    : state.overview;
  const newest = isNewer(reading, state.newest) ? reading : state.newest;
  return overview === state.overview && newest === state.newest ? state : { newest, overview };
}

/**
 * Whether lots and history on screen are older than the balance beside them. One step of the
 * version is enough, because every posting moves a lot or adds a line; a gap is only more of it.
 */
export function wantsOverview(state: BalanceState): boolean {
  if (state.newest === null) return false;
  return state.overview === null || state.overview.version < state.newest.version;
}

/**
 * The version orders what was written. Credits also expire by the clock alone, without a write, so
 * of two readings of one version the later one is the newer.
 */
function isNewer(reading: Reading, than: Reading | null): boolean {
  if (than === null) return true;
  if (reading.version !== than.version) return reading.version > than.version;
  return reading.readAt > than.readAt;
}

function readingOf(source: LiveFrame | Overview): Reading {
  return {
    version: source.version,
    readAt: Date.parse(source.now),
    balance: source.balance,
    nextExpiry: source.nextExpiry,
    runningScans: source.runningScans,
  };
}
