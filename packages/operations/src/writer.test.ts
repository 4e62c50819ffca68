import {
  accept,
  credits,
  decideGrant,
  type Instant,
  idOf,
  minor,
  type Outcome,
  type Posting,
  type Refusal,
  refuse,
  settings,
} from "@scanmeter/core";
import { aBuyer, aTopUp } from "@scanmeter/core/testing";
import {
  DatabaseUnavailable,
  findSnapshot,
  openDatabase,
  putDisputes,
  putService,
  putTopUps,
  walkPostings,
} from "@scanmeter/db";
import {
  aGrant,
  anAccount,
  databases,
  hasSqld,
  NOON,
  noonPlus,
  openTempServer,
  startSqld,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { audit } from "./audit.ts";
import { catchUpAccount } from "./catch-up.ts";
import { grantCredits } from "./grant-credits.ts";
import { finishScan, heartbeat } from "./scan-commands.ts";
import { startScan } from "./start-scan.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";
import type { Command } from "./writer.ts";

const HOUR = settings.meteredHourMs;

const grant = (deps: TestDeps, account: TestAccount, amount: number, key = unique()) =>
  grantCredits(deps, {
    accountId: account.id,
    credits: credits(amount),
    kind: "paid",
    source: "purchase",
    key,
  });

const start = (deps: TestDeps, account: TestAccount, key = unique(), label?: string) =>
  startScan(deps, {
    accountId: account.id,
    runnerKeyId: null,
    targetId: account.targetId,
    idempotencyKey: key,
    label,
  });

/** Much later, as if nothing had run meanwhile: the silence of runners counts from then on. */
async function comeBackAfter(deps: TestDeps, ms: number): Promise<void> {
  deps.clock.advance(ms);
  const now = deps.clock.now();
  await deps.db.write([putService({ aliveAt: now, listeningSince: now })]);
}

const acceptedOf = <T>(outcomes: readonly Outcome<T, Refusal>[]): T[] =>
  outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
const refusalsOf = (outcomes: readonly Outcome<unknown, Refusal>[]): string[] =>
  outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal.code]));

describe.each(databases)("the writer over $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
  });
  afterAll(async () => {
    expect(await brokenInvariants()).toEqual([]);
    await temp.close();
  });
  beforeEach(async () => {
    deps = await depsOver(temp.database, { at: NOON });
    account = await anAccount(temp.database);
  });

  async function brokenInvariants(): Promise<string[]> {
    const broken: string[] = [];
    for await (const { id, broken: what } of audit(temp.database)) {
      // The clocks of these tests stand still, so much looks overdue.
      if (what !== null && id !== "I15") broken.push(`${id}: ${what}`);
    }
    return broken;
  }

  const postingsOf = async ({ id }: TestAccount): Promise<Posting[]> => {
    const postings: Posting[] = [];
    for await (const { posting } of walkPostings(temp.database, { accountId: id }))
      postings.push(posting);
    return postings;
  };
  const accountOf = async ({ id }: TestAccount) => (await findSnapshot(temp.database, id))?.account;
  const submit = <T>(command: Partial<Command<T>> & Pick<Command<T>, "decide">) =>
    deps.writer.submit<T>({ accountId: account.id, wants: {}, ...command });

  describe("a group", () => {
    test("shares a commit, and each caller gets its own answer", async () => {
      const accounts = [account, await anAccount(temp.database), await anAccount(temp.database)];
      const granted = await Promise.all(accounts.map((one, nth) => grant(deps, one, nth + 1)));
      expect(granted.every(({ ok }) => ok)).toBe(true);
      let commits = 0;
      const counting = await depsOver(
        {
          ...temp.database,
          write: (statements) => {
            commits += 1;
            return temp.database.write(statements);
          },
        },
        { at: NOON },
      );
      commits = 0;
      const outcomes = await Promise.all([
        start(counting, accounts[0] as TestAccount, "a"),
        start(counting, accounts[0] as TestAccount, "b"),
        start(counting, accounts[1] as TestAccount, "a"),
        start(counting, accounts[2] as TestAccount, "a"),
        start(counting, { ...account, id: idOf("account", "unknown") }, "a"),
        start(counting, { ...account, targetId: idOf("target", "unknown") }, "c"),
      ]);
      expect(commits).toBe(1);
      expect(
        outcomes.map((outcome) => (outcome.ok ? outcome.value.accountId : outcome.refusal.code)),
      ).toEqual([
        accounts[0]?.id,
        // The one credit went to the first who asked.
        "insufficient_credits",
        accounts[1]?.id,
        accounts[2]?.id,
        "account_not_found",
        "target_not_found",
      ]);
    });

    test("of many more than fit into one commit is answered wholly", async () => {
      await grant(deps, account, 300);
      const outcomes = await Promise.all(Array.from({ length: 600 }, () => start(deps, account)));
      expect(acceptedOf(outcomes)).toHaveLength(300);
      expect(refusalsOf(outcomes)).toEqual(
        Array.from({ length: 300 }, () => "insufficient_credits"),
      );
      expect(await accountOf(account)).toMatchObject({ balance: 0, version: 301 });
    });

    test("is not hindered by one that is refused", async () => {
      const outcomes = await Promise.all([
        submit({ decide: (books) => decideGrant(books, aGrant({ credits: 1 })) }),
        submit({ decide: () => refuse({ code: "scan_not_found", scanId: "x" } as const) }),
        submit({ decide: (books) => decideGrant(books, aGrant({ credits: 2 })) }),
      ]);
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
      expect(await accountOf(account)).toMatchObject({ balance: 3, version: 2 });
    });

    test("is not hindered by a decision that throws, whatever it had booked by then", async () => {
      const other = await anAccount(temp.database);
      const broken = new Error("a promise that was broken");
      const results = await Promise.allSettled([
        submit({ decide: (books) => decideGrant(books, aGrant({ credits: 1 })) }),
        submit({
          decide: (books) => {
            decideGrant(books, aGrant({ credits: 100 }));
            throw broken;
          },
        }),
        submit({ decide: (books) => decideGrant(books, aGrant({ credits: 2 })) }),
        submit({
          accountId: other.id,
          decide: (books) => decideGrant(books, aGrant({ credits: 4 })),
        }),
      ]);
      expect(results.map(({ status }) => status)).toEqual([
        "fulfilled",
        "rejected",
        "fulfilled",
        "fulfilled",
      ]);
      expect(results[1]).toMatchObject({ reason: broken });
      expect(await accountOf(account)).toMatchObject({ balance: 3, version: 2 });
      expect(await accountOf(other)).toMatchObject({ balance: 4, version: 1 });
    });

    test("is not hindered by a decision the database refuses", async () => {
      const impossible = submit({
        decide: (books) =>
          accept(
            books.book({
              kind: "debit",
              key: "not-the-key-of-an-hour",
              bookedAt: NOON,
              hour: 1,
              scanId: idOf("scan", "x"),
            }),
          ),
      });
      const results = await Promise.allSettled([
        submit({ decide: (books) => decideGrant(books, aGrant({ credits: 1 })) }),
        impossible,
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
      expect(results[1]).toMatchObject({
        reason: { name: "ConstraintViolated", isConflict: false },
      });
      expect(await accountOf(account)).toMatchObject({ balance: 1, version: 1 });
    });

    test("sees what its earlier members did: a key twice in one group acts once", async () => {
      await grant(deps, account, 5);
      const outcomes = await Promise.all([start(deps, account, "k"), start(deps, account, "k")]);
      expect(new Set(acceptedOf(outcomes).map(({ id }) => id)).size).toBe(1);
      expect(await accountOf(account)).toMatchObject({ balance: 4, version: 2 });
    });
  });

  test("of two commands about the money of one purchase the second sees what the first stored", async () => {
    const topUpId = idOf("topUp", unique());
    const dispute = (id: string) => ({
      id,
      accountId: account.id,
      topUpId,
      paymentIntentId: "pi",
      amountMinor: minor(1),
      currency: "EUR",
      status: "needs_response",
      firstSeenAt: NOON,
      updatedAt: NOON,
    });
    const command = (name: string) =>
      submit<number>({
        wants: { moneyOf: topUpId },
        decide: (_, { money }, draft) => {
          draft.add([putDisputes([dispute(`dp-${topUpId}-${name}`)])]);
          return accept(money.disputes.length);
        },
      });
    expect(acceptedOf(await Promise.all(["a", "b", "c"].map(command)))).toEqual([0, 1, 2]);
  });

  test("a purchase is its account's alone, also from a neighbour in the same commit who changed it", async () => {
    const other = await anAccount(temp.database);
    const id = idOf("topUp", unique());
    const topUp = aTopUp({ id, accountId: account.id, triggerKey: id });
    const beside = {
      billing: aBuyer,
      receipt: null,
      settlement: "none",
      reversed: null,
      consentId: null,
    } as const;
    await temp.database.write(putTopUps([{ ...beside, topUp, card: null }]));
    const changing = submit<null>({
      wants: { topUpId: topUp.id },
      decide: (_, known, draft) => {
        if (known.topUp === null) throw new Error("It is there.");
        draft.putTopUp({ ...known.topUp, card: { brand: "visa", last4: "4242" } });
        return accept(null);
      },
    });
    const looking = deps.writer.submit<string | null>({
      accountId: other.id,
      wants: { topUpId: topUp.id },
      decide: (_, known) => accept(known.topUp?.topUp.accountId ?? null),
    });
    expect(acceptedOf([await changing, await looking])).toEqual([null, null]);
  });

  test("of two hundred starts at once with one credit, exactly one wins", async () => {
    await grant(deps, account, 1);
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => start(deps, account)));
    expect(acceptedOf(outcomes)).toHaveLength(1);
    expect(refusalsOf(outcomes)).toEqual(Array.from({ length: 199 }, () => "insufficient_credits"));
    expect(await accountOf(account)).toMatchObject({ balance: 0, version: 2 });
  });

  describe("a key", () => {
    test("that is replayed answers as the first time, and does nothing", async () => {
      const first = await grant(deps, account, 5, "purchase-1");
      expect(await grant(deps, account, 5, "purchase-1")).toMatchObject({
        ok: true,
        value: { version: 1 },
      });
      expect(first).toMatchObject({ ok: true, value: { version: 1 } });
      const [scan] = acceptedOf([await start(deps, account, "k", "nightly")]);
      expect(acceptedOf([await start(deps, account, "k", "nightly")])).toMatchObject([
        { id: scan?.id },
      ]);
      expect(await accountOf(account)).toMatchObject({ balance: 4, version: 2 });
    });

    test("that is used for something else is refused", async () => {
      await grant(deps, account, 5, "purchase-1");
      expect(refusalsOf([await grant(deps, account, 6, "purchase-1")])).toEqual([
        "idempotency_key_reused",
      ]);
      await start(deps, account, "k", "nightly");
      expect(refusalsOf([await start(deps, account, "k", "weekly")])).toEqual([
        "idempotency_key_reused",
      ]);
      expect(await accountOf(account)).toMatchObject({ balance: 4, version: 2 });
    });

    test("is an account's own: another may choose the same", async () => {
      const other = await anAccount(temp.database);
      await grant(deps, account, 5, "purchase-1");
      await grant(deps, other, 6, "purchase-1");
      expect(await accountOf(other)).toMatchObject({ balance: 6, version: 1 });
    });
  });

  describe("what is due", () => {
    test("is done before the command that comes after it", async () => {
      await grant(deps, account, 2);
      const [scan] = acceptedOf([await start(deps, account)]);
      await comeBackAfter(deps, HOUR - 1);
      await heartbeat(deps, { accountId: account.id, scanId: scan?.id as string });
      deps.clock.advance(1);
      // The second credit belongs to the hour that came due at this very instant.
      expect(refusalsOf([await start(deps, account)])).toEqual(["insufficient_credits"]);
      expect((await postingsOf(account)).map(({ kind, hour }) => [kind, hour])).toEqual([
        ["grant", null],
        ["debit", 1],
        ["debit", 2],
      ]);
    });

    test("is done wholly before the command, however many scans it takes several commits for", async () => {
      const scanCount = 1_100;
      await grant(deps, account, 2 * scanCount + 1);
      const scans = acceptedOf(
        await Promise.all(Array.from({ length: scanCount }, () => start(deps, account))),
      );
      await comeBackAfter(deps, HOUR - 1);
      await Promise.all(
        scans.map(({ id }) => heartbeat(deps, { accountId: account.id, scanId: id })),
      );
      deps.clock.advance(1);
      const before = (await postingsOf(account)).length;
      let balanceSeen: number | null = null;
      const answer = await submit({
        decide: (books) => {
          balanceSeen = books.account.balance;
          return accept("done");
        },
      });
      expect(answer).toEqual({ ok: true, value: "done" });
      expect(balanceSeen).toBe(1);
      const debits = (await postingsOf(account)).slice(before);
      expect(new Set(debits.map(({ scanId }) => scanId)).size).toBe(scanCount);
      expect(debits.every(({ hour, bookedAt }) => hour === 2 && bookedAt === noonPlus(HOUR))).toBe(
        true,
      );
      await catchUpAccount(deps, account.id);
      expect(await postingsOf(account)).toHaveLength(before + scanCount);
    });
  });

  describe("an announcement", () => {
    test("comes after the commit, before the answer, with the newest version and the next due instant", async () => {
      await grant(deps, account, 1);
      deps.told.length = 0;
      const toldBeforeAnswer = await Promise.all([
        submit({ decide: (books) => decideGrant(books, aGrant()) }).then(() => deps.told.length),
        start(deps, account).then(() => deps.told.length),
      ]);
      // The grant, and the start that came with it in one commit, are told once.
      expect(toldBeforeAnswer).toEqual([1, 1]);
      expect(deps.told).toEqual([
        {
          accountId: account.id,
          version: 3,
          reason: "debit",
          wakeUps: [
            { accountId: account.id, scanId: expect.any(String), hour: 2, dueAt: noonPlus(HOUR) },
          ],
        },
      ]);
      expect(await accountOf(account)).toMatchObject({ version: 3 });
    });

    test("is not made for what was refused or replayed", async () => {
      await grant(deps, account, 5, "k");
      deps.told.length = 0;
      await grant(deps, account, 5, "k");
      await grant(deps, account, 6, "k");
      await catchUpAccount(deps, account.id);
      expect(deps.told).toEqual([]);
    });

    test("finds the version it speaks of in the database", async () => {
      const versions: Promise<unknown>[] = [];
      const { Writer } = await import("./writer.ts");
      const writer = new Writer(temp.database, deps.clock, (announcements) => {
        for (const { accountId, version } of announcements) {
          versions.push(
            findSnapshot(temp.database, accountId).then(
              (found) => (found?.account.version ?? 0) >= version,
            ),
          );
        }
      });
      await Promise.all(Array.from({ length: 20 }, () => grant({ ...deps, writer }, account, 1)));
      expect(new Set(await Promise.all(versions))).toEqual(new Set([true]));
    });
  });

  describe("a database that fails", () => {
    /** The real one, with a failure of the outside before or after some of its work. */
    function failing(
      when: (statements: number) => "before" | "after" | null,
    ): TempDatabase["database"] {
      let writes = 0;
      return {
        ...temp.database,
        async write(statements) {
          writes += 1;
          const moment = when(writes);
          const failure = new DatabaseUnavailable(
            "unreachable",
            "The database server does not answer.",
          );
          if (moment === "before") throw failure;
          const results = await temp.database.write(statements);
          if (moment === "after") throw failure;
          return results;
        },
      };
    }

    test("is told to everybody who waits, and whoever comes later is served", async () => {
      const over = await depsOver(
        failing((nth) => (nth === 2 ? "before" : null)),
        { at: NOON },
      );
      const granting = (amount: number) =>
        over.writer.submit({
          accountId: account.id,
          wants: {},
          decide: (books) => decideGrant(books, aGrant({ credits: amount })),
        });
      const results = await Promise.allSettled([granting(1), granting(2)]);
      for (const result of results) {
        expect(result).toMatchObject({
          status: "rejected",
          reason: { name: "DatabaseUnavailable" },
        });
      }
      expect(await accountOf(account)).toMatchObject({ version: 0 });
      await granting(4);
      expect(await accountOf(account)).toMatchObject({ version: 1, balance: 4 });
      expect(over.told.map(({ version }) => version)).toEqual([1]);
    });

    test("after the commit leaves the answer to whoever asks again with the same key", async () => {
      const over = await depsOver(
        failing((nth) => (nth === 2 ? "after" : null)),
        { at: NOON },
      );
      await expect(grant(over, account, 5, "k")).rejects.toBeInstanceOf(DatabaseUnavailable);
      expect(await grant(over, account, 5, "k")).toMatchObject({ ok: true, value: { version: 1 } });
      expect(await accountOf(account)).toMatchObject({ version: 1, balance: 5 });
    });
  });

  test("a credit finds its way back into a lot that was spent to the last one", async () => {
    await grant(deps, account, 1);
    const [scan] = acceptedOf([await start(deps, account)]);
    expect(await accountOf(account)).toMatchObject({ balance: 0 });
    await finishScan(deps, {
      accountId: account.id,
      scanId: scan?.id as string,
      outcome: "failed",
      fault: "platform",
    });
    expect(await accountOf(account)).toMatchObject({ balance: 1, version: 4 });
    expect(acceptedOf([await start(deps, account)])).toHaveLength(1);
  });

  test("everything submitted has its answer once the writer is settled", async () => {
    let answered = 0;
    for (let nth = 0; nth < 300; nth++) {
      void submit({ decide: () => accept(nth) }).then(() => answered++);
    }
    await deps.writer.settled();
    expect(answered).toBe(300);
  });
});

describe.runIf(hasSqld)("several processes over one server", () => {
  let temp: TempDatabase;
  const others: Awaited<ReturnType<typeof openDatabase>>[] = [];

  beforeAll(async () => {
    temp = await openTempServer();
  });
  afterAll(async () => {
    for (const other of others) other.close();
    await temp.close();
  });

  async function process(at: Instant = NOON): Promise<TestDeps> {
    const database = await openDatabase({ url: temp.url });
    others.push(database);
    return depsOver(database, { at });
  }

  const read = async ({ id }: TestAccount) => {
    const postings: Posting[] = [];
    for await (const { posting } of walkPostings(temp.database, { accountId: id }))
      postings.push(posting);
    return postings;
  };

  test("racing for one account lose nothing, leave no gap and draw no credit twice", async () => {
    const processes = [await process(), await process(), await process()];
    const account = await anAccount(temp.database);
    await grant(processes[0] as TestDeps, account, 50);
    const outcomes = await Promise.all(
      Array.from({ length: 90 }, (_, nth) => start(processes[nth % 3] as TestDeps, account)),
    );
    expect(acceptedOf(outcomes)).toHaveLength(50);
    expect(refusalsOf(outcomes)).toEqual(Array.from({ length: 40 }, () => "insufficient_credits"));
    const postings = await read(account);
    expect(postings.map(({ version }) => version)).toEqual(
      Array.from({ length: 51 }, (_, at) => at + 1),
    );
    expect(new Set(postings.map(({ scanId }) => scanId)).size).toBe(51);
    expect((await findSnapshot(temp.database, account.id))?.account).toMatchObject({
      balance: 0,
      version: 51,
    });
    for await (const { broken } of audit(temp.database)) expect(broken).toBeNull();
  });

  test("with one key act once, and all get the same answer", async () => {
    const processes = [await process(), await process(), await process()];
    const account = await anAccount(temp.database);
    const granted = await Promise.all(
      processes.map((deps) => grant(deps, account, 5, "purchase-1")),
    );
    expect(acceptedOf(granted).map(({ version }) => version)).toEqual([1, 1, 1]);
    const started = await Promise.all(processes.map((deps) => start(deps, account, "k")));
    expect(new Set(acceptedOf(started).map(({ id }) => id)).size).toBe(1);
    expect(acceptedOf(started)).toHaveLength(3);
    expect((await findSnapshot(temp.database, account.id))?.account).toMatchObject({
      balance: 4,
      version: 2,
    });
  });

  test("woken for the same hour debit it once", async () => {
    const [one, two] = [await process(), await process()];
    const account = await anAccount(temp.database);
    await grant(one, account, 5);
    const [scan] = acceptedOf([await start(one, account)]);
    for (const deps of [one, two]) await comeBackAfter(deps, HOUR - 1);
    await heartbeat(one, { accountId: account.id, scanId: scan?.id as string });
    for (const { clock } of [one, two]) clock.advance(1);
    for (let round = 0; round < 3; round++) {
      await Promise.all([catchUpAccount(one, account.id), catchUpAccount(two, account.id)]);
    }
    expect((await read(account)).map(({ kind }) => kind)).toEqual(["grant", "debit", "debit"]);
  });

  test("reject while the server is away, and go on once it is back", async () => {
    const first = await startSqld();
    const database = await openDatabase({ url: first.url });
    const deps = await depsOver(database, { at: NOON });
    const account = await anAccount(database);
    await grant(deps, account, 5);
    await first.stop({ keep: true });
    const results = await Promise.allSettled([start(deps, account), start(deps, account)]);
    for (const result of results) {
      expect(result).toMatchObject({
        status: "rejected",
        reason: { name: "DatabaseUnavailable", reason: "unreachable" },
      });
    }
    const second = await startSqld({ dir: first.dir, port: first.port });
    expect(acceptedOf([await start(deps, account)])).toHaveLength(1);
    expect((await findSnapshot(database, account.id))?.account).toMatchObject({
      balance: 4,
      version: 2,
    });
    database.close();
    await second.stop();
  });
});
