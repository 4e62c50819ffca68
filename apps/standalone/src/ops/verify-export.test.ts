import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credits, type Posting } from "@scanmeter/core";
import { chainHash, ledgerLineOf, walkPostings } from "@scanmeter/db";
import {
  anAccount,
  decideIn,
  grantTo,
  NOON,
  openTempDatabase,
  startOn,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyExportReport, verifyLines } from "./verify-export.ts";

/** As an account downloads it: a grant, an hour owed, a purchase that repays it, moved dates, an hour. */
let lines: string[];
let accountId: string;

beforeAll(async () => {
  const temp = await openTempDatabase();
  const { database: db } = temp;
  const account = await anAccount(db);
  accountId = account.id;
  const lotId = await grantTo(db, accountId, { credits: 5 });
  await decideIn(db, accountId, {}, (books) =>
    books.book({
      kind: "adjustment",
      key: unique(),
      bookedAt: NOON,
      entries: [{ from: "customer", to: "usage", amount: credits(2), lotId: null }],
    }),
  );
  await grantTo(db, accountId, { credits: 10 });
  await decideIn(db, accountId, {}, (books) => {
    const { expiresAt } = books.lot(lotId);
    const moved = { lotId, oldExpiresAt: expiresAt, newExpiresAt: (expiresAt + 1) as never };
    return books.book({ kind: "extension", key: unique(), bookedAt: NOON, extensions: [moved] });
  });
  await startOn(db, account);
  lines = [];
  for await (const link of walkPostings(db, { accountId })) lines.push(ledgerLineOf(link));
  await temp.close();
});

async function* each(written: readonly string[]) {
  yield* written;
}
const verify = (written: readonly string[], hash?: string) => verifyLines(each(written), hash);
const hashOf = (line: string | undefined) => (JSON.parse(line ?? "") as { hash: string }).hash;
const changed = (at: number, change: (posting: Posting) => object) =>
  lines.map((line, index) =>
    index === at ? JSON.stringify({ ...JSON.parse(line), ...change(JSON.parse(line)) }) : line,
  );

describe("an export", () => {
  test("that is whole says how many postings there are, what they add up to and where they end", async () => {
    expect(await verify(lines)).toEqual({
      accountId,
      postings: 5,
      balance: 12,
      owed: 0,
      hash: hashOf(lines[4]),
      foundAt: null,
      broken: null,
    });
  });

  test.each<[string, () => string[], number, RegExp]>([
    [
      "a changed field",
      () => changed(2, () => ({ reason: "another" })),
      3,
      /^posting 3 is not what/,
    ],
    [
      "a changed amount",
      () => changed(0, ({ entries }) => ({ entries: [{ ...entries[0], amount: 6 }] })),
      1,
      /^posting 1 is not what/,
    ],
    ["a changed date", () => changed(3, () => ({ extensions: [] })), 4, /^posting 4 is not what/],
    ["a changed hash", () => changed(4, () => ({ hash: "x" })), 5, /^posting 5 is not what/],
    ["a missing line", () => lines.toSpliced(1, 1), 2, /^posting 2 is missing/],
    [
      "two lines in the other order",
      () => lines.with(1, lines[2] ?? "").with(2, lines[1] ?? ""),
      2,
      /^posting 2 is missing/,
    ],
    ["a line twice", () => lines.toSpliced(1, 0, lines[0] ?? ""), 2, /^posting 2 is missing/],
    ["a lost beginning", () => lines.slice(1), 1, /^posting 1 is missing/],
    [
      "another account's line",
      () => changed(1, () => ({ accountId: "acc_2" })),
      2,
      /another account/,
    ],
    ["a field more", () => changed(1, () => ({ note: "x" })), 2, /no posting/],
    ["half a line", () => lines.with(4, lines[4]?.slice(0, 50) ?? ""), 5, /no posting/],
    ["an empty line", () => lines.toSpliced(3, 0, ""), 4, /no posting/],
  ])("with %s is broken there", async (_, spoil, line, why) => {
    const { broken } = await verify(spoil());
    expect(broken).toEqual({ line, why: expect.stringMatching(why) });
  });

  // Who can change the ledger can compute new hashes; amounts that do not add up show all the same.
  test("whose chain was made anew over a wrong balance is broken where it says so", async () => {
    let hash = "";
    const forged = lines.map((line, index) => {
      const { hash: _, ...posting } = JSON.parse(line);
      if (index >= 2) posting.balanceAfter += 1;
      hash = chainHash(hash, posting);
      return JSON.stringify({ ...posting, hash });
    });
    expect((await verify(forged)).broken).toEqual({
      line: 3,
      why: "posting 3 says another balance than its amounts add up to",
    });
  });

  test("that lost its end is whole as far as it goes, and a hash that was kept tells", async () => {
    const [old, newest] = [hashOf(lines[3]), hashOf(lines[4])];
    expect(await verify(lines.slice(0, 4))).toMatchObject({ postings: 4, hash: old, broken: null });
    expect((await verify(lines, old)).foundAt).toBe(4);
    expect((await verify(lines.slice(0, 4), newest)).foundAt).toBeNull();
  });
});

describe("the report", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "verify-"));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const report = (text: string, hash: string | null = null) => {
    const file = join(dir, "ledger.jsonl");
    writeFileSync(file, text);
    return verifyExportReport(file, hash);
  };

  test("of a whole file ends well, whatever its line ends and whether its last line has one", async () => {
    for (const text of [`${lines.join("\n")}\n`, lines.join("\r\n")]) {
      const { text: said, exitCode, json } = await report(text);
      expect(said).toBe(
        `5 postings of ${accountId}: the chain is whole and the amounts add up to 12 credits, 0 owed.\nIt ends in ${hashOf(lines[4])}.`,
      );
      expect([exitCode, json]).toEqual([0, expect.objectContaining({ ok: true, postings: 5 })]);
    }
  });

  test("of a broken one names the first line that is, and does not end well", async () => {
    const { text, exitCode } = await report(lines.toSpliced(1, 1).join("\n"));
    expect(text).toBe("Line 2: posting 2 is missing. The chain is whole up to posting 1.");
    expect(exitCode).toBe(1);
  });

  test("of a file without the hash that was asked for does not end well", async () => {
    const whole = lines.join("\n");
    const kept = await report(whole, hashOf(lines[1]));
    expect([kept.exitCode, kept.text]).toEqual([
      0,
      expect.stringMatching(/\nPosting 2 has the hash /),
    ]);
    const lost = await report(whole, "gone");
    expect([lost.exitCode, lost.text]).toEqual([1, expect.stringContaining("written anew")]);
  });

  test("of an empty file says that nothing is in it", async () => {
    expect(await report("")).toMatchObject({ text: "There is no posting in it.", exitCode: 0 });
  });

  test("of a file that is not there is one sentence", async () => {
    await expect(verifyExportReport(join(dir, "nothing"), null)).rejects.toThrow(
      /^The file cannot be read: ENOENT/,
    );
  });
});
