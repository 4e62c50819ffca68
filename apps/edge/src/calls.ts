import type { Metrics } from "./metrics.ts";

/** The calls that are being answered, so that a drain can wait for them. */
export class Calls {
  readonly #metrics: Metrics;
  #inFlight = 0;
  #onIdle: (() => void)[] = [];

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Ends with the outcome: "ok" or the code of the error. */
  begin(path: string): (outcome: string) => void {
    this.#inFlight += 1;
    const end = this.#metrics.callSeconds.startTimer({ path });
    return (outcome) => {
      end({ outcome });
      this.#inFlight -= 1;
      if (this.#inFlight > 0) return;
      for (const resolve of this.#onIdle.splice(0)) resolve();
    };
  }

  async idle(): Promise<void> {
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }
}
