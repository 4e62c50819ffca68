/** Reads what the operations know and says it as the wire does. */
import { autoTopUpViewOf } from "@scanmeter/contracts/auto-top-up-views";
import type { LiveFrame, Overview } from "@scanmeter/contracts/live";
import { type ScanPostingFacts, scanStepsOf } from "@scanmeter/contracts/scan-steps";
import type { NamedScanView, ScanDetails, ScanView } from "@scanmeter/contracts/scans";
import type { UsageView } from "@scanmeter/contracts/usage";
import { usageViewOf } from "@scanmeter/contracts/usage-views";
import { liveFrameOf, overviewOf, type ScanFacts, scanViewOf } from "@scanmeter/contracts/views";
import { invariant, type Scan } from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";

/** The addresses of targets that were scanned lately; a target's address never changes. */
const TARGETS_REMEMBERED_MAX = 10_000;

interface NamedScanFacts extends ScanFacts {
  readonly targetName: string;
  readonly runnerKeyName: string | null;
}

interface AccountPlace {
  readonly id: string;
  readonly timeZone: string;
}

export class Views {
  readonly #operations: Operations;
  readonly #urls = new Map<string, string>();

  constructor(operations: Operations) {
    this.#operations = operations;
  }

  async liveFrame(accountId: string): Promise<LiveFrame> {
    const snapshot = await this.#snapshot(accountId);
    return liveFrameOf(snapshot, { now: snapshot.now, rate: this.#rate });
  }

  async overview(account: AccountPlace): Promise<Overview> {
    const snapshot = await this.#snapshot(account.id);
    const [forecast, standing] = await Promise.all([
      this.#operations.forecast(snapshot),
      this.#operations.buying?.getAutoTopUp(account) ?? null,
    ]);
    const autoTopUp = standing && autoTopUpViewOf(standing);
    return overviewOf(snapshot, { forecast, autoTopUp }, { now: snapshot.now, rate: this.#rate });
  }

  async usage(account: AccountPlace, days: number): Promise<UsageView> {
    const usage = await this.#operations.usage({ account, days });
    invariant(usage !== null, "a member's account exists");
    return usageViewOf(usage);
  }

  scanOfTarget(facts: ScanFacts): ScanView {
    this.#remember(facts.scan.targetId, facts.targetUrl);
    return scanViewOf(facts, { now: this.#operations.clock.now(), rate: this.#rate });
  }

  namedScan(facts: NamedScanFacts): NamedScanView {
    const { targetName, runnerKeyName: name } = facts;
    const id = facts.scan.runnerKeyId;
    const runnerKey = id === null || name === null ? null : { id, name };
    return { ...this.scanOfTarget(facts), targetName, runnerKey };
  }

  scanDetails(facts: NamedScanFacts, postings: readonly ScanPostingFacts[]): ScanDetails {
    const steps = scanStepsOf(postings);
    const creditsReturned = steps.filter(({ kind }) => kind === "returned").length;
    return { ...this.namedScan(facts), creditsReturned, steps };
  }

  /** For the answer of a command, which knows the scan but not the address it scans. */
  async scan(scan: Scan): Promise<ScanView> {
    const known = this.#urls.get(scan.targetId);
    if (known !== undefined) return this.scanOfTarget({ scan, targetUrl: known });
    const found = await this.#operations.findScan(scan.accountId, scan.id);
    invariant(found !== null, "a scan that was just commanded exists");
    return this.scanOfTarget({ scan, targetUrl: found.targetUrl });
  }

  get #rate(): number {
    return this.#operations.testClock?.rate ?? 1;
  }

  async #snapshot(accountId: string) {
    const snapshot = await this.#operations.snapshot(accountId);
    invariant(snapshot !== null, "a member's account exists");
    return snapshot;
  }

  #remember(targetId: string, url: string): void {
    if (this.#urls.size >= TARGETS_REMEMBERED_MAX) this.#urls.clear();
    this.#urls.set(targetId, url);
  }
}
