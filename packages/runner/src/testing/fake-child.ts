import type { Child, ChildEnd } from "../child.ts";

/** A command that records what it is sent and ends when the test says so. */
export class FakeChild implements Child {
  readonly command = "scanner --all";
  readonly signals: NodeJS.Signals[] = [];
  readonly ended: Promise<ChildEnd>;
  /** Helpers that outlive the command. */
  helpers = 0;
  answer: "sent" | "forbidden" = "sent";
  #resolve!: (end: ChildEnd) => void;
  #isOver = false;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  signal(name: NodeJS.Signals): "sent" | "gone" | "forbidden" {
    if (!this.isAnyoneLeft()) return "gone";
    this.signals.push(name);
    if (name === "SIGKILL") {
      this.helpers = 0;
      this.end({ how: "signalled", signal: "SIGKILL" });
    }
    return this.answer;
  }

  isAnyoneLeft(): boolean {
    return !this.#isOver || this.helpers > 0;
  }

  end(end: ChildEnd): void {
    this.#isOver = true;
    this.#resolve(end);
  }
}
