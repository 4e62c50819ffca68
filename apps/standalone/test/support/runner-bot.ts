/**
 * A runner that starts scans, looks after them and ends them, one call after the other, and repeats
 * each call word for word until it is answered. It is the only one who commands its scans, so it
 * knows what the next answer may not say.
 */
import type { ScanView } from "@scanmeter/contracts/scans";
import type { AckLog } from "./ack-log.ts";
import { type Answer, mutate } from "./call.ts";
import type { Customer } from "./customer.ts";
import type { Dice } from "./dice.ts";
import type { MortalService } from "./mortal-service.ts";
import type { Rounds } from "./rounds.ts";

export interface RunnerBotDeps {
  readonly service: MortalService;
  readonly customer: Customer;
  readonly acks: AckLog;
  readonly rounds: Rounds;
  readonly dice: Dice;
  readonly name: string;
}

type Command = "heartbeat" | "pauseScan" | "resumeScan" | "finishScan";

const OPEN_SCANS_MAX = 8;

export class RunnerBot {
  readonly #deps: RunnerBotDeps;
  readonly #open = new Map<string, ScanView>();
  readonly #starts: { readonly key: string; readonly scanId: string }[] = [];
  /** Answers that contradict an earlier one. */
  readonly contradictions: string[] = [];

  constructor(deps: RunnerBotDeps) {
    this.#deps = deps;
  }

  async run(until: AbortSignal): Promise<void> {
    const { rounds, dice } = this.#deps;
    rounds.join(this);
    try {
      while (!until.aborted) {
        if (rounds.isBehind(this)) {
          const scans = [...this.#open.values()];
          await Promise.all(scans.map((scan) => this.#command(scan, "heartbeat")));
          rounds.catchUp(this);
        }
        if (this.#starts.length > 0 && dice.happens(0.05)) await this.#startAgain();
        else if (this.#open.size < OPEN_SCANS_MAX && dice.happens(0.3)) await this.#start();
        else if (this.#open.size > 0) await this.#command(dice.pick([...this.#open.values()]));
      }
    } finally {
      rounds.leave(this);
    }
  }

  async #start(): Promise<void> {
    const { customer, acks, name } = this.#deps;
    const key = `${name}-${this.#starts.length + 1}-${this.#deps.dice.between(0, 2 ** 30)}`;
    const answer = await this.#say("startScan", {
      targetId: customer.targetId,
      idempotencyKey: key,
    });
    const { accountId } = customer;
    if (!answer.ok) {
      if (answer.error.data.refusal?.code !== "insufficient_credits") this.#unexpected(answer);
      acks.append({ what: "not started", accountId, key });
      return;
    }
    acks.append({ what: "started", accountId, key, scan: answer.data });
    this.#starts.push({ key, scanId: answer.data.scanId });
    this.#open.set(answer.data.scanId, answer.data);
  }

  /** An old key, long after: the same scan, as it stands now. */
  async #startAgain(): Promise<void> {
    const { customer, dice } = this.#deps;
    const { key, scanId } = dice.pick(this.#starts);
    const { targetId } = customer;
    const answer = await this.#say("startScan", { targetId, idempotencyKey: key });
    if (!answer.ok || answer.data.scanId !== scanId) this.#unexpected(answer);
  }

  async #command(before: ScanView, command = this.#chosen()): Promise<void> {
    const { acks, customer } = this.#deps;
    const { scanId } = before;
    const answer = await this.#say(command, { scanId, ...this.#detailsOf(command) });
    if (!answer.ok) {
      const code = answer.error.data.refusal?.code ?? "";
      const isExpected =
        code === "scan_already_ended" ||
        (command === "resumeScan" && code === "insufficient_credits");
      if (!isExpected) this.#unexpected(answer);
      acks.append({ what: "refused", scanId, code });
      if (code === "scan_already_ended") this.#open.delete(scanId);
      return;
    }
    const after = answer.data;
    acks.append({ what: "heard", accountId: customer.accountId, said: command, scan: after });
    const problem = contradictionIn(before, after, command);
    if (problem !== null) {
      const views = `${JSON.stringify(before)} then ${JSON.stringify(after)}`;
      this.contradictions.push(`${command}: ${problem}: ${views}`);
    }
    if (after.endedAt === null) this.#open.set(scanId, after);
    else this.#open.delete(scanId);
  }

  #chosen(): Command {
    const { dice } = this.#deps;
    const number = dice.between(1, 100);
    if (number <= 45) return "heartbeat";
    if (number <= 60) return "pauseScan";
    // Seldom, so that scans live to see more than their first hour.
    return number <= 99 ? "resumeScan" : "finishScan";
  }

  #detailsOf(command: Command): object {
    if (command !== "finishScan") return {};
    const { dice } = this.#deps;
    const outcome = dice.pick(["completed", "completed", "failed", "stopped"]);
    return outcome === "failed"
      ? { outcome, fault: dice.pick(["platform", "target", "runner"]) }
      : { outcome };
  }

  #say(command: Command | "startScan", input: object): Promise<Answer<ScanView>> {
    const { service, customer } = this.#deps;
    return service.answered(() => mutate<ScanView>(customer.runner, `runner.${command}`, input));
  }

  #unexpected(answer: Answer<unknown>): void {
    this.contradictions.push(`an answer nobody expected: ${JSON.stringify(answer)}`);
  }
}

/** What an answer may not say after an earlier one, whatever happened in between. */
function contradictionIn(before: ScanView, after: ScanView, command: Command): string | null {
  const isOpen = after.endedAt === null;
  if (after.startedAt !== before.startedAt) return "the start moved";
  // The last hours may be returned with the end of a scan, and only then.
  if (isOpen && after.creditsDebited < before.creditsDebited) return "an hour went away";
  if (after.state !== "lost" && after.activeSeconds < before.activeSeconds)
    return "metered time went away";
  const wasPaused = before.pausedFor === "runner";
  if (isOpen && wasPaused && command !== "resumeScan" && after.pausedFor !== "runner")
    return "a pause went away";
  if (command === "pauseScan" && after.state === "running") return "a pause was not made";
  if (command === "finishScan" && isOpen) return "an end was not made";
  return null;
}
