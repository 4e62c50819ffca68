/**
 * How much anybody may ask of one edge process, in one place. The defaults suit people and runners;
 * a load test or a large office behind one address is given others by whoever composes the edge.
 */
import { settings } from "@scanmeter/core";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const KIB = 1_024;

export interface RateLimit {
  readonly windowSeconds: number;
  readonly max: number;
}

export interface EdgeLimits {
  /** A request body, however it is sent. Every command fits many times over. */
  readonly bodyBytesMax: number;
  /** How long a client may take to send a request. */
  readonly requestWithinMs: number;
  /** Calls in one HTTP or WebSocket batch. */
  readonly batchSizeMax: number;

  /** Files of an account's history that are being made at once. */
  readonly exportsMax: number;
  readonly exportsPerUserMax: number;
  /** A file is given up when nobody has read on for so long. */
  readonly exportStalledMs: number;

  readonly socketPayloadBytesMax: number;
  readonly socketFragmentsMax: number;
  /** Messages a socket may send within a second; a page sends one or two in its life. */
  readonly socketMessagesPerSecondMax: number;
  /** A page needs one subscription, a runner one per scan it runs. */
  readonly subscriptionsPerSocketMax: number;
  /** Open tabs of one person. */
  readonly socketsPerUserMax: number;
  /** Scans that listen with one runner key at once; more still hear their directives with each heartbeat. */
  readonly socketsPerRunnerKeyMax: number;
  readonly socketsPerAddressMax: number;
  readonly socketsMax: number;
  /** A reader this far behind is cut off; it comes back and starts from the newest frame. */
  readonly socketBufferedBytesMax: number;
  /** A reader this far behind gets no more frames until it has caught up, and then only the newest. */
  readonly socketCongestedBytes: number;
  /** For the connection params a socket promised, and for its first message. */
  readonly socketSpeaksWithinMs: number;
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  /** How long a socket that was told to close may take to do so. */
  readonly socketGoodbyeWithinMs: number;
  /** A socket is asked to come back after this long, whatever it does. */
  readonly socketLifetimeMs: number;

  /** A session may be believed this long without being read again. */
  readonly sessionBelievedMs: number;
  /** How often open sockets are checked for sessions that ended and keys that were revoked. */
  readonly identityCheckEveryMs: number;

  /** The shortest time between two frames of one account; what happens in between is one frame. */
  readonly frameEveryMs: number;

  /** How often watched accounts are compared with the database, in case a notice was lost. */
  readonly liveCheckEveryMs: number;

  /** Sockets told to come back at once while draining, and how long until the next ones. */
  readonly drainSlice: number;
  readonly drainSliceEveryMs: number;
  /** How long calls in flight may take to finish. */
  readonly drainWithinMs: number;

  /** Per address and path. */
  readonly signIn: RateLimit;
  readonly signUp: RateLimit;
  readonly passwordReset: RateLimit;
  readonly otherAuth: RateLimit;
}

export const defaultLimits: EdgeLimits = {
  bodyBytesMax: 64 * KIB,
  requestWithinMs: 30 * SECOND,
  batchSizeMax: 10,

  exportsMax: 20,
  exportsPerUserMax: 2,
  exportStalledMs: 30 * SECOND,

  socketPayloadBytesMax: 16 * KIB,
  socketFragmentsMax: 16,
  socketMessagesPerSecondMax: 100,
  subscriptionsPerSocketMax: 5,
  socketsPerUserMax: 10,
  socketsPerRunnerKeyMax: 10,
  socketsPerAddressMax: 100,
  socketsMax: 20_000,
  socketBufferedBytesMax: 1_024 * KIB,
  socketCongestedBytes: 64 * KIB,
  socketSpeaksWithinMs: 5 * SECOND,
  pingEveryMs: 30 * SECOND,
  pongWithinMs: 10 * SECOND,
  socketGoodbyeWithinMs: 2 * SECOND,
  socketLifetimeMs: 12 * 60 * MINUTE,

  sessionBelievedMs: 2 * SECOND,
  identityCheckEveryMs: 2 * SECOND,

  frameEveryMs: 100,
  liveCheckEveryMs: settings.liveCheckEveryMs,

  drainSlice: 500,
  drainSliceEveryMs: 100,
  drainWithinMs: 10 * SECOND,

  signIn: { windowSeconds: 60, max: 30 },
  signUp: { windowSeconds: 60, max: 30 },
  passwordReset: { windowSeconds: 60, max: 5 },
  otherAuth: { windowSeconds: 10, max: 100 },
};
