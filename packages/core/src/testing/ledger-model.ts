/**
 * The rules of the ledger and the meter a second time, written to be believed rather than to be
 * fast: plain arrays, every question answered by looking at everything. It shares nothing with the
 * code it judges but the settings. Times and credits are plain numbers, lots and scans are known by
 * their place in the order in which they came to be.
 */
import { settings } from "../settings.ts";

const HOUR = settings.meteredHourMs;
/** Signs of life closer together than this are one. */
const BEAT_RESOLUTION = 1_000;

export type Kind = "paid" | "free";
export type Mode = "credits" | "unlimited";
export type By = "user" | "runner";
export type Fault = "platform" | "target" | "runner" | null;

export type LedgerCommand =
  | { do: "start"; account: number; target: number; key: number; label: number }
  | { do: "beat"; account: number; scan: number }
  | { do: "pause" | "resume"; account: number; scan: number; by: By }
  | {
      do: "finish";
      account: number;
      scan: number;
      outcome: "completed" | "failed" | "stopped";
      fault: Fault;
    }
  | { do: "stop"; account: number; scan: number }
  | { do: "grant"; account: number; credits: number; kind: Kind; until: number; key: number }
  /** An operator adds credits or, negative, takes some. */
  | { do: "adjust"; account: number; credits: number; until: number }
  | Money
  /** The account asks for renewal, or does not any more. */
  | { do: "keep-expired"; account: number; value: boolean }
  /** Something is paid that gives what is kept another date. */
  | { do: "revive"; account: number; until: number }
  | { do: "when-out"; account: number; value: "pause" | "finish" }
  | { do: "target-mode"; account: number; target: number; mode: Mode }
  | { do: "archive"; account: number; target: number };

/**
 * Something becomes known about the money of a purchase: of a refund or a dispute, by its number, the
 * amount it began with and what it is now. A purchase is known by its lot; a credit cost 100.
 */
export interface Money {
  do: "refund" | "dispute";
  account: number;
  lot: number;
  number: number;
  amount: number;
  /** Of a refund: it failed. Of a dispute: how it ended, if it has. */
  ended: "lost" | "won" | null;
}

/** What a command is answered with, as far as both sides can say it. */
export type Answer = { readonly scan: number } | { readonly refused: string } | "done";

export interface ModelLot {
  readonly kind: Kind;
  readonly granted: number;
  remaining: number;
  /** What disputes froze. */
  frozen: number;
  /** What is kept past its date. */
  kept: number;
  readonly from: number;
  until: number;
  readonly money: ModelMoney;
}

/** What became of the money of a paid lot, and, credit by credit, what was done about it. */
interface ModelMoney {
  readonly facts: Money[];
  /** The lot each credit was taken from, or null for debt, in the order of taking. */
  taken: (number | null)[];
  holds: { readonly dispute: number; readonly lots: number[] }[];
}

export interface ModelScan {
  readonly number: number;
  readonly account: number;
  readonly mode: Mode;
  readonly key: number;
  readonly request: string;
  readonly startedAt: number;
  state: "running" | "paused" | "finished" | "failed" | "stopped" | "lost";
  pausedFor: By | "credits" | null;
  /** When the meter ran: from, until. The last one is open while the scan runs. */
  runs: { from: number; until: number }[];
  hours: { at: number; lot: number | null }[];
  lastSeenAt: number;
  waitingSince: number | null;
  endedAt: number | null;
  endedBy: By | "platform" | null;
  reason: string | null;
}

interface ModelGrant {
  readonly key: number;
  readonly request: string;
}

export interface ModelAccount {
  readonly lots: ModelLot[];
  readonly grants: ModelGrant[];
  readonly targets: { mode: Mode; isArchived: boolean }[];
  whenOut: "pause" | "finish";
  keepsExpired: boolean;
  /** How many postings there are: one for everything that happens. */
  version: number;
  debt: number;
  granted: number;
  /** What operators added less what they took. */
  adjusted: number;
  used: number;
  forfeited: number;
  /** Credits that were taken back because their money went back. */
  refunded: number;
  /** Of those that were kept past their date. */
  revived: number;
  keptTooLong: number;
}

/** What can be seen of an account, in the same words for the model and the real thing. */
export interface AccountView {
  readonly version: number;
  readonly available: number;
  readonly debt: number;
  readonly granted: number;
  readonly adjusted: number;
  readonly used: number;
  readonly forfeited: number;
  readonly refunded: number;
  readonly frozen: number;
  readonly lots: readonly Omit<ModelLot, "from" | "money">[];
  readonly scans: readonly ScanSeen[];
}

export interface ScanSeen
  extends Pick<
    ModelScan,
    | "number"
    | "mode"
    | "state"
    | "pausedFor"
    | "hours"
    | "lastSeenAt"
    | "waitingSince"
    | "endedAt"
    | "endedBy"
    | "reason"
  > {
  /** Null for a lost scan: only what it costs is promised. */
  readonly ranMs: number | null;
}

interface Due {
  readonly at: number;
  /** At the same instant lots expire first and runners are lost last. */
  readonly rank: 0 | 1 | 2;
  readonly happen: () => void;
}

const FOREVER = Number.POSITIVE_INFINITY;

export class LedgerModel {
  now: number;
  listeningSince: number;
  readonly accounts: ModelAccount[];
  readonly scans: ModelScan[] = [];

  constructor(now: number, accounts: readonly { readonly targets: readonly Mode[] }[]) {
    this.now = now;
    this.listeningSince = now;
    this.accounts = accounts.map(({ targets }) => ({
      lots: [],
      grants: [],
      targets: targets.map((mode) => ({ mode, isArchived: false })),
      whenOut: "pause",
      keepsExpired: false,
      version: 0,
      debt: 0,
      granted: 0,
      adjusted: 0,
      used: 0,
      forfeited: 0,
      refunded: 0,
      revived: 0,
      keptTooLong: 0,
    }));
  }

  /**
   * What a command is answered with. Whoever asks settles its account before; commands that arrive
   * together are settled for together.
   */
  act(command: LedgerCommand): Answer {
    if (command.do === "when-out") {
      this.#account(command).whenOut = command.value;
      return "done";
    }
    if (command.do === "target-mode" || command.do === "archive")
      return this.#changeTarget(command);
    if (command.do === "keep-expired") {
      this.#account(command).keepsExpired = command.value;
      return "done";
    }
    if (command.do === "revive") return this.#revive(command);
    if (command.do === "grant") return this.#grant(command);
    if (command.do === "adjust") return this.#adjust(command);
    if ("lot" in command) return this.#learnOfMoney(command);
    if (command.do === "start") return this.#start(command);
    const scan = this.scans[command.scan];
    if (scan?.account !== command.account) return { refused: "scan_not_found" };
    switch (command.do) {
      case "beat":
        return this.#beat(scan);
      case "pause":
        return this.#pause(scan, command.by);
      case "resume":
        return this.#resume(scan, command.by);
      case "finish":
        return this.#finish(scan, command.outcome, command.fault, "runner");
      case "stop":
        return this.#finish(scan, "stopped", null, "user");
    }
  }

  /** Everything that is due now, everywhere, and then whoever waits for credits that are there. */
  sweep(): void {
    this.accounts.forEach((account, number) => {
      this.settle(number);
      if (this.#available(account, this.now) > 0) this.#resumeWaiting(number);
    });
  }

  /** The process stopped at some instant and is back now. */
  restart(stoppedAt: number): void {
    if (this.now - stoppedAt > 2 * settings.sweepEveryMs) this.listeningSince = this.now;
  }

  /** The instants at which something may happen by itself, the next one first. */
  instantsAhead(): number[] {
    const instants = this.accounts.flatMap(({ lots }) =>
      lots.flatMap((lot) => [
        lot.remaining > 0 ? lot.until : FOREVER,
        lot.kept > 0 ? keptUntil(lot) : FOREVER,
      ]),
    );
    for (const scan of this.scans) {
      if (scan.endedAt !== null) continue;
      instants.push(this.#lostAt(scan), openLimitOf(scan), waitingLimitOf(scan), hourStartOf(scan));
    }
    return instants.filter((at) => at > this.now && at < FOREVER).sort((a, b) => a - b);
  }

  /** Does what is due in an account, one thing after another, always the earliest. */
  settle(account: number): void {
    for (;;) {
      const [first] = this.#due(account).sort((a, b) => a.at - b.at || a.rank - b.rank);
      if (first === undefined) return;
      first.happen();
    }
  }

  view(number: number): AccountView {
    const account = this.accounts[number] as ModelAccount;
    return {
      version: account.version,
      available: this.#available(account, this.now),
      debt: account.debt,
      granted: account.granted,
      adjusted: account.adjusted,
      used: account.used,
      forfeited: account.forfeited,
      refunded: account.refunded,
      frozen: account.lots.reduce((sum, lot) => {
        if (lot.until > this.now) return sum + lot.frozen;
        return sum + (isKept(account, lot, this.now) ? lot.kept + lot.remaining : 0);
      }, 0),
      lots: account.lots.map(({ from: _, money: __, ...lot }) => lot),
      scans: this.scans
        .filter((scan) => scan.account === number)
        .map((scan) => ({
          number: scan.number,
          mode: scan.mode,
          state: scan.state,
          pausedFor: scan.pausedFor,
          hours: scan.hours,
          lastSeenAt: scan.lastSeenAt,
          waitingSince: scan.waitingSince,
          endedAt: scan.endedAt,
          endedBy: scan.endedBy,
          reason: scan.reason,
          ranMs: scan.state === "lost" ? null : ranBefore(scan, this.now),
        })),
    };
  }

  #account({ account }: { readonly account: number }): ModelAccount {
    return this.accounts[account] as ModelAccount;
  }

  #due(number: number): Due[] {
    const account = this.#account({ account: number });
    const open = this.scans.filter((scan) => scan.account === number && scan.endedAt === null);
    const dues: Due[] = [];
    let heldBackAfter = FOREVER;
    for (const scan of open) {
      const hour = hourStartOf(scan);
      const lost = this.#lostAt(scan);
      const limit = Math.min(openLimitOf(scan), waitingLimitOf(scan));
      const isProven = hour - scan.lastSeenAt < settings.lostAfterMs;
      const isWaitingForProof = hour <= this.now && hour < limit && !isProven && lost > this.now;
      if (isWaitingForProof) {
        heldBackAfter = Math.min(heldBackAfter, hour);
        continue;
      }
      const isNeverProven = hour < limit && !isProven;
      if (lost <= limit || isNeverProven) {
        dues.push({ at: lost, rank: 2, happen: () => this.#lose(scan, lost) });
      } else {
        const why = waitingLimitOf(scan) === limit ? "waited_for_credits" : "open_limit";
        const happen = () => this.#end(scan, limit, "stopped", "platform", why);
        dues.push({ at: limit, rank: 1, happen });
      }
      if (isProven && hour < Math.min(lost, limit)) {
        dues.push({ at: hour, rank: 1, happen: () => this.#startHour(scan, hour) });
      }
    }
    for (const lot of account.lots) {
      if (lot.kept > 0) {
        dues.push({ at: keptUntil(lot), rank: 0, happen: () => forfeitKept(account, lot) });
      }
      if (lot.remaining === 0 || lot.until > heldBackAfter) continue;
      const happen = () => passDate(account, lot, lot.remaining, lot.until);
      dues.push({ at: lot.until, rank: 0, happen });
    }
    return dues.filter(({ at }) => at <= this.now);
  }

  #lostAt(scan: ModelScan): number {
    return Math.max(scan.lastSeenAt, this.listeningSince) + settings.lostAfterMs;
  }

  #available(account: ModelAccount, at: number): number {
    let sum = 0;
    for (const lot of account.lots) if (isUsable(lot, at)) sum += lot.remaining;
    return sum;
  }

  /** Takes one credit from the lot whose turn it is; -1 when none has any. */
  #take(account: ModelAccount, at: number): number {
    let best = -1;
    account.lots.forEach((lot, index) => {
      const other = account.lots[best];
      if (isUsable(lot, at) && (other === undefined || isBefore(lot, other))) best = index;
    });
    const lot = account.lots[best];
    if (lot !== undefined) lot.remaining -= 1;
    return best;
  }

  #startHour(scan: ModelScan, at: number): void {
    const account = this.#account(scan);
    const lot = this.#take(account, at);
    account.version += 1;
    if (lot === -1 && account.whenOut === "pause") {
      stopMeter(scan, at);
      scan.state = "paused";
      scan.pausedFor = "credits";
      scan.waitingSince = at;
      return;
    }
    if (lot === -1) account.debt += 1;
    account.used += 1;
    scan.hours.push({ at, lot: lot === -1 ? null : lot });
  }

  #lose(scan: ModelScan, at: number): void {
    // The meter stopped with the last sign of life, whatever happened to the scan after it.
    for (const run of scan.runs)
      run.until = Math.max(run.from, Math.min(run.until, scan.lastSeenAt));
    this.#end(scan, at, "lost", "platform", "lost");
  }

  #end(
    scan: ModelScan,
    at: number,
    state: ModelScan["state"],
    by: ModelScan["endedBy"],
    reason: string,
    isOurFault = false,
  ): void {
    this.#account(scan).version += 1;
    stopMeter(scan, at);
    scan.state = state;
    scan.pausedFor = null;
    scan.waitingSince = null;
    scan.endedAt = at;
    scan.endedBy = by;
    scan.reason = reason;
    const kept = isOurFault ? 0 : costOf(ranBefore(scan, at));
    while (scan.hours.length > kept) this.#giveBack(scan, at);
  }

  #giveBack(scan: ModelScan, at: number): void {
    const account = this.#account(scan);
    const paidBy = scan.hours.pop()?.lot ?? null;
    account.used -= 1;
    account.version += 1;
    let lot = paidBy === null ? undefined : account.lots[paidBy];
    if (lot === undefined || !hasRoom(lot)) {
      if (account.debt > 0) {
        account.debt -= 1;
        return;
      }
      lot = lotWithRoom(account, at);
    }
    lot.remaining += 1;
    if (lot.until <= at) passDate(account, lot, 1, at);
  }

  #grant(command: LedgerCommand & { do: "grant" }): Answer {
    const account = this.#account(command);
    const { key, credits, kind, until } = command;
    const request = JSON.stringify([credits, kind, until]);
    const earlier = account.grants.find((grant) => grant.key === key);
    if (earlier !== undefined && earlier.request !== request) {
      return { refused: "idempotency_key_reused" };
    }
    if (earlier === undefined) {
      if (until <= this.now) return { refused: "invalid_expiry" };
      account.grants.push({ key, request });
      account.version += 1;
      const repaid = kind === "paid" ? Math.min(credits, account.debt) : 0;
      account.debt -= repaid;
      account.granted += credits;
      this.#addLot(account, { kind, granted: credits, remaining: credits - repaid, until });
    }
    this.#resumeWaiting(command.account);
    return "done";
  }

  #addLot(
    account: ModelAccount,
    about: Pick<ModelLot, "kind" | "granted" | "remaining" | "until">,
  ): void {
    const money = { facts: [], taken: [], holds: [] };
    account.lots.push({ ...about, frozen: 0, kept: 0, from: this.now, money });
  }

  #adjust(command: LedgerCommand & { do: "adjust" }): Answer {
    const account = this.#account(command);
    const { credits, until } = command;
    if (credits > 0) {
      if (until <= this.now) return { refused: "invalid_expiry" };
      this.#addLot(account, { kind: "free", granted: credits, remaining: credits, until });
    } else {
      if (this.#available(account, this.now) < -credits) return { refused: "insufficient_credits" };
      for (let taken = 0; taken < -credits; taken += 1) this.#take(account, this.now);
    }
    account.adjusted += credits;
    account.version += 1;
    this.#resumeWaiting(command.account);
    return "done";
  }

  /** What waits to be booked is kept as much as what was. */
  #revive(command: LedgerCommand & { do: "revive" }): Answer {
    const account = this.#account(command);
    if (command.until <= this.now) return { refused: "invalid_expiry" };
    let hasRevived = false;
    for (const lot of account.lots) {
      if (lot.until > this.now || !isKept(account, lot, this.now)) continue;
      if (lot.remaining > 0) passDate(account, lot, lot.remaining, lot.until);
      if (lot.kept === 0) continue;
      lot.remaining = lot.kept;
      lot.kept = 0;
      lot.until = command.until;
      account.revived += lot.remaining;
      hasRevived = true;
    }
    if (hasRevived) account.version += 1;
    this.#resumeWaiting(command.account);
    return "done";
  }

  #learnOfMoney(command: Money): Answer {
    const account = this.#account(command);
    const purchase = account.lots[command.lot];
    if (purchase?.kind !== "paid") return { refused: "top_up_not_found" };
    const { facts } = purchase.money;
    const known = facts.findIndex(
      ({ do: what, number }) => what === command.do && number === command.number,
    );
    // An amount never changes once it is known.
    const amount = facts[known]?.amount ?? command.amount;
    if (known === -1) facts.push(command);
    else facts[known] = { ...command, amount };
    const before = account.lots.map(({ remaining }) => remaining);
    if (this.#reverse(account, command.lot)) account.version += 1;
    account.lots.forEach((lot, index) => {
      const cameBack = lot.remaining - (before[index] ?? 0);
      if (cameBack > 0 && lot.until <= this.now) passDate(account, lot, cameBack, this.now);
    });
    this.#resumeWaiting(command.account);
    return "done";
  }

  /** Puts the credits where the money says they belong, one at a time; whether any moved. */
  #reverse(account: ModelAccount, own: number): boolean {
    const { granted, money } = account.lots[own] as ModelLot;
    const lotAt = (index: number) => account.lots[index] as ModelLot;
    const worth = (amount: number) => Math.floor(Math.min(granted * 100, amount) / 100 + 0.5);
    let gone = 0;
    for (const { do: what, amount, ended } of money.facts) {
      if (what === "refund" ? ended === null : ended === "lost") gone += amount;
    }
    const target = worth(gone);
    let hasMoved = false;

    const released: number[] = [];
    const release = (lot: number) => {
      lotAt(lot).frozen -= 1;
      lotAt(lot).remaining += 1;
      released.push(lot);
      hasMoved = true;
    };
    const isOver = (hold: { readonly dispute: number }) =>
      money.facts.some(
        ({ do: what, number, ended }) =>
          what === "dispute" && number === hold.dispute && ended !== null,
      );
    for (const { lots } of money.holds.filter(isOver)) lots.forEach(release);
    money.holds = money.holds.filter((hold) => !isOver(hold));
    let mayStayFrozen = granted - target;
    for (const { lots } of money.holds) {
      lots.splice(Math.max(0, mayStayFrozen)).forEach(release);
      mayStayFrozen -= lots.length;
    }

    const now: number[] = [];
    while (money.taken.length + now.length < target) {
      let lot = released.shift() ?? -1;
      if (lot === -1) lot = this.#nextToTake(account, own);
      if (lot === -1) break;
      lotAt(lot).remaining -= 1;
      account.refunded += 1;
      now.push(lot);
      hasMoved = true;
    }
    // What came from one lot at one time is remembered together.
    money.taken.push(...now.toSorted((a, b) => now.indexOf(a) - now.indexOf(b)));
    while (money.taken.length < target) {
      account.debt += 1;
      account.refunded += 1;
      money.taken.push(null);
      hasMoved = true;
    }
    while (money.taken.length > target) {
      const from = money.taken.pop() ?? null;
      account.refunded -= 1;
      hasMoved = true;
      if (from === null && account.debt > 0) account.debt -= 1;
      else {
        const origin = lotAt(from ?? own);
        (hasRoom(origin) ? origin : lotWithRoom(account, this.now)).remaining += 1;
      }
    }

    for (const { do: what, number, amount, ended } of money.facts) {
      const isHeld = money.holds.some(({ dispute }) => dispute === number);
      if (what !== "dispute" || ended !== null || isHeld) continue;
      const lots: number[] = [];
      let left = granted - target;
      for (const hold of money.holds) left -= hold.lots.length;
      while (lots.length < Math.min(worth(amount), left)) {
        const lot = this.#nextToTake(account, own);
        if (lot === -1) break;
        lotAt(lot).remaining -= 1;
        lotAt(lot).frozen += 1;
        lots.push(lot);
        hasMoved = true;
      }
      money.holds.push({ dispute: number, lots });
    }
    return hasMoved;
  }

  /** The purchase's own lot, then the other paid ones in their turn; -1 when none has any. */
  #nextToTake(account: ModelAccount, own: number): number {
    let best = -1;
    account.lots.forEach((lot, index) => {
      if (lot.kind !== "paid" || !isUsable(lot, this.now) || best === own) return;
      const other = account.lots[best];
      if (index === own || other === undefined || isBefore(lot, other)) best = index;
    });
    return best;
  }

  #resumeWaiting(number: number): void {
    const waiting = this.scans
      .filter(({ account, pausedFor }) => account === number && pausedFor === "credits")
      .sort((a, b) => (a.waitingSince ?? 0) - (b.waitingSince ?? 0));
    for (const scan of waiting) if (!this.#goOn(scan)) return;
  }

  /** Lets the meter run again; false if an hour starts right here and nobody can pay it. */
  #goOn(scan: ModelScan): boolean {
    const before = { state: scan.state, pausedFor: scan.pausedFor, since: scan.waitingSince };
    scan.runs.push({ from: this.now, until: FOREVER });
    scan.state = "running";
    scan.pausedFor = null;
    scan.waitingSince = null;
    const account = this.#account(scan);
    const isHourDue = hourStartOf(scan) === this.now;
    if (!isHourDue || account.whenOut === "finish" || this.#available(account, this.now) > 0) {
      account.version += 1;
      if (isHourDue) this.#startHour(scan, this.now);
      return true;
    }
    scan.runs.pop();
    scan.state = before.state;
    scan.pausedFor = before.pausedFor;
    scan.waitingSince = before.since;
    return false;
  }

  #start(command: LedgerCommand & { do: "start" }): Answer {
    const account = this.#account(command);
    const { key } = command;
    const request = JSON.stringify([command.target, command.label]);
    const earlier = this.scans.find((scan) => scan.account === command.account && scan.key === key);
    if (earlier !== undefined) {
      return earlier.request === request
        ? { scan: earlier.number }
        : { refused: "idempotency_key_reused" };
    }
    const target = account.targets[command.target];
    if (target === undefined || target.isArchived) return { refused: "target_not_found" };
    const isMetered = target.mode === "credits";
    if (isMetered && this.#available(account, this.now) - account.debt < 1) {
      return { refused: "insufficient_credits" };
    }
    const scan: ModelScan = {
      number: this.scans.length,
      account: command.account,
      mode: target.mode,
      key,
      request,
      startedAt: this.now,
      state: "running",
      pausedFor: null,
      runs: [{ from: this.now, until: FOREVER }],
      hours: [],
      lastSeenAt: this.now,
      waitingSince: null,
      endedAt: null,
      endedBy: null,
      reason: null,
    };
    this.scans.push(scan);
    if (isMetered) this.#startHour(scan, this.now);
    else account.version += 1;
    return { scan: scan.number };
  }

  #changeTarget(command: LedgerCommand & { do: "target-mode" | "archive" }): Answer {
    const target = this.#account(command).targets[command.target];
    if (target === undefined || target.isArchived) return { refused: "target_not_found" };
    if (command.do === "archive") target.isArchived = true;
    else target.mode = command.mode;
    return "done";
  }

  /** Whatever a runner says shows that it is alive. */
  #hear(scan: ModelScan): void {
    if (scan.endedAt !== null || this.now - scan.lastSeenAt < BEAT_RESOLUTION) return;
    scan.lastSeenAt = this.now;
    this.settle(scan.account);
  }

  #beat(scan: ModelScan): Answer {
    if (scan.endedBy === "runner") return { refused: "scan_already_ended" };
    this.#hear(scan);
    return { scan: scan.number };
  }

  #pause(scan: ModelScan, by: By): Answer {
    if (by === "runner") this.#hear(scan);
    if (scan.endedAt !== null) return { refused: "scan_already_ended" };
    if (scan.state === "paused" && by === "runner") return { scan: scan.number };
    if (scan.pausedFor === by) return { scan: scan.number };
    this.#account(scan).version += 1;
    stopMeter(scan, this.now);
    scan.state = "paused";
    scan.pausedFor = by;
    scan.waitingSince = null;
    return { scan: scan.number };
  }

  #resume(scan: ModelScan, by: By): Answer {
    if (by === "runner") this.#hear(scan);
    if (scan.endedAt !== null) return { refused: "scan_already_ended" };
    if (scan.state === "running") return { scan: scan.number };
    if (by === "runner" && scan.pausedFor === "user") return { refused: "scan_paused_by_user" };
    return this.#goOn(scan) ? { scan: scan.number } : { refused: "insufficient_credits" };
  }

  #finish(
    scan: ModelScan,
    outcome: "completed" | "failed" | "stopped",
    fault: Fault,
    by: By,
  ): Answer {
    if (by === "runner") this.#hear(scan);
    const state = ({ completed: "finished", failed: "failed", stopped: "stopped" } as const)[
      outcome
    ];
    if (scan.endedAt !== null) {
      return scan.state === state ? { scan: scan.number } : { refused: "scan_already_ended" };
    }
    const reason =
      by === "user" ? "stopped_by_user" : fault === null ? outcome : `${outcome}_${fault}`;
    this.#end(scan, this.now, state, by, reason, outcome === "failed" && fault === "platform");
    return { scan: scan.number };
  }
}

function ranBefore(scan: ModelScan, at: number): number {
  let sum = 0;
  for (const { from, until } of scan.runs) sum += Math.max(0, Math.min(until, at) - from);
  return sum;
}

function costOf(ranMs: number): number {
  let cost = 1;
  while (cost < settings.scanCreditsMax && ranMs > cost * HOUR) cost += 1;
  return cost;
}

/** When the hour that is not debited yet starts: the meter goes on past all hours before it. */
function hourStartOf(scan: ModelScan): number {
  if (scan.mode === "unlimited" || scan.hours.length === settings.scanCreditsMax) return FOREVER;
  let left = scan.hours.length * HOUR;
  for (const { from, until } of scan.runs) {
    if (until - from > left) return from + left;
    left -= until - from;
  }
  return FOREVER;
}

/** The meter never stands beyond the start of an hour that was not debited. */
function stopMeter(scan: ModelScan, at: number): void {
  const run = scan.runs.at(-1);
  if (run?.until === FOREVER) run.until = Math.min(at, hourStartOf(scan));
}

function openLimitOf(scan: ModelScan): number {
  return scan.startedAt + settings.scanOpenLimitMs;
}

function waitingLimitOf(scan: ModelScan): number {
  return scan.waitingSince === null
    ? FOREVER
    : scan.waitingSince + settings.waitingForCreditsLimitMs;
}

function isUsable(lot: ModelLot, at: number): boolean {
  return lot.remaining > 0 && lot.from <= at && at < lot.until;
}

/** Free before paid, then the nearer expiry, then the older; the one that came first stays otherwise. */
function isBefore(lot: ModelLot, other: ModelLot): boolean {
  if (lot.kind !== other.kind) return lot.kind === "free";
  if (lot.until !== other.until) return lot.until < other.until;
  return lot.from < other.from;
}

function hasRoom(lot: ModelLot): boolean {
  return lot.remaining + lot.frozen + lot.kept < lot.granted;
}

/**
 * The paid lot that takes a credit nobody else can take: one that lives and is not spent, or else any
 * other; of several the longest-lived.
 */
function lotWithRoom({ lots }: ModelAccount, at: number): ModelLot {
  const lives = (lot: ModelLot) => lot.until > at && lot.remaining + lot.frozen > 0;
  let best: ModelLot | undefined;
  for (const lot of lots) {
    if (lot.kind === "free" || !hasRoom(lot)) continue;
    const isLivelier = best !== undefined && lives(lot) && !lives(best);
    const isDeader = best !== undefined && !lives(lot) && lives(best);
    if (best === undefined || isLivelier || (!isDeader && lot.until > best.until)) best = lot;
  }
  if (best === undefined) throw new Error("A credit came back that no lot had given.");
  return best;
}

function keptUntil(lot: ModelLot): number {
  return lot.until + settings.keptForMs;
}

/** Whether what is in a lot past its date stays the customer's for now. */
function isKept(account: ModelAccount, lot: ModelLot, at: number): boolean {
  return lot.kind === "paid" && (account.keepsExpired || lot.kept > 0) && at < keptUntil(lot);
}

/** The date has passed for credits of a lot: they are kept or forfeited. */
function passDate(account: ModelAccount, lot: ModelLot, amount: number, at: number): void {
  lot.remaining -= amount;
  if (isKept(account, lot, at)) lot.kept += amount;
  else account.forfeited += amount;
  account.version += 1;
}

function forfeitKept(account: ModelAccount, lot: ModelLot): void {
  account.forfeited += lot.kept;
  account.keptTooLong += lot.kept;
  lot.kept = 0;
  account.version += 1;
}
