import type { ScanView } from "@scanmeter/contracts/scans";
import type { CallOptions, FinishScan, RunnerClient, StartScan } from "../client.ts";
import type { DirectivesListener } from "../directives.ts";
import { RunnerUnreachable } from "../refusal.ts";
import { aScan, ended } from "./a-scan.ts";

type Watched = Pick<RunnerClient, "startScan" | "heartbeat" | "finishScan" | "directives">;

const states = { completed: "finished", failed: "failed", stopped: "stopped" } as const;

/** A platform with one scan, which answers what the test has set and notes what it is asked. */
export class FakeClient implements Watched {
  view: ScanView = aScan();
  readonly started: StartScan[] = [];
  readonly finished: FinishScan[] = [];
  beats = 0;
  /** Thrown by the next calls for as long as it is set. */
  failure: Error | undefined;
  /** Holds back the answer of heartbeats. */
  gate: Promise<void> | undefined;
  opensLine = true;
  isLineOpen = false;
  #listener: DirectivesListener | undefined;

  async startScan(command: StartScan, call?: CallOptions): Promise<ScanView> {
    this.started.push(command);
    return this.#answer(call);
  }

  async heartbeat(): Promise<ScanView> {
    this.beats += 1;
    const view = this.view;
    await this.gate;
    if (this.failure) throw this.failure;
    return view;
  }

  async finishScan(command: FinishScan, call?: CallOptions): Promise<ScanView> {
    this.finished.push(command);
    await this.#answer(call);
    this.push(ended(states[command.outcome]));
    return this.view;
  }

  directives(_scanId: string, listener: DirectivesListener) {
    this.#listener = listener;
    this.isLineOpen = true;
    if (this.opensLine) listener.onOpen?.();
    return {
      close: () => {
        this.isLineOpen = false;
        this.#listener = undefined;
      },
    };
  }

  /** A change on the platform, told over the line. */
  push(change: Partial<ScanView>): void {
    this.view = { ...this.view, ...change };
    this.#listener?.onView(this.view);
  }

  /** Repeats itself like the real client until the failure is gone or nobody wants it any more. */
  async #answer(call: CallOptions | undefined): Promise<ScanView> {
    while (this.failure) {
      if (!(this.failure instanceof RunnerUnreachable) || call?.signal?.aborted) throw this.failure;
      call?.onRetry?.(this.failure.reason);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.view;
  }
}
