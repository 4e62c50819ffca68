/**
 * Turns "account A is at version N" into frames for whoever watches A. Accounts nobody watches cost
 * nothing; a watched one costs one read per change, however many sockets show it. A notice is only a
 * hint: lost, late, doubled and disordered ones are made good by the version check.
 */
import type { LiveNotice } from "@scanmeter/contracts/jobs";
import type { LiveFrame } from "@scanmeter/contracts/live";
import type { Logger } from "pino";
import { isNewerFrame } from "./frame-order.ts";

export type FrameListener = (frame: LiveFrame) => void;

/** The little the hub needs to know; the operations fulfil it. */
export interface LiveSource {
  liveFrame(accountId: string): Promise<LiveFrame>;
  versionsOf(accountIds: readonly string[]): Promise<Map<string, number>>;
  now(): number;
}

export interface HubDeps {
  readonly source: LiveSource;
  readonly log: Logger;
  readonly frameEveryMs: number;
  readonly checkEveryMs: number;
  readonly onRead?: () => void;
  readonly onFrame?: (listeners: number) => void;
}

/** An account somebody watches. */
interface Watched {
  readonly accountId: string;
  readonly listeners: Set<FrameListener>;
  newest: LiveFrame | null;
  /** The highest version anybody spoke of; while it is above `newest`, a read is due. */
  heardOf: number;
  reading: Promise<LiveFrame> | null;
  /** A read that starts once the current one is over, for somebody who needs to know what is true now. */
  nextReading: Promise<LiveFrame> | null;
  lastReadAt: number;
  pause: NodeJS.Timeout | null;
  expiry: NodeJS.Timeout | null;
}

/** Timers cannot wait longer; the version check looks at the instant again anyway. */
const TIMER_MAX_MS = 2 ** 31 - 1;
/** When the clock is a little behind the timer, or the sandbox's clock stands elsewhere. */
const EXPIRY_AGAIN_MS = 250;

export class BalanceHub {
  readonly #deps: HubDeps;
  readonly #watched = new Map<string, Watched>();
  readonly #check: NodeJS.Timeout;
  #isChecking = false;

  constructor(deps: HubDeps) {
    this.#deps = deps;
    this.#check = setInterval(() => void this.check(), deps.checkEveryMs);
    this.#check.unref();
  }

  get watchedAccounts(): number {
    return this.#watched.size;
  }

  /** Tells the listener of every change from now on. It is told the newest state, not every step. */
  watch(accountId: string, listener: FrameListener): () => void {
    const watched = this.#watched.get(accountId) ?? this.#begin(accountId);
    watched.listeners.add(listener);
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size === 0) this.#end(watched);
    };
  }

  /**
   * What is true now, read after this call, for an account that is being watched. Callers that come
   * while a read is under way share the one after it.
   */
  async snapshot(accountId: string): Promise<LiveFrame> {
    const watched = this.#watched.get(accountId);
    if (watched === undefined) return this.#deps.source.liveFrame(accountId);
    const frame = await this.#readAnew(watched);
    // What was read may be older than what listeners have been told, when a replica answered.
    return watched.newest !== null && isNewerFrame(watched.newest, frame) ? watched.newest : frame;
  }

  notice(notices: readonly LiveNotice[]): void {
    for (const { accountId, version } of notices) {
      const watched = this.#watched.get(accountId);
      if (watched !== undefined) this.#hear(watched, version);
    }
  }

  /** Compares every watched account with the database, for notices that were lost. */
  async check(): Promise<void> {
    if (this.#isChecking || this.#watched.size === 0) return;
    this.#isChecking = true;
    try {
      const versions = await this.#deps.source.versionsOf([...this.#watched.keys()]);
      const now = this.#deps.source.now();
      for (const watched of this.#watched.values()) {
        const version = versions.get(watched.accountId);
        if (version !== undefined) this.#hear(watched, version);
        if (expiryOf(watched.newest) <= now) this.#readSoon(watched);
      }
    } catch (error) {
      this.#deps.log.warn({ err: error }, "the versions of watched accounts could not be read");
    } finally {
      this.#isChecking = false;
    }
  }

  close(): void {
    clearInterval(this.#check);
    for (const watched of [...this.#watched.values()]) this.#end(watched);
  }

  #begin(accountId: string): Watched {
    const watched: Watched = {
      accountId,
      listeners: new Set(),
      newest: null,
      heardOf: -1,
      reading: null,
      nextReading: null,
      lastReadAt: Number.NEGATIVE_INFINITY,
      pause: null,
      expiry: null,
    };
    this.#watched.set(accountId, watched);
    return watched;
  }

  #end(watched: Watched): void {
    if (watched.pause !== null) clearTimeout(watched.pause);
    if (watched.expiry !== null) clearTimeout(watched.expiry);
    if (this.#watched.get(watched.accountId) === watched) this.#watched.delete(watched.accountId);
  }

  #isWatched(watched: Watched): boolean {
    return this.#watched.get(watched.accountId) === watched;
  }

  #hear(watched: Watched, version: number): void {
    watched.heardOf = Math.max(watched.heardOf, version);
    if (watched.heardOf > (watched.newest?.version ?? -1)) this.#readSoon(watched);
  }

  /** At once when the account was quiet; a busy one is read at the pace of its frames. */
  #readSoon(watched: Watched): void {
    if (watched.pause !== null || watched.reading !== null || !this.#isWatched(watched)) return;
    const waitMs = watched.lastReadAt + this.#deps.frameEveryMs - performance.now();
    if (waitMs <= 0) {
      this.#read(watched).catch(() => {});
      return;
    }
    watched.pause = setTimeout(() => {
      watched.pause = null;
      if (watched.reading === null) this.#read(watched).catch(() => {});
    }, waitMs);
  }

  #readAnew(watched: Watched): Promise<LiveFrame> {
    if (watched.reading === null) return this.#read(watched);
    watched.nextReading ??= watched.reading
      .catch(() => {})
      .then(() => {
        watched.nextReading = null;
        return this.#read(watched);
      });
    return watched.nextReading;
  }

  #read(watched: Watched): Promise<LiveFrame> {
    watched.lastReadAt = performance.now();
    this.#deps.onRead?.();
    watched.reading = this.#deps.source.liveFrame(watched.accountId).then(
      (frame) => {
        watched.reading = null;
        this.#take(watched, frame);
        return frame;
      },
      (error: unknown) => {
        watched.reading = null;
        // The version check comes round again; whoever asked for a snapshot learns it from the promise.
        this.#deps.log.warn(
          { err: error, accountId: watched.accountId },
          "a live frame could not be read",
        );
        throw error;
      },
    );
    return watched.reading;
  }

  #take(watched: Watched, frame: LiveFrame): void {
    if (!this.#isWatched(watched)) return;
    const isNews = watched.newest === null || isNewerFrame(frame, watched.newest);
    if (isNews) {
      watched.newest = frame;
      this.#deps.onFrame?.(watched.listeners.size);
      for (const listener of watched.listeners) listener(frame);
    }
    this.#awaitExpiry(watched);
    // A commit that a notice spoke of while this read was under way.
    if (watched.nextReading === null && watched.heardOf > frame.version) this.#readSoon(watched);
  }

  /** Credits expire without a write, so nobody would send a notice. */
  #awaitExpiry(watched: Watched): void {
    if (watched.expiry !== null) clearTimeout(watched.expiry);
    watched.expiry = null;
    const at = expiryOf(watched.newest);
    if (at === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.max(EXPIRY_AGAIN_MS, at - this.#deps.source.now());
    watched.expiry = setTimeout(() => this.#readSoon(watched), Math.min(waitMs, TIMER_MAX_MS));
    watched.expiry.unref();
  }
}

function expiryOf(frame: LiveFrame | null): number {
  return frame?.nextExpiry ? Date.parse(frame.nextExpiry.at) : Number.POSITIVE_INFINITY;
}
