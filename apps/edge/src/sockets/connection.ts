import type { FeedReader } from "../live/account-feed.ts";
import type { GuardedSocket } from "./guarded-socket.ts";

/** Who holds a socket, as far as it is known; what the socket may keep depends on it. */
export type Identity =
  | {
      readonly is: "session";
      readonly sessionToken: string;
      readonly userId: string;
      readonly accountId: string;
    }
  | { readonly is: "runner-key"; readonly runnerKeyId: string; readonly secret: string };

export interface ConnectionOptions {
  /** The id of the request that opened it; every line of the log about it carries this id. */
  readonly requestId: string;
  readonly socket: GuardedSocket;
  readonly address: string;
  readonly openedAt: number;
  /** The cookie it was opened with, if its origin is ours. */
  readonly cookie: string | null;
  readonly onSubscriptions: (change: 1 | -1) => void;
}

/** One open WebSocket. */
export class Connection implements FeedReader {
  readonly requestId: string;
  readonly socket: GuardedSocket;
  readonly address: string;
  readonly openedAt: number;
  readonly cookie: string | null;
  identity: Identity | null = null;
  readonly #onSubscriptions: (change: 1 | -1) => void;
  #subscriptions = 0;

  constructor(options: ConnectionOptions) {
    this.requestId = options.requestId;
    this.socket = options.socket;
    this.address = options.address;
    this.openedAt = options.openedAt;
    this.cookie = options.cookie;
    this.#onSubscriptions = options.onSubscriptions;
  }

  /** Counts one more subscription and returns what uncounts it; null when there are too many. */
  holdSubscription(max: number): (() => void) | null {
    if (this.#subscriptions >= max) return null;
    this.#subscriptions += 1;
    this.#onSubscriptions(1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#subscriptions -= 1;
      this.#onSubscriptions(-1);
    };
  }

  caughtUp(): Promise<void> {
    return this.socket.caughtUp();
  }
}
