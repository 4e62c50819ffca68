/**
 * From a commit to the frame on a screen, beside a socket server that knows nothing: many accounts
 * with a page each, one account on very many pages, and more pages than anybody has, of which each
 * must end at the newest version.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type Told, timesToFrames, whatIsWrong } from "./feeds.ts";
import { median, percentile, type Row, report } from "./harness.ts";
import { openPrivateFolder } from "./private-folder.ts";
import { buildPrograms, startProgram } from "./processes.ts";
import type { BareSocketsAnswers } from "./programs/bare-sockets.ts";
import type { ProductAnswers } from "./programs/product.ts";
import type { SocketLoadAnswers, SocketToOpen } from "./programs/socket-load.ts";

const ROUNDS = 3;
const PAGES = 1_000;
const MANY_PAGES = 5_000;
const SECONDS = 6;
/** Each account changes every three seconds, so no change has to wait for the pace of frames. */
const TARGETED_PER_SECOND = 300;
const BROADCAST_PER_SECOND = 5;
const MANY_PER_SECOND = 500;
const MANY_CHANGES = 10_000;

const TARGETED_P99_MS = 25;
const BROADCAST_P99_MS = 150;
const SOCKET_KIB = 64;
/** Lost notices are found within five seconds; whatever is not there after this is not coming. */
const SETTLED_WITHIN_MS = 8_000;

const GREETING = JSON.stringify({
  id: 1,
  method: "subscription",
  params: { path: "account.live", input: {} },
});

await buildPrograms(["product", "bare-sockets", "socket-load"]);
const folder = await openPrivateFolder();
const openOptions = {
  folder: folder.path,
  redisUrl: folder.redisUrl,
  // One machine plays all the pages, and one person very many of them.
  limits: { socketsPerAddressMax: 10_000, socketsPerUserMax: 10_000 },
};
const customers = await makeCustomers(MANY_PAGES);
const keyOf = new Map(customers.map(({ accountId }, key) => [accountId, key]));
// A process that has done nothing yet, so that its memory is what the sockets take.
const product = startProgram<ProductAnswers>("product");
const bare = startProgram<BareSocketsAnswers>("bare-sockets");
const pages = startProgram<SocketLoadAnswers>("socket-load");
const barePages = startProgram<SocketLoadAnswers>("socket-load");

try {
  const { port, url } = await product.ask("open", openOptions);
  const { port: barePort } = await bare.ask("open", { redisUrl: folder.redisUrl });

  const pageOf = (key: number): SocketToOpen => ({
    key,
    path: "/trpc",
    headers: { cookie: customers[key]?.cookie ?? "", origin: url },
    greeting: GREETING,
  });
  const barePageOf = (key: number): SocketToOpen => ({
    key,
    path: `/${key}`,
    headers: {},
    greeting: null,
  });
  const openPages = (keys: readonly number[]) =>
    pages.ask("open", { port, wanted: keys.map(pageOf) });
  const openBarePages = (keys: readonly number[]) =>
    barePages.ask("open", { port: barePort, wanted: keys.map(barePageOf) });

  const rows: Row[] = [
    ...(await compare({ keys: sequence(PAGES), isBroadcast: false })),
    ...(await compare({ keys: Array(PAGES).fill(0), isBroadcast: true })),
    ...(await many()),
  ];
  report("live", rows);

  /** Three rounds of each in turn, over the same sockets. */
  async function compare(load: {
    readonly keys: readonly number[];
    readonly isBroadcast: boolean;
  }) {
    const { keys, isBroadcast } = load;
    const perSecond = isBroadcast ? BROADCAST_PER_SECOND : TARGETED_PER_SECOND;
    const pace = { keys: [...new Set(keys)], perSecond, changes: perSecond * SECONDS };
    await openPages(keys);
    await openBarePages(keys);
    const [rounds, bareRounds]: [number[][], number[][]] = [[], []];
    for (let round = 0; round <= ROUNDS; round++) {
      const bareTimes = await changeBare(pace);
      const times = await change(pace);
      if (round === 0) continue; // Warm-up.
      bareRounds.push(bareTimes);
      rounds.push(times);
    }
    await closePages();
    const what = isBroadcast ? "pages of one account" : "accounts with a page each";
    const named = `${keys.length} ${what}, ${perSecond} changes/s`;
    const limit = `p99 ≤ ${isBroadcast ? BROADCAST_P99_MS : TARGETED_P99_MS} ms`;
    return [
      timesRow(`floor: bare ws, ${named}`, bareRounds, bareRounds),
      timesRow(`${named}`, rounds, bareRounds, limit),
    ];
  }

  async function many(): Promise<Row[]> {
    const keys = sequence(MANY_PAGES);
    const pace = { keys, perSecond: MANY_PER_SECOND, changes: MANY_CHANGES };
    const bareMemory = await memoryOf(bare, () => openBarePages(keys));
    const bareTimes = await changeBare({ ...pace, changes: MANY_CHANGES / 5 });
    const memory = await memoryOf(product, () => openPages(keys));
    const times = await change(pace);
    await closePages();
    const named = `${keys.length} accounts with a page each, ${MANY_PER_SECOND} changes/s`;
    return [
      { ...timesRow(`floor: bare ws, ${named}`, [bareTimes], [bareTimes]), ...bareMemory },
      {
        ...timesRow(named, [times], [bareTimes]),
        ...memory,
        limit: `all right, ≤ ${SOCKET_KIB} KiB each`,
      },
    ];
  }

  async function change(pace: {
    readonly keys: readonly number[];
    readonly perSecond: number;
    readonly changes: number;
  }): Promise<number[]> {
    const { keys, perSecond, changes } = pace;
    await pages.ask("frames");
    const scans = keys.map((key) => customers[key] as (typeof customers)[number]);
    const commits = await product.ask("change", { scans, perSecond, changes });
    await settle(keys);
    const told = commits.map(({ accountId, version, at }) => {
      return { key: keyOf.get(accountId) ?? -1, version, at };
    });
    return timesOf(pages, told);
  }

  async function changeBare(pace: {
    readonly keys: readonly number[];
    readonly perSecond: number;
    readonly changes: number;
  }): Promise<number[]> {
    await barePages.ask("frames");
    const told = await bare.ask("change", pace);
    await wait(500);
    return timesOf(barePages, told);
  }

  /** Waits until every page shows what the database holds; if one never does, the figures count for nothing. */
  async function settle(keys: readonly number[]): Promise<void> {
    const accountIds = keys.map((key) => customers[key]?.accountId ?? "");
    const versions = await product.ask("versions", { accountIds });
    const newest = new Map(keys.map((key, at) => [key, versions[at] ?? -1]));
    const until = performance.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const stand = await pages.ask("stand");
      const wrong = whatIsWrong(stand, newest);
      if (wrong === null) return;
      if (performance.now() > until) throw new Error(wrong);
      await wait(100);
    }
  }

  async function closePages(): Promise<void> {
    await Promise.all([pages.ask("close"), barePages.ask("close")]);
    await bare.ask("forget");
  }
} finally {
  await Promise.all([pages, barePages, bare, product].map((one) => one.stop()));
  await folder.remove();
}

/** Made by a process of its own, with a running scan each, so that there is something on the pages. */
async function makeCustomers(count: number) {
  const maker = startProgram<ProductAnswers>("product");
  try {
    await maker.ask("open", openOptions);
    const made = await maker.ask("makeCustomers", { count });
    const scans = await maker.ask("startScans", { customers: made });
    return made.map((customer, at) => ({ ...customer, scanId: scans[at]?.scanId ?? "" }));
  } finally {
    await maker.stop();
  }
}

async function memoryOf(
  server: { ask(name: "restingMemory"): Promise<number> },
  openAll: () => Promise<{ perSecond: number }>,
): Promise<Row> {
  const before = await server.ask("restingMemory");
  const { perSecond } = await openAll();
  const taken = (await server.ask("restingMemory")) - before;
  return { "KiB a socket": taken / 1_024 / MANY_PAGES, "opened/s": Math.round(perSecond) };
}

async function timesOf(
  load: { ask(name: "frames"): Promise<ReturnType<SocketLoadAnswers["frames"]>> } & {
    ask(name: "stand"): Promise<ReturnType<SocketLoadAnswers["stand"]>>;
  },
  told: readonly Told[],
): Promise<number[]> {
  const { sockets } = await load.ask("stand");
  const { times, lost } = timesToFrames(await load.ask("frames"), sockets, told);
  if (lost > 0) throw new Error(`${lost} changes never reached a page that watches.`);
  return times;
}

function timesRow(
  what: string,
  rounds: readonly number[][],
  floor: readonly number[][],
  limit?: string,
): Row {
  const p99 = (times: readonly number[]) => percentile(times, 99);
  const ratios = rounds.map((times, at) => p99(times) / p99(floor[at] ?? times));
  return {
    what,
    frames: rounds.reduce((sum, times) => sum + times.length, 0),
    "p50 ms": median(rounds.flat()),
    "p99 ms": median(rounds.map(p99)),
    "max ms": percentile(rounds.flat(), 100),
    "of floor": median(ratios),
    ...(limit !== undefined && { limit }),
  };
}

function sequence(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}
