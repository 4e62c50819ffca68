import type { Timers } from "../timers.ts";

interface Armed {
  readonly dueAt: number;
  readonly run: () => void;
}

/** Time that passes only when told to, in order of due instants. The dice always show the ceiling. */
export class ManualTimers implements Timers {
  #now = 0;
  #armed = new Set<Armed>();

  now(): number {
    return this.#now;
  }

  random(): number {
    return 1;
  }

  after(ms: number, run: () => void): () => void {
    const armed = { dueAt: this.#now + ms, run };
    this.#armed.add(armed);
    return () => this.#armed.delete(armed);
  }

  get waiting(): number {
    return this.#armed.size;
  }

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (;;) {
      const [next] = [...this.#armed].sort((a, b) => a.dueAt - b.dueAt);
      if (!next || next.dueAt > until) break;
      this.#armed.delete(next);
      this.#now = next.dueAt;
      next.run();
      await settled();
    }
    this.#now = until;
  }
}

/** Lets every promise that can go on without time passing go on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
