/**
 * Everything edge and worker can ask for, over one open database. This file only hands each
 * operation what it stands on; what an operation does is in the file named after it.
 */
import {
  defaultPriceListData,
  type Instant,
  instant,
  type PriceList,
  type PriceListData,
  parsePriceList,
} from "@scanmeter/core";
import type { SellerDetails } from "@scanmeter/core/documents";
import {
  type Database,
  findAccount,
  findMembership,
  findPosting,
  findScan,
  findService,
  type InvoiceSummary,
  listAccountsMeant,
  listActing,
  listInvoicesOfTopUps,
  listRunnerKeys,
  listScanPostings,
  listScans,
  listTargets,
  listTopUps,
  listVersions,
  openDatabase,
  resolveAlert,
  walkPostings,
} from "@scanmeter/db";
import { type OpenAccountCommand, openAccount, setWhenOutOfCredits } from "./accounts.ts";
import { type AdjustCommand, adjustCredits } from "./adjust-credits.ts";
import { lookAfter, sweepLooks } from "./auto-top-up/look.ts";
import { listLooks, listRenewals, listWriteOffs } from "./auto-top-up/wake-ups.ts";
import { catchUpAccount, listWakeUps, noteListening, sweep } from "./catch-up.ts";
import { LedgerChecks } from "./check-ledger.ts";
import { type Clock, systemClock, TestClock } from "./clock.ts";
import type { Deps } from "./deps.ts";
import { findInvoicePdf, listInvoices } from "./documents/invoices.ts";
import { makeOutbox } from "./documents/outbox.ts";
import type { SendMail } from "./documents/outgoing-mail.ts";
import { type GrantCommand, grantCredits } from "./grant-credits.ts";
import { makeNotices } from "./notices/notices.ts";
import { buyingOver } from "./payments/buying.ts";
import { createGateway, type GatewayOptions } from "./payments/gateway.ts";
import type { Payments } from "./payments/payments.ts";
import { getTopUp } from "./payments/read-top-ups.ts";
import { type AccountSnapshot, readBalanceAt, readForecast, readSnapshot } from "./read-account.ts";
import {
  type ActivityFilter,
  type ActivityQuery,
  readActivity,
  walkActivity,
} from "./read-activity.ts";
import { readUsage, type UsageQuery } from "./read-usage.ts";
import { createRunnerKey, makeRunnerKeyring } from "./runner-keys.ts";
import { finishScan, heartbeat, pauseScan, resumeScan, stopScan } from "./scan-commands.ts";
import { type StartScanCommand, startScan } from "./start-scan.ts";
import { nextDueOfAll, sweepAll } from "./sweep-all.ts";
import { listUsedTargets } from "./target-usage.ts";
import { archiveTarget, createTarget, setTargetMode } from "./targets.ts";
import { saveSettings } from "./team/save-settings.ts";
import { makeTeams } from "./team/team.ts";
import { type Announcement, Writer } from "./writer.ts";

export interface PaymentOptions {
  readonly secretKey: string;
  /** Where the sandbox's local Stripe listens; null for the real one. */
  readonly apiBase: string | null;
  /** One, or two while they are being changed. */
  readonly webhookSecrets: readonly string[];
  readonly seller: SellerDetails;
  /** Where people reach the web app; asked when a customer is sent away and told where to come back to. */
  readonly publicUrl: () => string;
  readonly priceList?: PriceListData;
  /** Told of each call to the gateway, for logs and metrics. */
  readonly report?: GatewayOptions["report"];
}

export interface OpenOptions {
  readonly databaseUrl: string;
  readonly databaseAuthToken?: string | undefined;
  /** "test" gives the sandbox's clock, which can be moved; it exists nowhere else. */
  readonly clock: "system" | "test" | Clock;
  /** Null or absent where nothing can be bought. */
  readonly payments?: PaymentOptions | null;
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
  let wake: Deps["wake"] = () => {};
  const writer = new Writer(
    db,
    clock,
    (announcements) => announce(announcements),
    (accountId) => wake({ about: "look", accountId }),
  );
  const payments = options.payments ? paymentsOf(options.payments, clock) : null;
  const deps: Deps = { db, writer, clock, payments, wake: (work) => wake(work) };
  await noteListening(deps);
  const buying = payments === null ? null : buyingOver({ ...deps, payments });
  const keyring = makeRunnerKeyring(deps);
  const outbox = makeOutbox(deps);
  const ledgerChecks = new LedgerChecks(deps);

  return {
    database: db,
    clock,
    /** The sandbox's clock, if this is one. */
    testClock: clock instanceof TestClock ? clock : null,
    /** The queue is opened after the database, so it joins later. */
    announceTo(listener: (announcements: readonly Announcement[]) => void) {
      announce = listener;
    },
    wakeThrough(listener: Deps["wake"]) {
      wake = listener;
    },
    /** What buying offers; null where nothing can be bought. */
    buying,
    /** What the account was told, and what of it is mailed to whom. */
    notices: makeNotices(deps),
    /** Who acts for an account, who was asked to, and which account a session acts for. */
    teams: makeTeams(deps),
    /** What is sold and for how much, also where nothing can be bought. */
    priceList: payments?.priceList ?? checkedPriceList(defaultPriceListData),
    listTopUps: (page: Parameters<typeof listTopUps>[1]) => listTopUps(db, page),
    getTopUp: (name: First<typeof getTopUp>) => getTopUp(deps, name),
    /** The invoice of each of these purchases, by the purchase's id. */
    async invoicesOf(topUpIds: readonly string[]) {
      const documents = await listInvoicesOfTopUps(db, topUpIds);
      const invoices = documents.filter(({ kind }) => kind === "invoice");
      return new Map<string, InvoiceSummary>(invoices.map((one) => [one.topUpId, one]));
    },

    /** Of one purchase, the oldest first. */
    documentsOf: (topUpId: string) => listInvoicesOfTopUps(db, [topUpId]),
    listInvoices: (accountId: string) => listInvoices(deps, accountId),
    findInvoicePdf: (accountId: string, invoiceId: string) =>
      findInvoicePdf(deps, { accountId, invoiceId }),
    /** Sends what is due, in bounded rounds; right however often it is called. */
    sendDueMails: (send: SendMail, limit: number) => outbox.sendDue(send, limit),

    startScan: (command: StartScanCommand) => startScan(deps, command),
    heartbeat: (command: First<typeof heartbeat>) => heartbeat(deps, command),
    pauseScan: (command: First<typeof pauseScan>) => pauseScan(deps, command),
    resumeScan: (command: First<typeof resumeScan>) => resumeScan(deps, command),
    finishScan: (command: First<typeof finishScan>) => finishScan(deps, command),
    stopScan: (command: First<typeof stopScan>) => stopScan(deps, command),
    grantCredits: (command: GrantCommand) => grantCredits(deps, command),
    adjustCredits: (command: AdjustCommand) => adjustCredits(deps, command),

    lookAfter: (accountId: string) => lookAfter(deps, accountId),
    sweepLooks: (limit: number) => sweepLooks(deps, limit),
    listLooks: (page: First<typeof listLooks>) => listLooks(deps, page),
    listRenewals: (page: First<typeof listRenewals>) => listRenewals(deps, page),
    listWriteOffs: (page: First<typeof listWriteOffs>) => listWriteOffs(deps, page),

    catchUp: (accountId: string) => catchUpAccount(deps, accountId),
    sweep: (limit: number) => sweep(deps, limit),
    /** The same for purchases and mail as well, in that order; for whoever moves the clock. */
    sweepAll: (send: SendMail | null, limit: number) =>
      sweepAll({ ...deps, outbox, sweepPayments: buying?.sweep ?? null }, send, limit),
    nextDueAt: () => nextDueOfAll(deps),
    listWakeUps: (page: First<typeof listWakeUps>) => listWakeUps(deps, page),

    openAccount: (command: OpenAccountCommand) => openAccount(deps, command),
    findMembership: (userId: string, session?: { readonly sessionToken: string }) =>
      findMembership(db, userId, session),
    listActing: (sessionTokens: readonly string[], now: number) =>
      listActing(db, sessionTokens, now),
    saveSettings: (command: First<typeof saveSettings>) => saveSettings(deps, command),
    findAccount: (idOrEmail: string) => findAccount(db, idOrEmail),
    listAccountsMeant: (idOrEmail: string) => listAccountsMeant(db, idOrEmail),
    setWhenOutOfCredits: (command: First<typeof setWhenOutOfCredits>) =>
      setWhenOutOfCredits(deps, command),

    listTargets: (accountId: string) => listTargets(db, accountId),
    listUsedTargets: (wanted: First<typeof listUsedTargets>) => listUsedTargets(deps, wanted),
    createTarget: (command: First<typeof createTarget>) => createTarget(deps, command),
    setTargetMode: (command: First<typeof setTargetMode>) => setTargetMode(deps, command),
    archiveTarget: (command: First<typeof archiveTarget>) => archiveTarget(deps, command),

    listRunnerKeys: (accountId: string) => listRunnerKeys(db, accountId),
    createRunnerKey: (command: First<typeof createRunnerKey>) => createRunnerKey(deps, command),
    revokeRunnerKey: keyring.revoke,
    authenticateRunnerKey: keyring.authenticate,

    findScan: (accountId: string, scanId: string) => findScan(db, accountId, scanId),
    listScans: (page: Parameters<typeof listScans>[1]) => listScans(db, page),
    listScanPostings: (accountId: string, scanId: string) =>
      listScanPostings(db, accountId, scanId),
    snapshot: (accountId: string) => readSnapshot(deps, accountId),
    forecast: (snapshot: AccountSnapshot) => readForecast(deps, snapshot),
    usage: (query: UsageQuery) => readUsage(deps, query),
    balanceAt: (accountId: string, at: Instant) => readBalanceAt(deps, accountId, at),
    activity: (query: ActivityQuery) => readActivity(deps, query),
    /** All of it, read as it is asked for. */
    walkActivity: (filter: ActivityFilter) => walkActivity(deps, filter),
    findPosting: (accountId: string, version: number) => findPosting(db, accountId, version),
    /** The oldest first, each with what it moved and the hash that chains it to the one before. */
    walkLedger: (accountId: string) => walkPostings(db, { accountId }),
    checkLedger: (accountId: string) => ledgerChecks.check(accountId),
    listVersions: (accountIds: readonly string[]) => listVersions(db, accountIds),

    /** Answers whether an alert of this key was open. */
    async resolveAlert(key: string): Promise<boolean> {
      const [result] = await db.write([resolveAlert(key, clock.now())]);
      return result?.rowsAffected === 1;
    },

    /** Resolves once every command submitted so far has its answer. */
    settled: () => writer.settled(),
    async close() {
      await writer.settled();
      await outbox.idle();
      db.close();
    },
  };
}

function paymentsOf(options: PaymentOptions, clock: Clock): Payments {
  const { seller, publicUrl } = options;
  const priceList = checkedPriceList(options.priceList ?? defaultPriceListData);
  const gateway = createGateway({
    secretKey: options.secretKey,
    apiBase: options.apiBase,
    webhookSecrets: options.webhookSecrets,
    now: () => clock.now(),
    ...(options.report && { report: options.report }),
  });
  return { gateway, seller, publicUrl, priceList };
}

/** Prices that cannot be sold by stop the start with a sentence that says why. */
function checkedPriceList(data: PriceListData): PriceList {
  const priceList = parsePriceList(data);
  if (!priceList.ok) throw new RangeError(priceList.refusal);
  return priceList.value;
}

async function clockFor(db: Database, wanted: OpenOptions["clock"]): Promise<Clock> {
  if (wanted === "test") return TestClock.open(db);
  if (wanted !== "system") return wanted;
  const service = await findService(db);
  return systemClock(instant(service?.aliveAt ?? 0));
}
