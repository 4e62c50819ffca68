/** How many files are being made at once, for everybody together and for each person. */
export class ExportSlots {
  readonly #limits: { readonly exportsMax: number; readonly exportsPerUserMax: number };
  readonly #taken = new Map<string, number>();
  #count = 0;

  constructor(limits: { readonly exportsMax: number; readonly exportsPerUserMax: number }) {
    this.#limits = limits;
  }

  /** Answers how to give the place back, or null when there is none. */
  take(userId: string): (() => void) | null {
    const mine = this.#taken.get(userId) ?? 0;
    const { exportsMax, exportsPerUserMax } = this.#limits;
    if (this.#count >= exportsMax || mine >= exportsPerUserMax) return null;
    this.#count += 1;
    this.#taken.set(userId, mine + 1);
    return () => {
      this.#count -= 1;
      const left = (this.#taken.get(userId) ?? 1) - 1;
      if (left === 0) this.#taken.delete(userId);
      else this.#taken.set(userId, left);
    };
  }
}
