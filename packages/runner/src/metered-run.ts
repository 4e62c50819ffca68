import type { ScanView } from "@scanmeter/contracts/scans";
import type { Child } from "./child.ts";
import type { FinishScan, RunnerClient, StartScan } from "./client.ts";
import { Leash } from "./leash.ts";
import { exitCodeOf, exitCodeOfSignal, outcomeOf } from "./outcome.ts";
import { type RunnerRefusal, RunnerUnreachable } from "./refusal.ts";
import { type Timers, wait } from "./timers.ts";
import { watchScan } from "./watch-scan.ts";
import {
  changeWords,
  notStartedWords,
  spentWords,
  startedWords,
  toldToStopWords,
  unreportedWords,
} from "./words.ts";

export interface MeteredRunDeps {
  readonly client: Pick<RunnerClient, "startScan" | "heartbeat" | "finishScan" | "directives">;
  readonly spawn: (scan: ScanView) => Child;
  readonly timers: Timers;
  /** One sentence for the person who watches. */
  readonly say: (sentence: string) => void;
}

export interface MeteredRunPlan {
  readonly start: StartScan;
  /** From SIGTERM to SIGKILL when the platform stops the scan. */
  readonly graceMs?: number;
  /** How long to look for the platform before giving up on starting. */
  readonly startPatienceMs?: number;
  /** How long to go on reporting the end. */
  readonly finishPatienceMs?: number;
  /** The command starts without the line of directives if it takes longer than this to open. */
  readonly lineWithinMs?: number;
}

export interface MeteredRun {
  /** The exit code of the command. Rejects, without having run anything, when the scan cannot start. */
  readonly ended: Promise<number>;
  /** Passes a signal on to the command; the second one kills it, or stops waiting for the platform. */
  interrupt(signal: NodeJS.Signals): void;
}

/**
 * Ties a command to a scan: the command runs while the scan is running, stands still while it is
 * paused, and ends with it, whichever of the two ends first.
 */
export function runMetered(deps: MeteredRunDeps, plan: MeteredRunPlan): MeteredRun {
  const run = new Run(deps, plan);
  return { ended: run.go(), interrupt: (signal) => run.interrupt(signal) };
}

// One Ctrl-C arrives twice under npm: from the terminal, and passed on by npm.
const ECHO_WITHIN_MS = 200;

/** opening: the scan runs on the platform, the command not yet. reporting: the command has ended. */
type Phase = "starting" | "opening" | "running" | "reporting";

class Run {
  readonly #deps: MeteredRunDeps;
  readonly #plan: Required<MeteredRunPlan>;
  readonly #stopAsking = new AbortController();
  readonly #stopWaitingForLine = new AbortController();
  readonly #stopReporting = new AbortController();
  #phase: Phase = "starting";
  #scan: ScanView | undefined;
  #leash: Leash | undefined;
  #interruptedBy: NodeJS.Signals | undefined;
  #lastSignal: { readonly name?: NodeJS.Signals; readonly at: number } = { at: 0 };
  #isStoppedByPlatform = false;
  #refusal: RunnerRefusal | undefined;
  #isConnected = true;
  #hasSaidForbidden = false;

  constructor(deps: MeteredRunDeps, plan: MeteredRunPlan) {
    this.#deps = deps;
    this.#plan = {
      graceMs: 10_000,
      startPatienceMs: 30_000,
      finishPatienceMs: 15 * 60_000,
      lineWithinMs: 2_000,
      ...plan,
    };
  }

  async go(): Promise<number> {
    const { client, timers, say } = this.#deps;
    const scan = await this.#start();
    if (!scan) return this.#exitCodeOfInterruption();
    this.#scan = scan;
    this.#phase = "opening";
    const watch = watchScan({ client, timers }, scan, {
      onView: (view) => this.#heard(view),
      onRefused: (refusal) => this.#refused(refusal),
      onTrouble: (reason) => this.#lostConnection(reason),
      onAnswer: () => this.#reconnected(),
      onLine: () => this.#stopWaitingForLine.abort(),
    });
    try {
      // Whoever reads that the scan has started may rely on the platform being able to reach us.
      await wait(timers, this.#plan.lineWithinMs, this.#stopWaitingForLine.signal);
      say(startedWords(scan));
      this.#phase = "running";
      const latest = this.#scan;
      this.#scan = scan;
      this.#heard(latest);
      return await this.#runCommand(this.#scan);
    } finally {
      watch.close();
    }
  }

  interrupt(signal: NodeJS.Signals): void {
    const now = this.#deps.timers.now();
    const isEcho = signal === this.#lastSignal.name && now - this.#lastSignal.at < ECHO_WITHIN_MS;
    this.#lastSignal = { name: signal, at: now };
    if (isEcho) return;
    const isFirst = this.#interruptedBy === undefined;
    this.#interruptedBy ??= signal;
    switch (this.#phase) {
      case "starting":
        this.#stopAsking.abort();
        break;
      case "opening":
        this.#stopWaitingForLine.abort();
        break;
      case "running":
        if (isFirst) this.#leash?.pass(signal);
        else this.#leash?.kill();
        break;
      case "reporting":
        if (!isFirst) this.#stopReporting.abort();
        else this.#deps.say("reporting the end of the scan; interrupt again to leave without it");
        break;
    }
  }

  #exitCodeOfInterruption(): number {
    return exitCodeOfSignal(this.#interruptedBy ?? "SIGTERM");
  }

  /** Nothing when somebody interrupted before the platform answered. */
  async #start(): Promise<ScanView | undefined> {
    try {
      const scan = await this.#deps.client.startScan(this.#plan.start, {
        patienceMs: this.#plan.startPatienceMs,
        onRetry: (reason) => this.#lostConnection(reason),
        signal: this.#stopAsking.signal,
      });
      this.#reconnected();
      return scan;
    } catch (error) {
      if (this.#interruptedBy && error instanceof RunnerUnreachable) return undefined;
      throw error;
    }
  }

  async #runCommand(scan: ScanView): Promise<number> {
    if (this.#isToldToEnd()) {
      this.#phase = "reporting";
      await this.#report({ scanId: scan.scanId, outcome: "stopped" });
      return this.#exitCodeOfInterruption();
    }
    const child = this.#deps.spawn(scan);
    const leash = new Leash(child, {
      timers: this.#deps.timers,
      graceMs: this.#plan.graceMs,
      onForbidden: () => this.#forbidden(),
    });
    this.#leash = leash;
    if (scan.directive === "pause") leash.freeze();

    const end = await child.ended;
    await leash.letGo();
    const toEnd = this.#isToldToEnd();
    this.#phase = "reporting";
    if (end.how === "not_started") this.#deps.say(notStartedWords(child.command, end.code));
    await this.#report({ scanId: scan.scanId, ...outcomeOf(end, { toEnd }) });
    return exitCodeOf(end);
  }

  #isToldToEnd(): boolean {
    return this.#isStoppedByPlatform || this.#interruptedBy !== undefined;
  }

  #heard(view: ScanView): void {
    const before = this.#scan ?? view;
    this.#scan = view;
    // Before the command runs there is nothing to obey with; afterwards our own report comes back.
    if (this.#phase !== "running") return;
    for (const words of changeWords(before, view)) this.#deps.say(words);
    if (view.endedAt !== null || view.directive === "stop") this.#stop(toldToStopWords(view));
    else if (view.directive === "pause") this.#leash?.freeze();
    else this.#leash?.thaw();
  }

  #refused(refusal: RunnerRefusal): void {
    this.#refusal = refusal;
    this.#reconnected();
    this.#stop(`the platform does not let this scan go on (${refusal.code}); stopping the command`);
  }

  #stop(words: string): void {
    if (this.#isStoppedByPlatform || this.#phase === "reporting") return;
    this.#isStoppedByPlatform = true;
    this.#deps.say(words);
    this.#leash?.stop();
  }

  /** The end must not be lost: it is reported for as long as a long restart of the platform takes. */
  async #report(end: FinishScan): Promise<void> {
    const { client, say } = this.#deps;
    if (this.#scan && this.#scan.endedAt !== null) return say(spentWords(this.#scan));
    try {
      if (this.#refusal) throw this.#refusal;
      const scan = await client.finishScan(end, {
        patienceMs: this.#plan.finishPatienceMs,
        onRetry: (reason) => this.#lostConnection(reason),
        signal: this.#stopReporting.signal,
      });
      this.#reconnected();
      say(spentWords(scan));
    } catch (error) {
      const last = this.#scan;
      // The platform may have ended the scan, and told us, while we tried to report.
      say(last && last.endedAt !== null ? spentWords(last) : unreportedWords(error, last));
    }
  }

  #lostConnection(reason: string): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#deps.say(`connection lost, retrying (${reason})`);
  }

  #reconnected(): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#deps.say("reconnected");
  }

  #forbidden(): void {
    if (this.#hasSaidForbidden) return;
    this.#hasSaidForbidden = true;
    this.#deps.say(
      "the command runs as another user, so it can be neither paused nor stopped from here",
    );
  }
}
