import { TRPCClientError } from "@trpc/client";
import { describe, expect, test } from "vitest";
import { callFailureOf } from "./call-failure.ts";
import { sentenceOf } from "./failure-sentences.ts";

const answered = (data: object) =>
  TRPCClientError.from({ error: { code: -32_000, message: "no", data } } as never);

describe("a failed call", () => {
  test("that the domain refused keeps the refusal and its facts", () => {
    const refusal = { code: "insufficient_credits", required: 1, available: 0 };
    const failure = callFailureOf(answered({ code: "PAYMENT_REQUIRED", refusal }));
    expect(failure).toEqual({ is: "refused", refusal });
  });

  test("without a session means signed out", () => {
    expect(callFailureOf(answered({ code: "UNAUTHORIZED" }))).toEqual({ is: "signed-out" });
  });

  test("to a procedure that does not exist means absent", () => {
    expect(callFailureOf(answered({ code: "NOT_FOUND" }))).toEqual({ is: "absent" });
  });

  // A refusal may use the same tRPC code; it is told apart by carrying one.
  test("about a thing that does not exist is a refusal and not an absent procedure", () => {
    const refusal = { code: "scan_not_found", scanId: "scan_1" };
    expect(callFailureOf(answered({ code: "NOT_FOUND", refusal })).is).toBe("refused");
  });

  test("about what was entered is told as such", () => {
    const failure = callFailureOf(answered({ code: "BAD_REQUEST" }));
    expect(failure).toEqual({ is: "invalid" });
    expect(sentenceOf(failure)).toContain("Check the fields");
  });

  test("without any answer means unreachable", () => {
    expect(callFailureOf(TRPCClientError.from(new TypeError("fetch failed")))).toEqual({
      is: "unreachable",
    });
    expect(callFailureOf(new DOMException("too long", "TimeoutError")).is).toBe("unreachable");
    expect(callFailureOf(undefined).is).toBe("unreachable");
  });

  test("with any other answer is broken", () => {
    expect(callFailureOf(answered({ code: "INTERNAL_SERVER_ERROR" }))).toEqual({ is: "broken" });
  });
});

describe("the sentence for a failure", () => {
  test("carries the facts of the refusal", () => {
    const refusal = { code: "too_many", what: "targets", max: 100 } as const;
    expect(sentenceOf({ is: "refused", refusal })).toContain("100 targets. Remove one");
    const hourly = { code: "too_many", what: "invitations an hour", max: 20 } as const;
    expect(sentenceOf({ is: "refused", refusal: hourly })).toContain("an hour. Try again later");
  });

  test("exists for a code this page has never heard of", () => {
    const refusal = { code: "from_the_future" } as never;
    expect(sentenceOf({ is: "refused", refusal })).toMatch(/from_the_future/);
  });
});
