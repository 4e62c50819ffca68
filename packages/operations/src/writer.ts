/**
 * The one way an account changes. Commands that wait at the same time share a commit: their facts
 * are read in one statement, core decides each in turn over the same books, and what was decided is
 * appended by one batch of set-based statements, guarded by the account's version. Each command gets
 * its own answer. A refusal writes nothing; a failure does not fail its neighbours.
 *
 * Nothing waits for company: a lone command goes at once, and a group forms from what arrived while
 * the last commit was on its way to the disk.
 */
import {
  catchUp,
  type Instant,
  Journal,
  type Outcome,
  type PostingKind,
  type Refusal,
  refuse,
  type Scan,
  SpentLotsNotRead,
} from "@scanmeter/core";
import { noticesOfPostings } from "@scanmeter/core/notices";
import {
  type AutoTopUpKnown,
  type AutoTopUpRow,
  addConsent,
  appendStatements,
  askForLooks,
  ConstraintViolated,
  type Database,
  DatabaseUnavailable,
  type DisputeRow,
  type Facts,
  failureOf,
  type InvoiceRow,
  insertNotices,
  type PostingRow,
  putAutoTopUps,
  putNextLook,
  putTopUps,
  type RefundRow,
  readFacts,
  type Statement,
  type StoredConsent,
  type TargetRow,
  type TopUpRow,
} from "@scanmeter/db";
import { asksForLook } from "./auto-top-up/asks-for-look.ts";
import type { Clock } from "./clock.ts";
import { type WakeUp, wakeUpsOf } from "./wake-ups.ts";

/** What a decision may ask about beyond the account, its open lots and its due scans. */
export interface Wants {
  readonly scanId?: string;
  readonly startKey?: string;
  readonly postingKey?: string;
  readonly targetId?: string;
  readonly waitingScans?: boolean;
  readonly topUpId?: string;
  /** The purchase of which everything is wanted that became of its money. */
  readonly moneyOf?: string;
  /** What the account asked for in advance, and all that decisions about it need. */
  readonly autoTopUp?: boolean;
}

export interface Known {
  readonly listeningSince: Facts["listeningSince"];
  readonly target: TargetRow | null;
  readonly posting: PostingRow | null;
  readonly scanOfStartKey: Scan | null;
  readonly topUp: TopUpRow | null;
  readonly money: MoneyKnown;
  /** Null unless it was wanted. */
  readonly autoTopUp: AutoTopUpKnown | null;
}

/** What became of the money of a purchase, as far as it is stored, and the documents about it. */
export interface MoneyKnown {
  readonly refunds: readonly RefundRow[];
  readonly disputes: readonly DisputeRow[];
  readonly documents: readonly InvoiceRow[];
}

/** What a command stores besides what it books, in the same commit, if it is accepted. */
export interface Draft {
  putTopUp(row: TopUpRow): void;
  /** With the agreement it stands on, if that is a new one. */
  putAutoTopUp(row: AutoTopUpRow, agreed?: StoredConsent): void;
  /** Somebody should look whether there is something to buy or to tell, now that this is stored. */
  askForLook(): void;
  /** This was the look; the next one is due then, unless another is asked for before. */
  nextLook(at: Instant | null): void;
  /** Runs after everything else of the commit. */
  add(statements: readonly Statement[]): void;
}

export interface Command<Value> {
  readonly accountId: string;
  readonly wants: Wants;
  /** Runs again after a conflict, so it must not remember anything. */
  decide(books: Journal, known: Known, draft: Draft): Outcome<Value, Refusal>;
}

/** What is told to others after a commit. Losing one is harmless: sweeps and version checks heal. */
export interface Announcement {
  readonly accountId: string;
  readonly version: number;
  readonly reason: PostingKind;
  readonly wakeUps: readonly WakeUp[];
}

interface Waiting {
  readonly command: Command<unknown>;
  resolve(outcome: Outcome<unknown, Refusal>): void;
  reject(error: unknown): void;
}

const GROUP_MAX = 256;
const DUE_SCANS_MAX = 500;
/** Another process may win a race for an account again and again, but not for ever. */
const ATTEMPTS_MAX = 20;

export class Writer {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #announce: (announcements: readonly Announcement[]) => void;
  readonly #wakeLook: (accountId: string) => void;
  readonly #queue: Waiting[] = [];
  #draining: Promise<void> | null = null;

  constructor(
    db: Database,
    clock: Clock,
    announce: (announcements: readonly Announcement[]) => void,
    /** Told of each account that is to be looked at now; losing one is as harmless. */
    wakeLook: (accountId: string) => void = () => {},
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#announce = announce;
    this.#wakeLook = wakeLook;
  }

  submit<Value>(command: Command<Value>): Promise<Outcome<Value, Refusal>> {
    return new Promise((resolve, reject) => {
      const settle = resolve as (outcome: Outcome<unknown, Refusal>) => void;
      this.#queue.push({ command, resolve: settle, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves once everything submitted so far has its answer. */
  async settled(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // Letting the event loop turn between commits keeps sockets and timers alive under load, and
    // lets the callers that arrived meanwhile join the next group.
    do {
      await new Promise(setImmediate);
      const group = this.#queue.splice(0, groupSize(this.#queue));
      try {
        await this.#commit(group);
      } catch (error) {
        await this.#commitOneByOne(group, error);
      }
    } while (this.#queue.length > 0);
    this.#draining = null;
  }

  /** One of the group broke something: alone, each succeeds or fails for its own reason. */
  async #commitOneByOne(group: readonly Waiting[], error: unknown): Promise<void> {
    if (group.length === 1 || error instanceof DatabaseUnavailable) {
      for (const one of group) one.reject(error);
      return;
    }
    for (const one of group) await this.#commit([one]).catch(one.reject);
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const needsSpentLots = new Set<string>();
    for (let attempts = 1; ; ) {
      const round = await this.#attempt(group, needsSpentLots).catch((error: unknown) => {
        const failure = failureOf(error);
        const mayRetry = isWorthRetrying(failure, needsSpentLots);
        if (!mayRetry || attempts >= ATTEMPTS_MAX) throw failure;
        attempts += 1;
        return null;
      });
      if (round === null) continue;
      const { books, outcomes } = round;
      for (const [index, one] of group.entries()) {
        const outcome = outcomes?.[index];
        if (outcome !== undefined) one.resolve(outcome);
      }
      this.#tell(books.map((account) => account.books));
      for (const accountId of round.looks) this.#wakeLook(accountId);
      if (outcomes !== null) return;
    }
  }

  /** Reads, decides and stores once. Without outcomes, what was due filled the commit by itself. */
  async #attempt(group: readonly Waiting[], needsSpentLots: ReadonlySet<string>) {
    const round = await this.#decide(group, needsSpentLots);
    const { books, changed, added, looks } = round;
    const statements = [
      ...appendStatements(books),
      // Agreements before the settings that stand on them, and those before what is bought by them.
      ...changed.consents,
      ...putAutoTopUps([...changed.autoTopUps.values()]),
      ...putTopUps([...changed.topUps.values()]),
      ...insertNotices(books.flatMap((account) => noticesOfPostings(account.books))),
      ...added,
      ...(looks.length > 0 ? [askForLooks(looks, this.#clock.now())] : []),
      ...changed.looks,
    ];
    if (statements.length > 0) await this.#db.write(statements);
    return round;
  }

  async #decide(group: readonly Waiting[], needsSpentLots: ReadonlySet<string>) {
    const now = this.#clock.now();
    const commands = group.map(({ command }) => command);
    const facts = await readFacts(this.#db, {
      accountIds: [...new Set(commands.map(({ accountId }) => accountId))],
      dueUntil: now,
      dueLimit: DUE_SCANS_MAX,
      scans: wanted(commands, (wants) => wants.scanId),
      startKeys: wanted(commands, (wants) => wants.startKey),
      postingKeys: wanted(commands, (wants) => wants.postingKey),
      targets: wanted(commands, (wants) => wants.targetId),
      topUps: wanted(commands, (wants) => wants.topUpId),
      moneyOf: wanted(commands, (wants) => wants.moneyOf),
      waitingOf: accountsOf(commands, (wants) => wants.waitingScans),
      spentLotsOf: [...needsSpentLots],
      autoTopUpsOf: accountsOf(commands, (wants) => wants.autoTopUp),
    });
    const opened = openBooks(facts, now, needsSpentLots);
    const inBooks = <T>(accountId: string, work: () => T): T => {
      try {
        return work();
      } catch (error) {
        throw error instanceof SpentLotsNotRead ? new SpentLotsNotReadOf(accountId) : error;
      }
    };
    for (const [accountId, { books }] of opened) inBooks(accountId, () => catchUp(books, facts));

    const changed = new Changed();
    const added: Statement[] = [];
    const decideOne = (command: Command<unknown>, books: Journal) => {
      const { accountId } = command;
      const drafted: Statement[] = [];
      const looksAsked = facts.accounts.find(({ account }) => account.id === accountId)?.looksAsked;
      const draft: Draft = {
        putTopUp: (row) => void changed.topUps.set(row.topUp.id, row),
        putAutoTopUp(row, agreed) {
          changed.autoTopUps.set(accountId, row);
          if (agreed !== undefined) changed.consents.push(addConsent(accountId, agreed));
        },
        askForLook: () => void changed.looksAsked.add(accountId),
        nextLook: (nextAt) =>
          void changed.looks.push(putNextLook(accountId, { nextAt, looksAsked: looksAsked ?? 0 })),
        add: (statements) => void drafted.push(...statements),
      };
      const known = knownTo(command, facts, books, changed);
      const outcome = command.decide(books, known, draft);
      if (outcome.ok) added.push(...drafted);
      return outcome;
    };

    // With more due than one commit should carry, what is due goes first and the commands wait.
    const outcomes =
      facts.hasMoreDue && hasBooked(opened)
        ? null
        : commands.map((command) => {
            const account = opened.get(command.accountId);
            return account === undefined
              ? refuse({ code: "account_not_found" } as const)
              : inBooks(command.accountId, () => decideOne(command, account.books));
          });
    const books = [...opened.values()];
    const looks = [...opened].flatMap(([accountId, account]) =>
      changed.looksAsked.has(accountId) || asksForLook(account.books) ? [accountId] : [],
    );
    return { outcomes, books, changed, added, looks };
  }

  #tell(changed: readonly Journal[]): void {
    const announcements = changed.flatMap((books) => {
      const newest = books.postings.at(-1);
      if (newest === undefined) return [];
      const { accountId, version, kind } = newest;
      return [{ accountId, version, reason: kind, wakeUps: wakeUpsOf(books) }];
    });
    if (announcements.length === 0) return;
    try {
      this.#announce(announcements);
    } catch {
      // What was stored is stored. Whoever listens tells of its own failures; the sweep heals them.
    }
  }
}

/** What the commands of a group change besides the books, each seen by those behind it. */
class Changed {
  readonly topUps = new Map<string, TopUpRow>();
  readonly autoTopUps = new Map<string, AutoTopUpRow>();
  readonly consents: Statement[] = [];
  readonly looksAsked = new Set<string>();
  readonly looks: Statement[] = [];
}

/**
 * How many of those who wait go next. Of two that ask what became of the same money the second waits
 * for the next commit: what the first adds to it cannot be read before it is stored.
 */
function groupSize(queue: readonly Waiting[]): number {
  const asked = new Set<string>();
  const size = queue.slice(0, GROUP_MAX).findIndex(({ command }) => {
    const { moneyOf } = command.wants;
    if (moneyOf === undefined) return false;
    const isSecond = asked.has(moneyOf);
    asked.add(moneyOf);
    return isSecond;
  });
  return size === -1 ? GROUP_MAX : size;
}

/** Somebody else was first, or a lot is needed that was not read; notes the latter. */
function isWorthRetrying(error: unknown, needsSpentLots: Set<string>): boolean {
  if (error instanceof SpentLotsNotReadOf) {
    needsSpentLots.add(error.accountId);
    return true;
  }
  return error instanceof ConstraintViolated && error.isConflict;
}

class SpentLotsNotReadOf extends Error {
  readonly accountId: string;

  constructor(accountId: string) {
    super("A credit goes back to a lot that was not read.");
    this.accountId = accountId;
  }
}

function hasBooked(opened: ReadonlyMap<string, { readonly books: Journal }>): boolean {
  return [...opened.values()].some(({ books }) => books.postings.length > 0);
}

function accountsOf(
  commands: readonly Command<unknown>[],
  want: (wants: Wants) => boolean | undefined,
): string[] {
  return [...new Set(commands.filter(({ wants }) => want(wants)).map((one) => one.accountId))];
}

function wanted(
  commands: readonly Command<unknown>[],
  pick: (wants: Wants) => string | undefined,
): [string, string][] {
  return commands.flatMap(({ accountId, wants }) => {
    const value = pick(wants);
    return value === undefined ? [] : [[accountId, value] as [string, string]];
  });
}

function openBooks(
  facts: Facts,
  now: ReturnType<Clock["now"]>,
  withSpentLots: ReadonlySet<string>,
) {
  const lotsOf = groupBy(facts.lots, ([accountId]) => accountId);
  const scansOf = groupBy(facts.scans, (scan) => scan.accountId as string);
  return new Map(
    facts.accounts.map(({ account, chainHash }) => {
      const lots = (lotsOf.get(account.id) ?? []).map(([, lot]) => lot);
      const scans = scansOf.get(account.id) ?? [];
      const books = new Journal(account, lots, scans, now, withSpentLots.has(account.id));
      return [account.id as string, { books, chainHash }];
    }),
  );
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function knownTo(command: Command<unknown>, facts: Facts, books: Journal, changed: Changed): Known {
  const { accountId, wants } = command;
  const isOfMoney = (row: { readonly topUpId: string; readonly accountId: string }) =>
    row.topUpId === wants.moneyOf && row.accountId === accountId;
  const topUps = [...changed.topUps.values(), ...facts.topUps];
  // Books hold what earlier commands of the same group did, so they are asked before the facts.
  const startedWithKey =
    wants.startKey === undefined
      ? undefined
      : [...books.scans].find((scan) => scan.startKey === wants.startKey);
  const bookedWithKey =
    wants.postingKey === undefined
      ? undefined
      : books.postings.find((posting) => posting.key === wants.postingKey);
  return {
    listeningSince: facts.listeningSince,
    target:
      facts.targets.find((row) => row.id === wants.targetId && row.accountId === accountId) ?? null,
    posting:
      bookedWithKey ??
      facts.postings.find((row) => row.key === wants.postingKey && row.accountId === accountId) ??
      null,
    scanOfStartKey: startedWithKey ?? null,
    topUp:
      topUps.find(({ topUp }) => topUp.id === wants.topUpId && topUp.accountId === accountId) ??
      null,
    money: {
      refunds: facts.refunds.filter(isOfMoney),
      disputes: facts.disputes.filter(isOfMoney),
      documents: facts.documents.filter(isOfMoney),
    },
    autoTopUp: wants.autoTopUp ? autoTopUpKnown(accountId, facts, changed) : null,
  };
}

function autoTopUpKnown(accountId: string, facts: Facts, changed: Changed): AutoTopUpKnown | null {
  const read = facts.autoTopUps.known(accountId);
  if (read === null) return null;
  const newer = [...changed.topUps.values()].map(({ topUp }) => topUp);
  const ofAccount = newer.filter((topUp) => topUp.accountId === accountId);
  const purchases = [
    ...read.purchases.filter(({ id }) => !ofAccount.some((topUp) => topUp.id === id)),
    ...ofAccount,
  ];
  return { ...read, row: changed.autoTopUps.get(accountId) ?? read.row, purchases };
}
