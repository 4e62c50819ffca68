import type { Child } from "./child.ts";
import { type Timers, wait } from "./timers.ts";

interface LeashDeps {
  readonly timers: Timers;
  /** From the polite request to stop until there is no choice left. */
  readonly graceMs: number;
  readonly onForbidden: () => void;
}

const LOOK_EVERY_MS = 50;

/**
 * Holds a running command: freezes, thaws and ends it, each as often as one likes. Once it is being
 * ended nothing freezes it again, for a frozen process cannot obey a SIGTERM.
 */
export class Leash {
  readonly #child: Child;
  readonly #deps: LeashDeps;
  #isFrozen = false;
  #isEnding = false;
  #cancelKill = () => {};

  constructor(child: Child, deps: LeashDeps) {
    this.#child = child;
    this.#deps = deps;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  freeze(): void {
    if (this.#isFrozen || this.#isEnding) return;
    this.#isFrozen = true;
    this.#send("SIGSTOP");
  }

  thaw(): void {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    this.#send("SIGCONT");
  }

  /** SIGTERM now, SIGKILL after the grace. The SIGTERM goes first: a thawed child finds it waiting. */
  stop(): void {
    if (this.#isEnding) return;
    this.pass("SIGTERM");
    this.#cancelKill = this.#deps.timers.after(this.#deps.graceMs, () => this.kill());
  }

  /** Passes a signal on that was meant for the command, with no deadline: whoever sent it may wait. */
  pass(signal: NodeJS.Signals): void {
    this.#isEnding = true;
    this.#isFrozen = false;
    this.#send(signal);
    this.#send("SIGCONT");
  }

  kill(): void {
    this.#isEnding = true;
    this.#send("SIGKILL");
  }

  /**
   * To be called when the command itself has ended. A command that was told to end takes its helpers
   * with it; one that ended by itself may leave behind whatever it wants.
   */
  async letGo(): Promise<void> {
    const { timers, graceMs } = this.#deps;
    const killAt = timers.now() + graceMs;
    while (this.#isEnding && this.#child.isAnyoneLeft() && timers.now() < killAt) {
      await wait(timers, LOOK_EVERY_MS);
    }
    this.#cancelKill();
    if (this.#isEnding && this.#child.isAnyoneLeft()) this.#child.signal("SIGKILL");
  }

  #send(signal: NodeJS.Signals): void {
    if (this.#child.signal(signal) === "forbidden") this.#deps.onForbidden();
  }
}
