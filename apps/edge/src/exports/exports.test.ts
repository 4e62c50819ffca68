/** Who may have an account's history as a file, what is in it, and how much of that at once. */
import { CHAIN_START, chainHash, findAccount } from "@scanmeter/db";
import { decideIn, unique } from "@scanmeter/db/testing";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SignedIn } from "../auth/sessions.ts";
import { defaultLimits } from "../limits.ts";
import { httpClient } from "../testing/clients.ts";
import { joinAs, signOut } from "../testing/members.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "../testing/test-edge.ts";
import { createExports } from "./exports.ts";

let on: TestEdge;
let ada: TestCustomer;
let eve: TestCustomer;

// Ada has 10 credits, an hour of a scan with an awkward name, and then a history of two pages.
beforeAll(async () => {
  on = await startTestEdge();
  [ada, eve] = [await on.signUp("Ada"), await on.signUp("Eve")];
  const { id: targetId } = await ada.api.targets.create.mutate({
    url: "https://ada.example/",
    name: '=cmd|"/c calc"!A1, the shop',
    mode: "credits",
  });
  await on.operations.startScan({
    accountId: ada.accountId,
    runnerKeyId: null,
    targetId,
    idempotencyKey: "one",
    label: "+nightly",
  });
  const now = on.operations.clock.now();
  await decideIn(on.operations.database, ada.accountId, { now }, (books) => {
    for (let n = 0; n < 300; n += 1) {
      books.book({ kind: "extension", key: unique(), bookedAt: now, reason: "nothing_to_renew" });
    }
  });
});
afterAll(() => on.stop());

const fetchFile = (path: string, cookie?: string, init: RequestInit = {}) =>
  fetch(`${on.url}/export/${path}`, { ...init, headers: cookie ? { cookie } : {} });

async function linesOf(path: string, cookie: string): Promise<string[]> {
  const response = await fetchFile(path, cookie);
  expect(response.status).toBe(200);
  const lines = (await response.text()).split("\n");
  expect(lines.pop()).toBe("");
  return lines;
}

const csv = (query = "", cookie = ada.cookie) => linesOf(`activity.csv${query}`, cookie);
const versionsOf = (lines: readonly string[]) =>
  lines.slice(1).map((line) => Number.parseInt(line, 10));

describe("the history as CSV", () => {
  test("is a file that nobody caches, with a line for its columns", async () => {
    const response = await fetchFile("activity.csv", ada.cookie);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": expect.stringMatching(
        /^attachment; filename="scanmeter-activity-\d{4}-\d\d-\d\d\.csv"$/,
      ),
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect((await response.text()).split("\r\n", 1)).toEqual([
      "posting,booked_at,type,description,target,credits,balance_after,owed_after,lot_id,scan_id,purchase_id,who",
    ]);
  });

  test("has every posting of the account once, newest first, and nobody else's", async () => {
    const lines = await csv();
    expect(versionsOf(lines)).toEqual(Array.from({ length: 302 }, (_, index) => 302 - index));
    expect(await csv("", eve.cookie)).toHaveLength(2);
  });

  test("has names as text, even where a spreadsheet would run them, and amounts as numbers", async () => {
    const [line] = (await csv("?kinds=debit")).slice(1);
    expect(line).toMatch(
      /^2,\d{4}-\d\d-\d\dT[\d:.]+Z,debit,Hour 1 of \+nightly,"'=cmd\|""\/c calc""!A1, the shop",-1,9,0,lot_\w+,scan_\w+,,\r$/,
    );
  });

  test("takes the filters of the page: kinds, from inclusive, to exclusive", async () => {
    expect(versionsOf(await csv("?kinds=debit,grant"))).toEqual([2, 1]);
    const { items } = await ada.api.account.activity.query({ kinds: ["debit"] });
    const at = encodeURIComponent(items[0]?.bookedAt ?? "");
    expect(versionsOf(await csv(`?from=${at}&kinds=debit`))).toEqual([2]);
    expect(versionsOf(await csv(`?to=${at}&kinds=debit`))).toEqual([]);
    expect(await csv("?from=2199-01-01T00:00:00Z")).toHaveLength(1);
  });

  test.each([
    "?kinds=weather",
    "?kinds=",
    "?kinds=debit&kinds=grant",
    "?from=yesterday",
    "?from=2026-01-01",
    "?limit=1",
    "?accountId=acc_1",
    `?kinds=${"debit,".repeat(50)}debit`,
  ])("%s is no filter, which is said", async (query) => {
    const response = await fetchFile(`activity.csv${query}`, ada.cookie);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-disposition")).toBeNull();
    expect(await response.json()).toEqual({ message: "These filters are not usable." });
  });
});

describe("the ledger as lines of JSON", () => {
  test("has every posting of the account, the oldest first, each with the hash that chains it", async () => {
    const response = await fetchFile("ledger.jsonl", ada.cookie);
    expect(response.headers.get("content-type")).toBe("application/jsonl; charset=utf-8");
    expect(response.headers.get("content-disposition")).toMatch(/scanmeter-ledger-[\d-]+\.jsonl"$/);
    const lines = (await response.text()).trimEnd().split("\n");
    const hash = lines.reduce((before, line, index) => {
      const { hash: told, ...posting } = JSON.parse(line);
      expect(posting).toMatchObject({ accountId: ada.accountId, version: index + 1 });
      expect(chainHash(before, posting)).toBe(told);
      return told;
    }, CHAIN_START);
    expect(lines).toHaveLength(302);
    expect(await ada.api.account.checkLedger.query()).toMatchObject({
      checked: 302,
      postings: 302,
      hash,
      broken: null,
    });
    expect(await linesOf("ledger.jsonl", eve.cookie)).toHaveLength(1);
  });
});

describe.each(["activity.csv", "ledger.jsonl"])("%s", (path) => {
  test("is for every member, for as long as they are signed in", async () => {
    const joined = await on.signUp("Somebody");
    const cookie = await joinAs(on, joined, { accountId: ada.accountId, role: "member" });
    expect((await linesOf(path, cookie)).length).toBeGreaterThan(300);
    await signOut(on.url, cookie);
    expect((await fetchFile(path, cookie)).status).toBe(401);
  });

  test("is for nobody who is not signed in, nor for a runner", async () => {
    const key = await ada.api.runnerKeys.create.mutate({ name: path });
    const headers = { authorization: `Bearer ${key.secret}` };
    for (const response of [
      await fetchFile(path),
      await fetchFile(path, "scanmeter.session_token=made-up"),
      await fetch(`${on.url}/export/${path}`, { headers }),
    ]) {
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ message: "Sign in to do this." });
    }
  });

  test("is only read, and asking what it is like takes no place", async () => {
    for (let times = 0; times <= defaultLimits.exportsPerUserMax; times += 1) {
      const response = await fetchFile(path, ada.cookie, { method: "HEAD" });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-disposition")).toContain("attachment");
    }
    for (const method of ["POST", "DELETE"])
      expect((await fetchFile(path, ada.cookie, { method })).status).toBe(404);
  });
});

test("one posting is told in full to its own account, and one that is not there is nothing", async () => {
  const { account } = ada.api;
  const { items } = await account.activity.query({ kinds: ["debit"] });
  expect(await account.posting.query({ version: 2 })).toMatchObject({
    ...items[0],
    lot: { kind: "paid", source: "a test", others: 0 },
    why: [expect.stringMatching(/^This hour of scanning began\./)],
    moves: [{ credits: -1, text: "spent on scanning", lot: { source: "a test" } }],
    dates: [],
    documents: [],
    hash: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(await account.posting.query({ version: 303 })).toBeNull();
  expect(await eve.api.account.posting.query({ version: 2 })).toBeNull();
});

async function signedInAs({ api }: Pick<TestCustomer, "api">): Promise<SignedIn> {
  const { user, role, account: acting } = await api.me.query();
  const account = await findAccount(on.operations.database, acting.id);
  if (account === null) throw new Error("Whoever signed up has an account.");
  return { user, role, account, sessionToken: "one" };
}

test("a person has only so many files made at once; one that is given up makes room", async () => {
  const { operations } = on;
  const signedIn = await signedInAs(ada);
  const exports = createExports({
    operations,
    sessions: { find: async () => ({ signedIn, setCookies: [] }) },
    limits: { ...defaultLimits, exportsPerUserMax: 1 },
    log: pino({ enabled: false }),
  });
  const request = () => new Request("http://localhost/export/activity.csv");
  const first = await exports.activity(request());
  const second = await exports.ledger(request());
  expect([first.status, second.status]).toEqual([200, 429]);
  expect(second.headers.get("retry-after")).toBe("10");
  expect(second.headers.get("content-disposition")).toBeNull();
  await first.body?.cancel();
  const third = await exports.ledger(request());
  expect(third.status).toBe(200);
  expect((await third.text()).split("\n")).toHaveLength(303);
  expect((await exports.activity(request())).status).toBe(200);
});

test("whoever is removed while they read a file reads no further", async () => {
  const mate = await on.signUp("Mate");
  const cookie = await joinAs(on, mate, { accountId: ada.accountId, role: "member" });
  const api = httpClient(on.url, { cookie, origin: on.url });
  const signedIn = await signedInAs({ api });
  expect(signedIn.account.id).toBe(ada.accountId);
  const exports = createExports({
    operations: on.operations,
    sessions: { find: async () => ({ signedIn, setCookies: [] }) },
    limits: defaultLimits,
    log: pino({ enabled: false }),
  });
  for (const isRemoved of [false, true]) {
    const response = await exports.ledger(new Request("http://localhost/export/ledger.jsonl"));
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    if (isRemoved) await ada.api.members.remove.mutate({ userId: mate.userId });
    // Who only acts for another account meanwhile may have what they asked for.
    else await mate.api.accounts.switchTo.mutate({ accountId: mate.accountId });
    const next = reader?.read().then(
      ({ done }) => (done ? "the end" : "more"),
      () => "cut off",
    );
    expect(await next).toBe(isRemoved ? "cut off" : "more");
    await reader?.cancel().catch(() => {});
  }
});
