/**
 * What a runner asks for most, over real HTTP: starting a scan (authenticated, debited, on disk) and
 * its sign of life (on disk), beside the same call with nothing behind it and beside the least a
 * JSON answer can cost. First as much as the server can do, then at a steady 500 a second.
 */
import type { Customer } from "./customers.ts";
import { median, percentile, type Row, report } from "./harness.ts";
import type { Measured } from "./load/loops.ts";
import { openPrivateFolder } from "./private-folder.ts";
import { buildPrograms, startProgram } from "./processes.ts";
import type { EmptyCallAnswers } from "./programs/empty-call.ts";
import type { HttpLoadAnswers } from "./programs/http-load.ts";
import type { InstantAnswers } from "./programs/instant-answer.ts";
import type { EchoAnswers } from "./programs/json-echo.ts";
import type { ProductAnswers } from "./programs/product.ts";

const ROUNDS = 5;
const SECONDS = 3;
const CALLERS = 32;
const ACCOUNTS = 100;
/** So many that none is heard twice within a second, which would not be worth a write. */
const SCANS_TO_HEAR = 10_000;
const OPEN_ROUNDS = 3;
const OPEN_SECONDS = 6;
const OPEN_PER_SECOND = 500;

const LEAST_OF_EMPTY_CALL = 0.6;
const OPEN_P99_MS = 50;

interface Contestant {
  readonly name: string;
  readonly port: number;
  readonly server: { ask(name: "cpuMicros"): Promise<number> };
  readonly rounds: (Measured & { readonly cpuMicros: number })[];
  readonly openRounds: Measured[];
}

await buildPrograms(["product", "empty-call", "json-echo", "instant-answer", "http-load"]);
const folder = await openPrivateFolder();
const product = startProgram<ProductAnswers>("product");
const emptyCall = startProgram<EmptyCallAnswers>("empty-call");
const jsonEcho = startProgram<EchoAnswers>("json-echo");
const instant = startProgram<InstantAnswers>("instant-answer");
const load = startProgram<HttpLoadAnswers>("http-load");

try {
  const { port, url } = await product.ask("open", {
    folder: folder.path,
    redisUrl: folder.redisUrl,
  });
  const customers = await product.ask("makeCustomers", { count: ACCOUNTS });
  await signInOnce(url, customers);
  const keys = await keysOf(customers);
  const command = JSON.stringify({ targetId: "tgt_0123456789", idempotencyKey: "$n" });
  await prepare("generator", "/", [{ body: command }]);
  await prepare("echo", "/echo", [{ body: command }]);
  await prepare("empty", "/trpc/empty", [{ body: command }]);
  await prepare(
    "start",
    "/trpc/runner.startScan",
    customers.map(({ accountId, targetId }) => ({
      authorization: `Bearer ${keys.get(accountId)}`,
      body: JSON.stringify({ targetId, idempotencyKey: "$n" }),
    })),
  );

  const generator = contestant("generator", instant, (await instant.ask("open")).port);
  const echo = contestant("echo", jsonEcho, (await jsonEcho.ask("open")).port);
  const empty = contestant("empty", emptyCall, (await emptyCall.ask("open")).port);
  const start = contestant("start", product, port);
  const beat = contestant("beat", product, port);

  // The warm-up also starts the scans that are heard later.
  for (const each of [generator, echo, empty, start]) await runClosed(each);
  for (let scans = 0; scans < SCANS_TO_HEAR; scans = (await product.ask("sums")).scans) {
    await runClosed(start);
  }
  const scansBefore = (await product.ask("openScans")).slice(0, SCANS_TO_HEAR);
  await prepare(
    "beat",
    "/trpc/runner.heartbeat",
    scansBefore.map(({ accountId, scanId }) => ({
      authorization: `Bearer ${keys.get(accountId)}`,
      body: JSON.stringify({ scanId }),
    })),
  );
  await runClosed(beat);
  for (const each of [generator, echo, empty, start, beat]) each.rounds.length = 0;

  const booksBefore = await product.ask("sums");
  for (let round = 0; round < ROUNDS; round++) {
    for (const each of [echo, empty, start, beat, generator]) await runClosed(each);
  }
  for (let round = 0; round < OPEN_ROUNDS; round++) {
    for (const each of [empty, start]) await runOpen(each);
  }
  await closeTheBooks(booksBefore, start, beat);

  report("start-scan", [
    closedRow("Hono JSON echo", echo, empty),
    closedRow("floor: empty tRPC mutation", empty, empty),
    closedRow("runner.startScan", start, empty, LEAST_OF_EMPTY_CALL),
    closedRow("runner.heartbeat", beat, empty),
    closedRow("the load generator by itself", generator, empty),
    openRow(`floor: empty tRPC mutation, ${OPEN_PER_SECOND}/s`, empty, empty),
    openRow(`runner.startScan, ${OPEN_PER_SECOND}/s`, start, empty, OPEN_P99_MS),
  ]);
} finally {
  await Promise.all([load, instant, jsonEcho, emptyCall, product].map((one) => one.stop()));
  await folder.remove();
}

function contestant(name: string, server: Contestant["server"], port: number): Contestant {
  return { name, server, port, rounds: [], openRounds: [] };
}

function prepare(
  name: string,
  path: string,
  commands: { readonly authorization?: string; readonly body: string }[],
): Promise<void> {
  return load.ask("prepare", { name, path, commands });
}

/**
 * Somebody has a page open, as in any real process: the first session that is looked up switches on
 * Node's promise hooks for good, and every call after it pays for them.
 */
async function signInOnce(url: string, [customer]: readonly Customer[]): Promise<void> {
  const answer = await fetch(`${url}/trpc/me`, { headers: { cookie: customer?.cookie ?? "" } });
  if (!answer.ok) throw new Error(`A session was not believed: ${await answer.text()}`);
}

async function keysOf(customers: readonly Customer[]): Promise<Map<string, string>> {
  const accountIds = customers.map(({ accountId }) => accountId);
  const secrets = await product.ask("makeRunnerKeys", { accountIds });
  return new Map(accountIds.map((id, at) => [id, secrets[at] ?? ""]));
}

async function runClosed({ name, port, server, rounds }: Contestant): Promise<void> {
  const before = await server.ask("cpuMicros");
  const measured = await load.ask("closed", { name, port, callers: CALLERS, seconds: SECONDS });
  rounds.push({ ...measured, cpuMicros: (await server.ask("cpuMicros")) - before });
}

async function runOpen({ name, port, openRounds }: Contestant): Promise<void> {
  const open = { name, port, perSecond: OPEN_PER_SECOND, seconds: OPEN_SECONDS };
  openRounds.push(await load.ask("open", open));
}

/** Figures count only if everything that was answered is in the ledger, once. */
async function closeTheBooks(
  before: { scans: number; hours: number; signsOfLife: number },
  start: Contestant,
  beat: Contestant,
): Promise<void> {
  const after = await product.ask("sums");
  const accepted = (rounds: readonly Measured[]) =>
    rounds.reduce((sum, { answered, refused }) => sum + answered - refusals(refused), 0);
  const started = accepted(start.rounds) + accepted(start.openRounds);
  const heard = accepted(beat.rounds);
  const isWhole =
    after.scans - before.scans === started &&
    after.hours - before.hours === started &&
    after.signsOfLife - before.signsOfLife === heard &&
    after.unexplained === 0;
  if (isWhole) return;
  throw new Error(
    `The books do not close: ${started} starts and ${heard} signs of life were answered, the ledger went from ${JSON.stringify(before)} to ${JSON.stringify(after)}.`,
  );
}

function refusals(refused: Measured["refused"]): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

function rate({ answered, seconds }: Measured): number {
  return answered / seconds;
}

function closedRow(what: string, of: Contestant, floor: Contestant, limit?: number): Row {
  const latencies = of.rounds.flatMap((round) => [...round.latencies]);
  const ratios = of.rounds.map((round, at) => rate(round) / rate(floor.rounds[at] ?? round));
  return {
    what,
    "answers/s": Math.round(median(of.rounds.map(rate))),
    "p50 ms": percentile(latencies, 50),
    "p99 ms": percentile(latencies, 99),
    "server CPU µs": Math.round(median(of.rounds.map((one) => one.cpuMicros / one.answered))),
    refused: of.rounds.reduce((sum, { refused }) => sum + refusals(refused), 0),
    "of floor": median(ratios),
    ...(limit !== undefined && { limit: `≥ ${limit} of floor` }),
  };
}

function openRow(what: string, of: Contestant, floor: Contestant, limitMs?: number): Row {
  const p99 = (round: Measured) => percentile(round.latencies, 99);
  const ratios = of.openRounds.map((round, at) => p99(round) / p99(floor.openRounds[at] ?? round));
  const latencies = of.openRounds.flatMap((round) => [...round.latencies]);
  return {
    what,
    "answers/s": Math.round(median(of.openRounds.map(rate))),
    "p50 ms": percentile(latencies, 50),
    "p99 ms": median(of.openRounds.map(p99)),
    refused: of.openRounds.reduce((sum, { refused }) => sum + refusals(refused), 0),
    "of floor": median(ratios),
    ...(limitMs !== undefined && { limit: `p99 ≤ ${limitMs} ms, none refused` }),
  };
}
