import { WebSocket } from "ws";
import type { FeedReader } from "../live/account-feed.ts";

export interface Guard {
  /** More than this unsent: the reader is cut off. */
  readonly bufferedBytesMax: number;
  /** More than this unsent: feeds wait until the reader has caught up. */
  readonly congestedBytes: number;
  readonly onCutOff: () => void;
}

/**
 * A socket that looks at what it has not been able to send. The library's own would take everything
 * into memory for a reader that never reads.
 */
export class GuardedSocket extends WebSocket implements FeedReader {
  #guard: Guard | null = null;
  #waiting: (() => void)[] = [];

  guard(guard: Guard): void {
    this.#guard = guard;
    this.once("close", this.#release);
  }

  /** Always text: what arrives as bytes is text that was encoded before. */
  override send(data: string | Uint8Array): void {
    if (this.#guard !== null && this.bufferedAmount > this.#guard.bufferedBytesMax) {
      if (this.readyState === WebSocket.OPEN) this.#guard.onCutOff();
      this.terminate();
      return;
    }
    super.send(data, { binary: false }, this.#flushed);
  }

  async caughtUp(): Promise<void> {
    if (!this.#isCongested()) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #isCongested(): boolean {
    if (this.#guard === null || this.readyState !== WebSocket.OPEN) return false;
    return this.bufferedAmount > this.#guard.congestedBytes;
  }

  readonly #flushed = () => {
    if (this.#waiting.length > 0 && !this.#isCongested()) this.#release();
  };

  readonly #release = () => {
    for (const resolve of this.#waiting.splice(0)) resolve();
  };
}
