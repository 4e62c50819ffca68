/**
 * Random days in the lives of two accounts, lived through by the operations over a real database and
 * by the model of the rules in core. They must agree on every answer and every balance, and after
 * each step the database must hold what it promises. `ledger-model.slow.test.ts` is this file again,
 * with many times as many days.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accept,
  credits,
  decideAdjustment,
  decideRevive,
  idOf,
  instant,
  isoOf,
  type Lot,
  type LotId,
  minor,
  type Outcome,
  type Refusal,
  refuse,
  type Scan,
} from "@scanmeter/core";
import { bookReversal, type PurchaseMoney, type Reversed } from "@scanmeter/core/purchase";
import {
  type AccountView,
  type Answer,
  arbitrarySteps,
  type LedgerCommand,
  LedgerTrial,
  type LedgerUnderTest,
  type ScanSeen,
  trialAccounts,
} from "@scanmeter/core/testing";
import { skipFlushing } from "@scanmeter/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit } from "./audit.ts";
import { resumeWaiting } from "./grant-credits.ts";
import { mintId } from "./mint-id.ts";
import { type Operations, openOperations } from "./open.ts";
import { Writer } from "./writer.ts";

const isThorough = expect.getState().testPath?.includes(".slow.") ?? false;
const trials = isThorough ? Number(process.env.TRIALS ?? 415) : 15;
/** Several times what it takes, for a machine that is busy with something else. */
const timeoutMs = 120_000 + trials * 500;
const STEPS = 30;
/** The same histories each time, so that red means the change at hand. Another number finds other histories. */
const SEED = Number(process.env.SEED ?? 7);

const folder = mkdtempSync(join(tmpdir(), "scanmeter-model-"));
/** A database with the accounts and their targets, copied for each trial. */
const template = join(folder, "template.db");
const accounts: { readonly id: string; readonly targetIds: readonly string[] }[] = [];

beforeAll(async () => {
  const clock = { now: () => instant(0) };
  const operations = await openOperations({ databaseUrl: `file:${template}`, clock });
  for (const [index, { targets }] of trialAccounts.entries()) {
    const { account } = await operations.openAccount({ userId: `user-${index}`, name: "Customer" });
    const targetIds: string[] = [];
    for (const [number, mode] of targets.entries()) {
      const url = `https://${number}.example`;
      const target = await operations.createTarget({ accountId: account.id, url, mode });
      if (target.ok) targetIds.push(target.value.id);
    }
    accounts.push({ id: account.id, targetIds });
  }
  await operations.database.client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  await operations.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

type MoneyCommand = Extract<LedgerCommand, { readonly lot: number }>;
type ScanCommand = Extract<LedgerCommand, { readonly scan: number }>;

/** The operations in the words of the model: accounts, targets, lots and scans by their number. */
class OperationsUnderTest implements LedgerUnderTest {
  readonly #path: string;
  readonly #scanIds: string[] = [];
  /** What became of the money of a purchase and what was done about it, by the id of its lot. */
  readonly #purchases = new Map<LotId, { money: PurchaseMoney; reversed: Reversed }>();
  #now = instant(0);
  #revivals = 0;
  #opened: Operations | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  get operations(): Operations {
    if (this.#opened === null) throw new Error("The process is down.");
    return this.#opened;
  }

  setNow(now: number): void {
    this.#now = instant(now);
  }

  async start(): Promise<void> {
    const clock = { now: () => this.#now };
    this.#opened = await openOperations({ databaseUrl: `file:${this.#path}`, clock });
    await skipFlushing(this.#opened.database);
  }

  async stop(): Promise<void> {
    await this.#opened?.close();
    this.#opened = null;
  }

  async sweep(): Promise<void> {
    await this.operations.sweep(200);
    await this.operations.sweepLooks(200);
    // What the queue's own wake-ups do. Right after an outage a sweep leaves out more than it must.
    for (const { id } of accounts) await this.operations.catchUp(id);
  }

  async act(command: LedgerCommand): Promise<Answer> {
    const { operations } = this;
    const { id: accountId, targetIds } = accountOf(command);
    switch (command.do) {
      case "grant": {
        const { kind, key, until } = command;
        const granted = await operations.grantCredits({
          accountId,
          credits: credits(command.credits),
          kind,
          source: "trial",
          key: String(key),
          expiresAt: instant(until),
        });
        return doneOr(granted);
      }
      case "adjust":
        return this.#adjust(command);
      case "refund":
      case "dispute":
        return this.#learnOfMoney(command);
      case "keep-expired":
        // Whoever saves settings has done what was due before.
        await operations.catchUp(accountId);
        await operations.database.write([
          {
            sql: "UPDATE accounts SET keeps_expired = ? WHERE id = ?",
            args: [Number(command.value), accountId],
          },
        ]);
        return "done";
      case "revive":
        return this.#revive(command);
      case "when-out":
        await operations.setWhenOutOfCredits({ accountId, value: command.value });
        return "done";
      case "target-mode":
      case "archive": {
        const target = { accountId, targetId: targetIds[command.target] ?? "tgt_unknown" };
        return doneOr(
          command.do === "archive"
            ? await operations.archiveTarget(target)
            : await operations.setTargetMode({ ...target, mode: command.mode }),
        );
      }
      case "start":
        return this.#scanOr(
          await operations.startScan({
            accountId,
            runnerKeyId: null,
            targetId: targetIds[command.target] ?? "tgt_unknown",
            idempotencyKey: String(command.key),
            label: String(command.label),
          }),
        );
      default:
        return this.#scanOr(await this.#actOnScan(command));
    }
  }

  /** A purchase here is a paid lot whose credits cost 100 each. */
  async #learnOfMoney(command: MoneyCommand): Promise<Answer> {
    const accountId = accountOf(command).id;
    const lot = (await this.#lots(accountId))[command.lot];
    if (lot?.kind !== "paid") {
      // A command that is refused has done what was due before it, like any other.
      await this.operations.catchUp(accountId);
      return { refused: "top_up_not_found" };
    }
    const { money, reversed } = this.#purchases.get(lot.id) ?? {
      money: {
        quantity: lot.granted,
        totalMinor: minor(lot.granted * 100),
        refunds: [],
        disputes: [],
      },
      reversed: { lotId: lot.id, postings: 0, taken: [], holds: [] },
    };
    const purchase = withFacts(money, command);
    const { database, clock } = this.operations;
    const writer = new Writer(database, clock, () => {});
    const booked = await writer.submit({
      accountId,
      wants: {},
      decide: (books) =>
        accept(
          bookReversal(books, {
            topUpId: idOf("topUp", lot.id),
            paymentIntentId: `pi-${lot.id}`,
            purchase,
            reversed,
          }),
        ),
    });
    if (booked.ok) this.#purchases.set(lot.id, { money: purchase, reversed: booked.value });
    await resumeWaiting({ writer }, accountId);
    return doneOr(booked);
  }

  async #adjust(command: Extract<LedgerCommand, { readonly do: "adjust" }>): Promise<Answer> {
    const accountId = accountOf(command).id;
    const [key, lotId] = [`adjust-${mintId("lot")}`, mintId("lot")];
    const { database, clock } = this.operations;
    const writer = new Writer(database, clock, () => {});
    const adjusted = await writer.submit({
      accountId,
      wants: {},
      decide: (books) =>
        decideAdjustment(books, {
          credits: command.credits,
          reason: "trial",
          key,
          fingerprint: "[]",
          lotId,
          expiresAt: instant(command.until),
        }),
    });
    if (adjusted.ok) await resumeWaiting({ writer }, accountId);
    return doneOr(adjusted);
  }

  /** As a purchase does, without the credits it brings. */
  async #revive(command: Extract<LedgerCommand, { readonly do: "revive" }>): Promise<Answer> {
    const accountId = accountOf(command).id;
    const newExpiresAt = instant(command.until);
    const { database, clock } = this.operations;
    const writer = new Writer(database, clock, () => {});
    const revived = await writer.submit({
      accountId,
      wants: {},
      decide: (books) => {
        if (newExpiresAt <= books.now) {
          return refuse({ code: "invalid_expiry", expiresAt: isoOf(newExpiresAt) });
        }
        const topUpId = idOf("topUp", `revival-${this.#revivals}`);
        const paymentIntentId = `pi-revival-${this.#revivals++}`;
        return accept(decideRevive(books, { paymentIntentId, topUpId, newExpiresAt }));
      },
    });
    if (revived.ok) await resumeWaiting({ writer }, accountId);
    return doneOr(revived);
  }

  #lots(accountId: string): Promise<Lot[]> {
    return this.#query<Lot>(
      `SELECT id, kind, granted, remaining, frozen, kept, expires_at AS expiresAt FROM lots
        WHERE account_id = ? ORDER BY id`,
      accountId,
    );
  }

  #actOnScan(command: ScanCommand): Promise<Outcome<Scan, Refusal>> {
    const { operations } = this;
    const accountId = accountOf(command).id;
    const scan = { accountId, scanId: this.#scanIds[command.scan] ?? "scan_unknown" };
    switch (command.do) {
      case "beat":
        return operations.heartbeat(scan);
      case "pause":
        return operations.pauseScan({ ...scan, by: command.by });
      case "resume":
        return operations.resumeScan({ ...scan, by: command.by });
      case "stop":
        return operations.stopScan({ ...scan, askedBy: "user_ada" });
      case "finish": {
        const { outcome, fault } = command;
        return operations.finishScan({ ...scan, outcome, fault: fault ?? undefined });
      }
    }
  }

  #scanOr(outcome: Outcome<Scan, Refusal>): Answer {
    if (!outcome.ok) return { refused: outcome.refusal.code };
    const { id } = outcome.value;
    if (!this.#scanIds.includes(id)) this.#scanIds.push(id);
    return { scan: this.#scanIds.indexOf(id) };
  }

  async view(number: number): Promise<AccountView> {
    const accountId = accounts[number]?.id ?? "";
    const lots = await this.#lots(accountId);
    const [sums] = await this.#query<Omit<AccountView, "lots" | "scans" | "available" | "frozen">>(
      `SELECT version, debt, ${moved("from_account IN ('purchases', 'grants')")} AS granted,
        ${moved("from_account = 'adjustments'")} - ${moved("to_account = 'adjustments'")} AS adjusted,
        ${moved("to_account = 'usage'")} - ${moved("from_account = 'usage'")} AS used,
        ${moved("to_account = 'breakage'")} AS forfeited,
        ${moved("to_account = 'refunds'")} - ${moved("from_account = 'refunds'")} AS refunded FROM accounts WHERE id = ?`,
      accountId,
    );
    if (sums === undefined) throw new Error("There is no such account.");
    const page = { accountId, beforeId: null, limit: 1_000 };
    const scans = (await this.operations.listScans(page)).map(({ scan }) => scan).reverse();
    const balance = await this.operations.balanceAt(accountId, this.#now);
    const lotIds = lots.map(({ id }) => id);
    return {
      ...sums,
      available: balance.available,
      frozen: balance.frozen,
      lots: lots.map((lot) => ({
        kind: lot.kind,
        granted: lot.granted,
        remaining: lot.remaining,
        frozen: lot.frozen - lot.kept,
        kept: lot.kept,
        until: lot.expiresAt,
      })),
      scans: scans.map((scan) => this.#seen(scan, lotIds)),
    };
  }

  #seen(scan: Scan, lotIds: readonly LotId[]): ScanSeen {
    const since = scan.activeSince === null ? 0 : this.#now - scan.activeSince;
    return {
      number: this.#scanIds.indexOf(scan.id),
      mode: scan.mode,
      state: scan.state,
      pausedFor: scan.pausedFor,
      hours: scan.hours.map(({ boundary, lotId }) => ({
        at: boundary,
        lot: lotId === null ? null : lotIds.indexOf(lotId),
      })),
      lastSeenAt: scan.lastSeenAt,
      waitingSince: scan.waitingSince,
      endedAt: scan.endedAt,
      endedBy: scan.endedBy,
      reason: scan.endReason,
      ranMs: scan.state === "lost" ? null : scan.activeMs + since,
    };
  }

  async check(): Promise<void> {
    const broken = await this.#query(invariants);
    expect(broken).toEqual([]);
  }

  async audit(): Promise<void> {
    for await (const { title, broken } of audit(this.operations.database)) {
      expect(broken, title).toBeNull();
    }
  }

  async #query<Row>(sql: string, ...args: string[]): Promise<Row[]> {
    const { rows, columns } = await this.operations.database.read({ sql, args });
    return rows.map(
      (row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])) as Row,
    );
  }
}

function accountOf({ account }: LedgerCommand) {
  const found = accounts[account];
  if (found === undefined) throw new Error("There is no such account.");
  return found;
}

function doneOr(outcome: Outcome<unknown, Refusal>): Answer {
  return outcome.ok ? "done" : { refused: outcome.refusal.code };
}

/** A refund that failed and a dispute that ended say so from then on; their amounts never change. */
function withFacts(money: PurchaseMoney, command: MoneyCommand): PurchaseMoney {
  const id = `${command.do}-${command.number}`;
  const put = <Fact extends { readonly id: string }>(facts: readonly Fact[], fact: Fact) => {
    const isKnown = facts.some((one) => one.id === id);
    return isKnown
      ? facts.map((one) => (one.id === id ? { ...fact, ...one, ...status } : one))
      : [...facts, fact];
  };
  const amountMinor = minor(command.amount);
  const status =
    command.do === "refund"
      ? { status: command.ended === null ? "succeeded" : "failed" }
      : { status: command.ended ?? "needs_response" };
  return command.do === "refund"
    ? { ...money, refunds: put(money.refunds, { id, amountMinor, credits: null, ...status }) }
    : { ...money, disputes: put(money.disputes, { id, amountMinor, ...status }) };
}

function moved(which: string): string {
  return `(SELECT coalesce(sum(e.amount), 0) FROM postings p JOIN entries e ON e.posting_id = p.id
    WHERE p.account_id = accounts.id AND e.${which})`;
}

const intoLots = `CASE WHEN lot_id IS NULL THEN 0 WHEN from_account = 'customer' THEN -amount ELSE amount END`;
const intoHolds = `CASE 'holds' WHEN to_account THEN amount WHEN from_account THEN -amount ELSE 0 END`;
const intoDebt = `CASE WHEN from_account = to_account THEN -amount WHEN lot_id IS NOT NULL THEN 0
  WHEN from_account = 'customer' THEN amount ELSE -amount END`;

/** Each row is a broken promise. */
const invariants = `
  WITH moves AS (
    SELECT p.id, p.account_id, p.version, p.balance_after, p.debt_after,
      coalesce(sum(${intoLots}), 0) AS lots, coalesce(sum(${intoDebt}), 0) AS debt
    FROM postings p LEFT JOIN entries ON posting_id = p.id GROUP BY p.id),
  steps AS (
    SELECT *, balance_after - lag(balance_after, 1, 0) OVER history AS balance_moved,
      debt_after - lag(debt_after, 1, 0) OVER history AS debt_moved
    FROM moves WINDOW history AS (PARTITION BY account_id ORDER BY version))
  SELECT 'a posting moves balance and debt by its entries' AS promise, id AS broken_by FROM steps
    WHERE balance_moved <> lots OR debt_moved <> debt
  UNION ALL SELECT 'a lot holds what its entries say, between nothing and its grant', l.id
    FROM lots l LEFT JOIN entries ON lot_id = l.id GROUP BY l.id
    HAVING remaining <> sum(${intoLots}) OR frozen <> sum(${intoHolds})
      OR remaining < 0 OR kept < 0 OR kept > frozen OR remaining + frozen > granted
  UNION ALL SELECT 'versions have no gaps', a.id FROM accounts a LEFT JOIN postings p ON p.account_id = a.id
    GROUP BY a.id HAVING count(p.id) <> a.version OR coalesce(max(p.version), 0) <> a.version
      OR coalesce(min(p.version), 1) <> 1
  UNION ALL SELECT 'everything that was granted is held, owed, used, forfeited, refunded or adjusted', a.id FROM accounts a
    LEFT JOIN (SELECT p.account_id,
        sum(CASE WHEN from_account IN ('purchases', 'grants') THEN amount ELSE 0 END) AS granted,
        sum(CASE WHEN 'usage' IN (from_account, to_account) OR 'breakage' IN (from_account, to_account)
            OR 'refunds' IN (from_account, to_account) OR 'adjustments' IN (from_account, to_account)
          THEN iif(from_account = 'customer', amount, -amount) ELSE 0 END) AS gone
      FROM postings p JOIN entries ON posting_id = p.id GROUP BY p.account_id) s ON s.account_id = a.id
    WHERE coalesce(granted, 0) <> coalesce(gone, 0) - a.debt
      + (SELECT coalesce(sum(remaining + frozen), 0) FROM lots l WHERE l.account_id = a.id)
  UNION ALL SELECT 'a return undoes one debit, once', r.id FROM postings r
    LEFT JOIN postings d ON d.account_id = r.account_id AND d.version = r.reverses AND d.kind = 'debit'
      AND d.scan_id = r.scan_id AND d.hour = r.hour
    WHERE r.kind = 'return' AND (d.id IS NULL OR 1 < (SELECT count(*) FROM postings o
      WHERE o.account_id = r.account_id AND o.reverses = r.reverses))
  UNION ALL SELECT 'a scan has the hours that were debited and not returned', s.id FROM scans s
    WHERE json_array_length(s.hours) <> (SELECT coalesce(sum(iif(kind = 'debit', 1, -1)), 0)
      FROM postings WHERE scan_id = s.id AND kind IN ('debit', 'return'))`;

const worthSeeing = [
  ...[
    "cost 0",
    "cost 1",
    "cost 2",
    "cost 3",
    "cost 4",
    "cost 5",
    "an hour owed",
    "a lot forfeited",
    "credits refunded",
    "credits frozen",
    "credits kept",
    "credits revived",
    "kept beside a dispute",
    "kept too long",
    "a refund owed",
  ],
  ...[
    "lost",
    "open_limit",
    "waited_for_credits",
    "stopped_by_user",
    "completed",
    "failed_platform",
  ],
  ...["start: insufficient_credits", "start: idempotency_key_reused", "start: target_not_found"],
  ...["resume: insufficient_credits", "resume: scan_paused_by_user", "resume: scan_already_ended"],
  ...["pause: scan_already_ended", "finish: scan_already_ended", "beat: scan_already_ended"],
  ...["grant: invalid_expiry", "grant: idempotency_key_reused", "stop: scan_not_found"],
  ...["adjust", "adjust: insufficient_credits"],
];

test(`${trials} random histories leave the model and the database in the same state`, {
  timeout: timeoutMs,
}, async () => {
  const seen = new Map<string, number>();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(arbitrarySteps(STEPS), async (steps) => {
      count += 1;
      const path = join(folder, `trial-${count}.db`);
      copyFileSync(template, path);
      const real = new OperationsUnderTest(path);
      try {
        await new LedgerTrial(real, { seen, atTheEnd: () => real.audit() }).run(steps);
      } finally {
        await real.stop();
        for (const suffix of ["", "-wal", "-shm", ".lock"]) rmSync(path + suffix, { force: true });
      }
    }),
    { numRuns: trials, seed: SEED },
  );
  // Hundreds of histories in which one of these never came about would have shown little.
  if (isThorough) expect([...seen.keys()]).toEqual(expect.arrayContaining([...worthSeeing]));
});
