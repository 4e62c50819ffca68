/** Lets one party wait until all the others have done something once more. */
export class Rounds {
  readonly #seen = new Map<object, number>();
  #round = 0;
  #waiting: (() => void)[] = [];

  join(member: object): void {
    this.#seen.set(member, this.#round);
  }

  leave(member: object): void {
    this.#seen.delete(member);
    this.#look();
  }

  isBehind(member: object): boolean {
    return this.#seen.get(member) !== this.#round;
  }

  catchUp(member: object): void {
    this.#seen.set(member, this.#round);
    this.#look();
  }

  /** Settles when everybody has caught up with a new round. */
  async next(): Promise<void> {
    this.#round += 1;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#look();
    });
  }

  #look(): void {
    if ([...this.#seen.values()].some((round) => round !== this.#round)) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
