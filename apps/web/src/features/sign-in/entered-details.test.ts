import { describe, expect, test } from "vitest";
import { authProblemOf } from "./auth-sentences.ts";
import { nameProblem, newPasswordProblem } from "./entered-details.ts";
import { pathAfterSignIn, withNext } from "./path-after-sign-in.ts";

describe("entered details", () => {
  test("a new password of 8 to 128 characters is accepted, one fewer or more is not", () => {
    expect(newPasswordProblem("x".repeat(7))).toContain("at least 8");
    expect(newPasswordProblem("x".repeat(8))).toBeUndefined();
    expect(newPasswordProblem("x".repeat(128))).toBeUndefined();
    expect(newPasswordProblem("x".repeat(129))).toContain("at most 128");
  });

  test("a name of blanks is no name", () => {
    expect(nameProblem("  ")).toBeDefined();
  });
});

describe("what a refusal says", () => {
  const problem = (code: string, status: number, retryAfterSeconds: number | null = null) =>
    authProblemOf({ code, status, retryAfterSeconds });

  test("a wrong password does not tell whether the address is known", () => {
    expect(problem("INVALID_EMAIL_OR_PASSWORD", 401).field).toBeUndefined();
  });

  test("an address in use is told beside the address", () => {
    expect(problem("USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", 422).field).toBe("email");
  });

  test("too many attempts says how long to wait", () => {
    expect(problem("", 429, 12).text).toContain("12 seconds");
    expect(problem("", 429).text).toContain("a minute");
  });

  test("no answer is told as such, and everything else as our fault", () => {
    expect(problem("", 0).text).toContain("did not answer");
    expect(problem("SURPRISE", 500).text).toContain("our side");
  });
});

describe("the page after signing in", () => {
  test("is the one that was asked for", () => {
    expect(pathAfterSignIn("/account?from=mail")).toBe("/account?from=mail");
  });

  test("is Account Overview when none was asked for", () => {
    expect(pathAfterSignIn(undefined)).toBe("/account");
  });

  // A link in a mail may carry any ?next=, and must not lead to somebody else's look-alike page.
  test("is never on another site", () => {
    const others = [
      "https://evil.test",
      "//evil.test",
      "/\\evil.test",
      "/\t/evil.test",
      "/..//evil.test",
      "evil",
    ];
    for (const elsewhere of others) {
      expect(pathAfterSignIn(elsewhere), elsewhere).toBe("/account");
    }
  });

  test("is kept on the way from signing in to signing up", () => {
    expect(withNext("/sign-up", "/join/secret?from=mail")).toBe(
      "/sign-up?next=%2Fjoin%2Fsecret%3Ffrom%3Dmail",
    );
    expect(withNext("/sign-up", undefined)).toBe("/sign-up");
  });

  test("is never the sign-in page again", () => {
    expect(pathAfterSignIn("/sign-in")).toBe("/account");
  });
});
