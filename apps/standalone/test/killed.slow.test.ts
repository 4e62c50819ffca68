import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openForReading } from "@scanmeter/db";
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import { AckLog } from "./support/ack-log.ts";
import { ClockBot } from "./support/clock-bot.ts";
import { type Customer, overviewOf, signUpCustomer } from "./support/customer.ts";
import { Dice, seedFor } from "./support/dice.ts";
import { runGrantBot } from "./support/grant-bot.ts";
import { MortalService, type RedisFate } from "./support/mortal-service.ts";
import { buildProduct, runOps } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";
import { Rounds } from "./support/rounds.ts";
import { RunnerBot } from "./support/runner-bot.ts";
import { brokenPromises, readBooks } from "./support/verdict.ts";

const KILLS = Number(process.env.KILLS ?? 55);
const AUDIT_EVERY = 10;
const RUNNERS = 3;

const dice = new Dice(seedFor(process.env.SEED));
let dir: string;
let service: MortalService;
let acks: AckLog;
let hasFailed = false;

beforeAll(async () => {
  await buildProduct("standalone");
  dir = mkdtempSync(join(tmpdir(), "killed-"));
  service = new MortalService(dir, dice.fork());
  acks = new AckLog(join(dir, "acknowledged.jsonl"));
});

afterAll(async () => {
  await endPrograms();
  await service.end();
  acks.close();
  if (!hasFailed) rmSync(dir, { recursive: true, force: true });
});

function fateOfRedis(kill: number): RedisFate {
  if (kill % 5 !== 0) return "lives";
  return dice.pick(["dies with it", "dies before it", "is back late"]);
}

/** Mostly in the middle of its work; sometimes before it has come up again. */
function momentOfDeath(kill: number) {
  return kill % 7 === 0
    ? { startingForMs: dice.between(0, 600) }
    : { readyForMs: dice.between(50, 800) };
}

const audit = async () => {
  const { code, output, errors } = await runOps(service.dataDir, "audit");
  expect(code, output + errors).toBe(0);
};

test(`killed ${KILLS} times in the middle of its work, it has kept every promise and debited every hour once`, {
  timeout: 60_000 + KILLS * 5_000,
}, async () => {
  console.log(`SEED=${dice.seed} KILLS=${KILLS}`);
  onTestFailed(() => {
    hasFailed = true;
    console.log(`SEED=${dice.seed} failed; its files are in ${dir}`);
  });
  const { url } = await service.start();
  const customers: Customer[] = [];
  for (const name of ["thrifty", "busy"]) customers.push(await signUpCustomer(url, name));

  const rounds = new Rounds();
  const clock = new ClockBot({ service, acks, rounds, dice: dice.fork() });
  const runners = Array.from({ length: RUNNERS }, (_, index) => {
    const customer = customers[index % customers.length] as Customer;
    const name = `runner-${index}`;
    return new RunnerBot({ service, customer, acks, rounds, dice: dice.fork(), name });
  });
  const over = new AbortController();
  const grants = {
    service,
    acks,
    dice: dice.fork(),
    accountIds: customers.map(({ accountId }) => accountId),
    now: () => clock.now,
  };
  const work = Promise.all([
    ...runners.map((runner) => runner.run(over.signal)),
    runGrantBot(grants, over.signal),
    clock.run(over.signal),
  ]);
  const killing = (async () => {
    for (let kill = 1; kill <= KILLS && !over.signal.aborted; kill++) {
      // However slow the machine is, hours pass between the deaths.
      if (kill % 3 !== 0) await clock.moved(1);
      await service.killAfter(momentOfDeath(kill), fateOfRedis(kill));
      if (kill % AUDIT_EVERY === 0) await audit();
    }
  })();
  try {
    // What breaks in a client ends the killing at once.
    await Promise.race([killing, work]);
  } finally {
    over.abort();
    await Promise.allSettled([killing, work]);
  }
  await work;

  const shown = await Promise.all(customers.map(({ person }) => overviewOf(person)));
  expect(await service.stop()).toMatchObject({ code: 0, signal: null, errors: "" });
  await audit();

  const database = await openForReading({ url: `file:${service.dataDir}/scanmeter.db` });
  const books = await readBooks(database);
  const balances = await database.read("SELECT id, balance, version FROM accounts");
  database.close();
  const told = acks.read();
  const laterHours = books.postings.filter(({ kind, hour }) => kind === "debit" && hour !== 1);
  console.log(
    `${told.length} answers, ${service.cutOff} requests cut off, ${books.scans.size} scans, ` +
      `${laterHours.length} hours debited by themselves`,
  );

  expect(service.failures).toEqual([]);
  expect(runners.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  expect(clock.contradictions).toEqual([]);
  expect(brokenPromises(books, told)).toEqual([]);
  for (const { accountId, version } of shown)
    expect(balances.rows.find(({ id }) => id === accountId)?.version).toBeGreaterThanOrEqual(
      version,
    );

  // A run in which nothing happened would prove nothing. On a slow machine less happens.
  expect(service.cutOff).toBeGreaterThan(KILLS / 10);
  expect(told.length).toBeGreaterThan(10 * KILLS);
  expect(laterHours.length).toBeGreaterThan(KILLS / 10);
});
