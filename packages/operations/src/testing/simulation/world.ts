/**
 * Some accounts in one database, and years that pass for all of them at once: customers do what they
 * do, cards and banks behave as they like, workers come late, twice, or die, and after every visit of
 * one each account must be what its model says. Accounts share commits, so a world costs little.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  defaultPriceListData,
  instant,
  type PriceList,
  type PriceListData,
  parsePriceList,
} from "@scanmeter/core";
import { type AccountDetails, type Database, openDatabase, putBilling } from "@scanmeter/db";
import { skipFlushing } from "@scanmeter/db/testing";
import { openAccount } from "../../accounts.ts";
import { audit } from "../../audit.ts";
import { lookAfter } from "../../auto-top-up/look.ts";
import { noteListening } from "../../catch-up.ts";
import { createTarget } from "../../targets.ts";
import { aBilling } from "../shop.ts";
import { StandingClock } from "../test-deps.ts";
import { AccountModel } from "./account-model.ts";
import { places } from "./calendar-model.ts";
import type { Act, History, HistorySize, Round } from "./histories.ts";
import { Inhabitant } from "./inhabitant.ts";
import { MemoryGateway } from "./memory-gateway.ts";
import { type Death, Died, type Process, startProcess } from "./processes.ts";
import { seeAccounts, seeTopUps } from "./seen.ts";
import { takeStock } from "./stock-taking.ts";
import { isUnsettled } from "./stored-state.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const YEAR = 365.25 * 24 * HOUR;
const START = instant(Date.UTC(2027, 1, 26, 12));
/** Just before a runner would be taken for lost. */
const BEAT = 5 * MINUTE - 1;

/** Large enough that accounts share commits, and small enough to be lived through in seconds. */
export const WORLD_SIZE: HistorySize = { accounts: 40, rounds: 240, acts: 45 };

function listAt(change: Partial<PriceListData>): PriceList {
  const parsed = parsePriceList({ ...defaultPriceListData, ...change });
  if (!parsed.ok) throw new Error(parsed.refusal);
  return parsed.value;
}
const priceLists = { usual: listAt({}), dear: listAt({ version: "dear", unitPriceMinor: 12_00 }) };

/** With the tax of Portugal's neighbours up north; by hand, so that a wrong price is seen. */
function priceOf(quantity: number, isDear: boolean): number {
  const net = quantity * (isDear ? 12_00 : 10_00) * (quantity < 10 ? 1 : 0.95);
  return Math.round(net) + Math.round(net * 0.19);
}

interface Founded {
  readonly account: AccountDetails;
  readonly targetId: string;
}

/** A database with accounts, their billing and targets, to be copied for each world. */
export interface WorldTemplate {
  readonly folder: string;
  readonly path: string;
  readonly founded: readonly Founded[];
  close(): void;
}

export async function foundWorlds(accounts: number): Promise<WorldTemplate> {
  const folder = mkdtempSync(join(tmpdir(), "scanmeter-years-"));
  const path = join(folder, "template.db");
  const db = await openDatabase({ url: `file:${path}` });
  const clock = new StandingClock(START);
  const { gateway } = new MemoryGateway(() => START);
  const { deps } = startProcess({ db, gateway, clock, priceList: priceLists.usual });
  const founded: Founded[] = [];
  for (let at = 0; at < accounts; at += 1) {
    const name = String(at);
    const userId = `user-${name}`;
    const timeZone = places[at % places.length]?.timeZone;
    await db.write([
      {
        sql: `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
          VALUES (?1, ?2, ?1 || '@example.test', 1, ?3, ?3)`,
        args: [userId, name, START],
      },
    ]);
    const { account } = await openAccount(deps, { userId, name, timeZone });
    const url = `https://${name}.example`;
    const target = await createTarget(deps, { accountId: account.id, url, mode: "credits" });
    if (!target.ok) throw new Error(target.refusal.code);
    await db.write([putBilling(account.id, aBilling, START)]);
    founded.push({ account, targetId: target.value.id });
  }
  db.close();
  return {
    folder,
    path,
    founded,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What came about in worlds, and how often, for whoever wants to know whether they were worth something. */
export type Happened = Map<string, number>;

let worlds = 0;

/** What is wrong, with the history as far as it went: the same again, whoever else is left out. */
export class WorldFailed extends Error {
  override readonly name = "WorldFailed";
  readonly history: History;

  constructor(history: History, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.history = history;
  }
}

/** Lives through a history and answers how many years its accounts lived together. Throws at what is wrong. */
export async function liveThrough(
  template: WorldTemplate,
  history: History,
  happened: Happened = new Map(),
): Promise<number> {
  worlds += 1;
  const path = join(template.folder, `world-${worlds}.db`);
  copyFileSync(template.path, path);
  const db = await openDatabase({ url: `file:${path}` });
  const founded = history.lives.flatMap(({ account }) => template.founded[account] ?? []);
  const world = new World(db, founded, happened);
  try {
    await skipFlushing(db);
    return await world.live(history);
  } catch (error) {
    const rounds = history.rounds.slice(0, world.instants.length).map((round, at) => {
      return { ...round, pause: { until: world.instants[at] ?? 0 } };
    });
    throw new WorldFailed({ ...history, rounds }, error);
  } finally {
    db.close();
    for (const suffix of ["", "-wal", "-shm", ".lock"]) rmSync(path + suffix, { force: true });
  }
}

class World {
  readonly #db: Database;
  readonly #happened: Happened;
  readonly #clock = new StandingClock(START);
  readonly #gateway = new MemoryGateway(() => this.#clock.now());
  readonly #inhabitants: readonly Inhabitant[];
  #isDear = false;
  #edge: Process;
  #workers: readonly [Process, Process];
  /** When each round began, so far. */
  readonly instants: number[] = [];
  /** Since accounts were last looked at. */
  #hasDied = false;
  #told = 0;
  #lastRow = 0;

  constructor(db: Database, founded: readonly Founded[], happened: Happened) {
    this.#db = db;
    this.#happened = happened;
    this.#edge = this.#start();
    this.#workers = [this.#start(), this.#start()];
    this.#inhabitants = founded.map(({ account, targetId }) => {
      const place = places.find(({ timeZone }) => timeZone === account.timeZone);
      if (place === undefined) throw new Error("Everybody lives somewhere.");
      const model = new AccountModel({
        now: START,
        place,
        priceOf: (quantity) => priceOf(quantity, this.#isDear),
        behaviourOf: (cardId) => this.#gateway.behaviourOf(cardId),
      });
      return new Inhabitant({ account, targetId, model, gateway: this.#gateway, db });
    });
  }

  async live(history: History): Promise<number> {
    await noteListening(this.#edge.deps);
    const { rounds, dear } = history;
    const acts = scheduleOf(history);
    for (const [at, round] of rounds.entries()) {
      this.#price(dear.from <= at && at < dear.until);
      this.#pass(this.#endOf(round));
      this.instants.push(this.#clock.now());
      await this.#act(round, acts[at] ?? new Map());
      if (round.isScanning) await this.#scan(round);
      await this.#hear(round);
      await this.#work(round);
    }
    await this.#quietDown();
    return ((this.#clock.now() - START) / YEAR) * this.#inhabitants.length;
  }

  #start(death: Death | null = null): Process {
    const { gateway } = this.#gateway;
    const priceList = this.#isDear ? priceLists.dear : priceLists.usual;
    return startProcess({ db: this.#db, gateway, clock: this.#clock, priceList, death });
  }

  /** Whoever sells at other prices was started anew. */
  #price(isDear: boolean): void {
    if (isDear === this.#isDear) return;
    this.#isDear = isDear;
    this.#edge = this.#start();
    this.#workers = [this.#start(), this.#start()];
  }

  #endOf({ pause }: Round): number {
    const now = this.#clock.now();
    if ("until" in pause) return pause.until;
    if ("ms" in pause) return now + pause.ms;
    const { length } = this.#inhabitants;
    const dues = this.#inhabitants[pause.of % Math.max(1, length)]?.model.instantsAhead() ?? [];
    return (dues[pause.due] ?? now) + pause.aside;
  }

  /** Time never stands still between two rounds, so that nothing of one is of the instant of the other. */
  #pass(to: number): void {
    const now = this.#clock.now();
    this.#clock.advance(Math.max(1, to - now));
    for (const { model } of this.#inhabitants) model.now = this.#clock.now();
  }

  /** What customers do at this instant: each one thing after another, all of them at the same time. */
  async #act({ fault }: Round, acts: ReadonlyMap<number, readonly Act[]>): Promise<void> {
    const most = Math.max(0, ...[...acts.values()].map(({ length }) => length));
    const isHit = fault?.hits === "customers";
    this.#gateway.fates = isHit ? fault.fates : [];
    for (let at = 0; at < most; at += 1) {
      if (at > 0) this.#pass(this.#clock.now() + 1);
      const process = isHit && fault.death !== null ? this.#start(fault.death) : null;
      const touched = await Promise.all(
        this.#inhabitants.map(async (one, number) => {
          const act = acts.get(number)?.[at];
          if (act === undefined) return [];
          this.#count(act.do);
          const isMortal = process !== null && /^(buy|confirm|call_off)$/.test(act.do);
          return (await one.act(act, isMortal ? process : this.#edge)) ? [one] : [];
        }),
      );
      if (process?.isDead) this.#die("the shop");
      await this.#takeStock(touched.flat(), false);
    }
    this.#gateway.fates = [];
  }

  /** Whoever scans is heard from until they are done, and somebody looks after it meanwhile. */
  async #scan({ workers }: Round): Promise<void> {
    this.#gateway.isListing = false;
    for (let beats = 0; ; beats += 1) {
      const scanning = this.#inhabitants.filter(({ isScanning }) => isScanning);
      if (scanning.length === 0) return;
      const ends = scanning.map(({ nextEndAt }) => nextEndAt);
      this.#pass(Math.min(this.#clock.now() + BEAT, ...ends));
      await Promise.all(scanning.map((one) => one.beat(this.#edge)));
      if (workers !== "nobody" && beats % 4 === 3) {
        await this.#workers[0].work();
        await this.#takeStock(this.#inhabitants, true);
      }
    }
  }

  /** What the gateway tells arrives; or it does not, and is found before anybody works on. */
  async #hear({ events, workers }: Round): Promise<void> {
    const { buying } = this.#edge;
    const isLost = events === "are_lost";
    const hasNews = this.#inhabitants.some(({ hasNews: has }) => has);
    if (isLost && (workers === "nobody" || !hasNews)) return;
    if (isLost) {
      this.#gateway.isListing = true;
      await buying.reconcile();
    }
    const news = this.#gateway.events.slice(this.#told);
    this.#told += news.length;
    const told = events === "come_twice" ? [...news, ...news].reverse() : news;
    await Promise.all(
      told.map(async (event) => {
        await buying.receiveEvent(event);
        await buying.handleEvent(event.id);
      }),
    );
    for (const one of this.#inhabitants) one.hear();
    await this.#takeStock(
      this.#inhabitants.filter(({ isLoose }) => isLoose),
      false,
    );
  }

  async #work({ workers, fault, isListing }: Round): Promise<void> {
    if (workers === "nobody") return;
    const isHit = fault?.hits === "worker";
    this.#gateway.isListing = isListing;
    this.#gateway.fates = isHit ? fault.fates : [];
    const mortal = isHit && fault.death !== null ? this.#start(fault.death) : null;
    const [first, second] = this.#workers;
    const areTwo = workers === "two";
    const visits = [mortal ?? first, ...(areTwo ? [second] : [])].map((process) =>
      process.work().catch((error: unknown) => {
        if (!(error instanceof Died)) throw error;
      }),
    );
    // A wake-up that nobody needs any more, while somebody is at it.
    const some = this.#inhabitants[this.#clock.now() % Math.max(1, this.#inhabitants.length)];
    if (areTwo && some !== undefined) visits.push(lookAfter(first.deps, some.id));
    await Promise.all(visits);
    if (mortal?.isDead) this.#die("a worker");
    if (mortal !== null || areTwo) await first.work();
    await this.#takeStock(this.#inhabitants, true);
    this.#gateway.fates = [];
  }

  async #takeStock(some: readonly Inhabitant[], isWorked: boolean): Promise<void> {
    if (some.length === 0) return;
    const ids = this.#inhabitants.flatMap((one) => one.openIds());
    const accounts = await seeAccounts(this.#db);
    const topUps = await seeTopUps(this.#db, { after: this.#lastRow, ids });
    this.#lastRow = Math.max(this.#lastRow, ...topUps.map(({ rowId }) => rowId));
    for (const one of some) {
      const seen = accounts.get(one.id);
      if (seen === undefined) throw new Error("Accounts do not go away.");
      const own = topUps.filter(({ accountId }) => accountId === one.id);
      const isLeft = this.#hasDied && own.some((topUp) => isUnsettled(topUp, this.#gateway));
      if (isLeft || this.#gateway.disturbed.has(one.id)) one.isLoose = true;
      if (one.isLoose) this.#count("a disturbance");
      takeStock(one, { seen, topUps: own, isWorked }, this.#gateway);
    }
    this.#gateway.disturbed.clear();
    this.#hasDied = false;
  }

  /** Nothing goes wrong any more, and whatever was left is found out. */
  async #quietDown(): Promise<void> {
    for (const wait of [31 * SECOND, 6 * MINUTE, 16 * MINUTE, 61 * MINUTE, 61 * MINUTE]) {
      this.#pass(this.#clock.now() + wait);
      await this.#hear(quiet);
      await this.#work(quiet);
    }
    for (const { model, account } of this.#inhabitants) {
      const isLeft = model.purchases.some(({ state }) => state === "unsettled");
      if (isLeft) throw new Error(`A purchase of account ${account.name} is still not settled.`);
    }
    const { broken } = this.#gateway;
    if (broken.length > 0) throw new Error(broken.join("; "));
    for await (const { title, broken: found } of audit(this.#db)) {
      if (found !== null) throw new Error(`${title}: ${found}`);
    }
    for (const one of this.#inhabitants) this.#sum(one);
  }

  #sum({ model }: Inhabitant): void {
    for (const reason of model.reasons) this.#count(`suspended for ${reason}`);
    for (const { trigger, state, tries } of model.purchases) {
      this.#count(`${trigger} ${state}`);
      if (trigger !== "manual") this.#count(`tried ${tries.length} times`);
    }
    const [account] = model.ledger.accounts;
    if ((account?.revived ?? 0) > 0) this.#count("credits revived");
    if ((account?.keptTooLong ?? 0) > 0) this.#count("credits kept too long");
  }

  #die(who: string): void {
    this.#hasDied = true;
    this.#count(`a death of ${who}`);
  }

  #count(what: string): void {
    this.#happened.set(what, (this.#happened.get(what) ?? 0) + 1);
  }
}

const quiet: Round = {
  pause: { ms: 0 },
  workers: "one",
  fault: null,
  events: "come",
  isListing: true,
  isScanning: false,
};

/** Who does what in which round. Scans wait for a round in which there is time for them. */
function scheduleOf({ lives, rounds }: History): Map<number, Act[]>[] {
  const schedule = rounds.map(() => new Map<number, Act[]>());
  for (const [number, life] of lives.entries()) {
    for (const { round, act } of life.acts) {
      const isScan = act.do === "scan";
      const at = isScan ? rounds.findIndex((one, at) => at >= round && one.isScanning) : round;
      const acts = schedule[at];
      if (acts !== undefined) acts.set(number, [...(acts.get(number) ?? []), act]);
    }
  }
  return schedule;
}
