/**
 * How often each address has asked for what may only be asked so often. In memory and one to an edge,
 * so that it ends with its edge; the library's own count is one to the whole process, whatever runs in it.
 */

interface Rule {
  /** In seconds. */
  readonly window: number;
  readonly max: number;
}

interface Verdict {
  readonly allowed: boolean;
  /** Seconds until it is worth trying again. */
  readonly retryAfter: number | null;
}

interface Counted {
  readonly count: number;
  readonly until: number;
}

interface AttemptsOptions {
  readonly now?: () => number;
  /** Far more than sign in within a minute; beyond it those that were quiet for longest are forgotten. */
  readonly keysMax?: number;
}

export class Attempts {
  readonly #now: () => number;
  readonly #keysMax: number;
  /** By address and what was asked for. */
  readonly #counted = new Map<string, Counted>();

  constructor({ now = () => performance.now(), keysMax = 100_000 }: AttemptsOptions = {}) {
    this.#now = now;
    this.#keysMax = keysMax;
  }

  /**
   * Counts an attempt or refuses it. The window begins anew with each attempt that is let through, so
   * whoever was refused has to let a whole one pass, and trying meanwhile makes it no longer.
   */
  async consume(key: string, { window, max }: Rule): Promise<Verdict> {
    const now = this.#now();
    const known = this.#counted.get(key);
    const isCounting = known !== undefined && now < known.until;
    if (isCounting && known.count >= max) {
      return { allowed: false, retryAfter: Math.ceil((known.until - now) / 1_000) };
    }
    const count = isCounting ? known.count + 1 : 1;
    // Re-inserted, so that the map's first key is the one that has been quiet for longest.
    this.#counted.delete(key);
    this.#counted.set(key, { count, until: now + window * 1_000 });
    this.#forgetTooMany();
    return { allowed: true, retryAfter: null };
  }

  #forgetTooMany(): void {
    if (this.#counted.size <= this.#keysMax) return;
    for (const quietest of this.#counted.keys()) {
      this.#counted.delete(quietest);
      return;
    }
  }
}
