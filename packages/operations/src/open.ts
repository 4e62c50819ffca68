/**
 * Everything edge and worker can ask for, over one open database. This file only hands each
 * operation what it stands on; what an operation does is in the file named after it.
 */
import { type Instant, instant } from "@scanmeter/core";
import {
  type Database,
  findAccount,
  findMembership,
  findScan,
  findService,
  listRunnerKeys,
  listScans,
  listTargets,
  listVersions,
  openDatabase,
} from "@scanmeter/db";
import { type OpenAccountCommand, openAccount, setWhenOutOfCredits } from "./accounts.ts";
import { catchUpAccount, listWakeUps, nextDueAt, noteListening, sweep } from "./catch-up.ts";
import { type Clock, systemClock, TestClock } from "./clock.ts";
import type { Deps } from "./deps.ts";
import { type GrantCommand, grantCredits } from "./grant-credits.ts";
import {
  type AccountSnapshot,
  type ActivityQuery,
  readActivity,
  readBalanceAt,
  readForecast,
  readSnapshot,
} from "./read-account.ts";
import { createRunnerKey, makeRunnerKeyring } from "./runner-keys.ts";
import { finishScan, heartbeat, pauseScan, resumeScan, stopScan } from "./scan-commands.ts";
import { type StartScanCommand, startScan } from "./start-scan.ts";
import { archiveTarget, createTarget, setTargetMode } from "./targets.ts";
import { type Announcement, Writer } from "./writer.ts";

export interface OpenOptions {
  readonly databaseUrl: string;
  readonly databaseAuthToken?: string | undefined;
  /** "test" gives the sandbox's clock, which can be moved; it exists nowhere else. */
  readonly clock: "system" | "test" | Clock;
  /** Told after each commit what changed. Must not throw and is not waited for. */
  readonly announce?: (announcements: readonly Announcement[]) => void;
}

export type Operations = Awaited<ReturnType<typeof openOperations>>;

export async function openOperations(options: OpenOptions) {
  const db = await openDatabase({ url: options.databaseUrl, authToken: options.databaseAuthToken });
  try {
    return await operationsOver(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

type First<Operation> = Operation extends (deps: Deps, command: infer Command) => unknown
  ? Command
  : never;

async function operationsOver(db: Database, options: OpenOptions) {
  const clock = await clockFor(db, options.clock);
  let announce = options.announce ?? (() => {});
  const writer = new Writer(db, clock, (announcements) => announce(announcements));
  const deps: Deps = { db, writer, clock };
  await noteListening(deps);
  const keyring = makeRunnerKeyring(deps);

  return {
    database: db,
    clock,
    /** The sandbox's clock, if this is one. */
    testClock: clock instanceof TestClock ? clock : null,
    /** The queue is opened after the database, so it joins later. */
    announceTo(listener: (announcements: readonly Announcement[]) => void) {
      announce = listener;
    },

    startScan: (command: StartScanCommand) => startScan(deps, command),
    heartbeat: (command: First<typeof heartbeat>) => heartbeat(deps, command),
    pauseScan: (command: First<typeof pauseScan>) => pauseScan(deps, command),
    resumeScan: (command: First<typeof resumeScan>) => resumeScan(deps, command),
    finishScan: (command: First<typeof finishScan>) => finishScan(deps, command),
    stopScan: (command: First<typeof stopScan>) => stopScan(deps, command),
    grantCredits: (command: GrantCommand) => grantCredits(deps, command),

    catchUp: (accountId: string) => catchUpAccount(deps, accountId),
    sweep: (limit: number) => sweep(deps, limit),
    nextDueAt: () => nextDueAt(deps),
    listWakeUps: (page: First<typeof listWakeUps>) => listWakeUps(deps, page),

    openAccount: (command: OpenAccountCommand) => openAccount(deps, command),
    findMembership: (userId: string) => findMembership(db, userId),
    findAccount: (idOrEmail: string) => findAccount(db, idOrEmail),
    setWhenOutOfCredits: (command: First<typeof setWhenOutOfCredits>) =>
      setWhenOutOfCredits(deps, command),

    listTargets: (accountId: string) => listTargets(db, accountId),
    createTarget: (command: First<typeof createTarget>) => createTarget(deps, command),
    setTargetMode: (command: First<typeof setTargetMode>) => setTargetMode(deps, command),
    archiveTarget: (command: First<typeof archiveTarget>) => archiveTarget(deps, command),

    listRunnerKeys: (accountId: string) => listRunnerKeys(db, accountId),
    createRunnerKey: (command: First<typeof createRunnerKey>) => createRunnerKey(deps, command),
    revokeRunnerKey: keyring.revoke,
    authenticateRunnerKey: keyring.authenticate,

    findScan: (accountId: string, scanId: string) => findScan(db, accountId, scanId),
    listScans: (page: Parameters<typeof listScans>[1]) => listScans(db, page),
    snapshot: (accountId: string) => readSnapshot(deps, accountId),
    forecast: (snapshot: AccountSnapshot) => readForecast(deps, snapshot),
    balanceAt: (accountId: string, at: Instant) => readBalanceAt(deps, accountId, at),
    activity: (query: ActivityQuery) => readActivity(deps, query),
    listVersions: (accountIds: readonly string[]) => listVersions(db, accountIds),

    /** Resolves once every command submitted so far has its answer. */
    settled: () => writer.settled(),
    async close() {
      await writer.settled();
      db.close();
    },
  };
}

async function clockFor(db: Database, wanted: OpenOptions["clock"]): Promise<Clock> {
  if (wanted === "test") return TestClock.open(db);
  if (wanted !== "system") return wanted;
  const service = await findService(db);
  return systemClock(instant(service?.aliveAt ?? 0));
}
