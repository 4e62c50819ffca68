/**
 * What the tour promises has to be seen. Whoever learns something calls `look`; whoever waits for it is
 * then asked whether that was it, and one that waits in vain ends the tour with what was missing.
 */
import { TourStop } from "./tour-stop.ts";

const WITHIN_MS = 30_000;

export class Sightings {
  readonly #withinMs: number;
  readonly #looks = new Set<() => void>();
  readonly #over = new AbortController();

  constructor({ withinMs = WITHIN_MS }: { readonly withinMs?: number } = {}) {
    this.#withinMs = withinMs;
  }

  look(): void {
    for (const look of [...this.#looks]) look();
  }

  /** Nothing more will be seen: whoever waits, now or later, is told why. */
  end(why: unknown): void {
    this.#over.abort(why);
  }

  /** Settles with what `find` finds, now or at some later look. */
  async until<Found>(what: string, find: () => Found | false | undefined): Promise<Found> {
    const { signal } = this.#over;
    signal.throwIfAborted();
    return new Promise<Found>((resolve, reject) => {
      const settle = () => {
        clearTimeout(deadline);
        signal.removeEventListener("abort", end);
        this.#looks.delete(look);
      };
      const look = () => {
        const found = find();
        if (found === undefined || found === false) return;
        settle();
        resolve(found);
      };
      const fail = (why: unknown) => {
        settle();
        reject(why);
      };
      const end = () => fail(signal.reason);
      const deadline = setTimeout(
        () => fail(new TourStop(`Not seen within ${this.#withinMs / 1_000} s: ${what}.`)),
        this.#withinMs,
      );
      signal.addEventListener("abort", end);
      this.#looks.add(look);
      look();
    });
  }
}
