import { describe, expect, test } from "vitest";
import { BadArguments, parseRequest } from "./arguments.ts";

function refusalOf(...args: string[]): string {
  try {
    parseRequest(args);
    return "accepted";
  } catch (error) {
    expect(error).toBeInstanceOf(BadArguments);
    return (error as Error).message;
  }
}

describe("grant", () => {
  test("needs an account and an amount; it grants paid credits under a key of its own", () => {
    const request = parseRequest(["grant", "--account", "a@b.test", "--credits", "5"]);
    expect(request).toMatchObject({
      command: "grant",
      isJson: false,
      input: {
        account: "a@b.test",
        credits: 5,
        kind: "paid",
        key: expect.stringMatching(/^.{36}$/),
      },
    });
  });

  test("takes kind, expiry and key as they are given", () => {
    const args =
      "grant --account acc_1 --credits=7 --kind free --expires 2027-01-31T00:00:00Z --key k --json";
    expect(parseRequest(args.split(" "))).toEqual({
      command: "grant",
      isJson: true,
      input: {
        account: "acc_1",
        credits: 7,
        kind: "free",
        expires: "2027-01-31T00:00:00Z",
        key: "k",
      },
    });
  });

  test("an amount that is not a whole number of credits is told in one sentence", () => {
    for (const credits of ["0", "-5", "1.5", "5e2", "0x10", "ten", "", "1000001", "9".repeat(30)]) {
      expect(refusalOf("grant", "--account", "a", `--credits=${credits}`)).toBe(
        "--credits must be a whole number from 1 to 1000000.",
      );
    }
  });

  test("anything else that is wrong is told by the name of its option", () => {
    const grant = ["grant", "--account", "a", "--credits", "1"];
    expect(refusalOf("grant", "--credits", "1")).toMatch(/^--account is missing/);
    expect(refusalOf("grant", "--account", "a")).toMatch(/^--credits must be/);
    expect(refusalOf(...grant, "--kind", "gift")).toBe("--kind must be paid or free.");
    expect(refusalOf(...grant, "--expires", "tomorrow")).toMatch(/^--expires must be an instant/);
    expect(refusalOf(...grant, "--expires", "2027-01-31T00:00:00")).toMatch(/^--expires must be/);
    expect(refusalOf(...grant, "--force")).toMatch(/^Unknown option '--force'/);
    expect(refusalOf(...grant, "--key", "-1")).toBe("Option '--key' argument is ambiguous.");
    expect(refusalOf(...grant, "more")).toBe('grant does not know what to do with "more".');
  });
});

describe("adjust", () => {
  const adjust = ["adjust", "--account", "a@b.test", "--reason", "two at once"];

  test("needs an account, a signed amount and a reason, and has a key of its own", () => {
    const input = { account: "a@b.test", credits: -5, reason: "two at once" };
    for (const credits of [["--credits", "-5"], ["--credits=-5"]]) {
      expect(parseRequest([...adjust, ...credits])).toMatchObject({
        command: "adjust",
        input: { ...input, key: expect.stringMatching(/^.{36}$/) },
      });
    }
    expect(parseRequest([...adjust, "--credits", "5", "--key", "k", "--json"])).toEqual({
      command: "adjust",
      isJson: true,
      input: { ...input, credits: 5, key: "k" },
    });
    expect(refusalOf("adjust", "--credits", "1", "--reason", "x")).toMatch(/^--account is missing/);
    expect(refusalOf("adjust", "--account", "a", "--credits", "1")).toMatch(/^--reason is missing/);
    expect(refusalOf(...adjust)).toMatch(/^--credits must be a whole number from -1000000 to/);
  });

  test("of nothing, of parts of a credit and of too much is told in one sentence", () => {
    for (const credits of ["0", "-0", "1.5", "-1.5", "-", "--5", "1000001", "-1000001", "ten"]) {
      expect(refusalOf(...adjust, `--credits=${credits}`)).toMatch(/^--credits must be .*not 0\.$/);
    }
  });

  test("has a reason that its customer can read, and none of the ledger's own words", () => {
    const withReason = (reason: string) =>
      refusalOf("adjust", "--account", "a", "--credits", "1", `--reason=${reason}`);
    expect(withReason("two at once")).toBe("accepted");
    expect(withReason(" ")).toBe("--reason must say something.");
    expect(withReason("a\nb")).toBe("--reason must be one line of text.");
    expect(withReason("revived")).toBe("--reason is a word the ledger uses itself.");
    expect(withReason("x".repeat(201))).toMatch(/at most 200 characters/);
  });
});

test("copies are made and restored by the name of one file", () => {
  for (const command of ["backup", "restore"] as const) {
    expect(parseRequest([command, "a file.db"])).toEqual({
      command,
      file: "a file.db",
      isJson: false,
    });
    expect(refusalOf(command)).toBe(`${command} takes one file.`);
    expect(refusalOf(command, "a", "b")).toBe(`${command} takes one file.`);
    expect(refusalOf(command, "a", "--hash", "x")).toBe(`${command} takes no --hash.`);
  }
});

test("an export is verified by its file, and by a hash that may begin with a dash", () => {
  const verify = { command: "verify-export", file: "ledger.jsonl", isJson: false };
  expect(parseRequest(["verify-export", "ledger.jsonl"])).toEqual({ ...verify, hash: null });
  expect(parseRequest(["verify-export", "ledger.jsonl", "--hash", "-x"])).toEqual({
    ...verify,
    hash: "-x",
  });
  expect(refusalOf("verify-export", "--hash", "x")).toBe("verify-export takes one file.");
});

describe("refund", () => {
  test("needs a purchase; it refunds everything that is left under a key of its own", () => {
    expect(parseRequest(["refund", "--top-up", "2026-000042"])).toMatchObject({
      command: "refund",
      isJson: false,
      input: { topUp: "2026-000042", key: expect.stringMatching(/^.{36}$/) },
    });
    expect(refusalOf("refund")).toMatch(/^--top-up is missing/);
  });

  test("takes credits, reason and key as they are given", () => {
    const args = ["refund", "--top-up", "top_1", "--credits", "3", "--key", "k", "--json"];
    expect(parseRequest([...args, "--reason", "two at once"])).toEqual({
      command: "refund",
      isJson: true,
      input: { topUp: "top_1", credits: 3, reason: "two at once", key: "k" },
    });
    expect(refusalOf(...args, "--credits", "0")).toMatch(/^--credits must be a whole number/);
    expect(refusalOf(...args, "--account", "a")).toBe("refund takes no --account.");
  });
});

test("resolve takes the key of one alert", () => {
  const input = { alert: "needs-review-top_1" };
  expect(parseRequest(["resolve", "needs-review-top_1", "--json"])).toEqual({
    command: "resolve",
    input,
    isJson: true,
  });
  expect(refusalOf("resolve")).toBe("resolve takes one alert: its key, as alerts shows it.");
  expect(refusalOf("resolve", "a", "b")).toMatch(/takes one alert/);
  expect(refusalOf("resolve", "a", "--credits", "5")).toBe("resolve takes no --credits.");
});

test("reading commands take no options of writing ones", () => {
  for (const command of ["audit", "alerts", "reconcile"]) {
    expect(parseRequest([command, "--json"])).toEqual({ command, isJson: true });
    expect(refusalOf(command, "--credits", "5")).toBe(`${command} takes no --credits.`);
    expect(refusalOf(command, "now")).toBe(`${command} does not know what to do with "now".`);
  }
  expect(parseRequest(["explain", "acc_1"])).toMatchObject({
    command: "explain",
    account: "acc_1",
  });
  expect(refusalOf("explain")).toMatch(/takes one account/);
  expect(refusalOf("explain", "a", "b")).toMatch(/takes one account/);
});

test("without a command, or with an unknown one, it says what there is", () => {
  expect(refusalOf()).toMatch(/^npm run ops/);
  expect(refusalOf("toString")).toMatch(/^There is no command "toString"\.\n\nnpm run ops/);
});
