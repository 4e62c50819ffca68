import { expect, test } from "vitest";
import { connect, isLive } from "./gateway-connection.ts";

test("the key says whether the money is real", () => {
  expect(["sk_live_a", "rk_live_a"].map(isLive)).toEqual([true, true]);
  const tests = ["sk_test_live_a", "rk_test_a", "sk_test_standin_sk_live_a"];
  expect(tests.map(isLive)).toEqual([false, false, false]);
});

test("a key of a real account goes to Stripe and nowhere else, and is not told in saying so", () => {
  const apiBase = "http://127.0.0.1:12111";
  for (const secretKey of ["sk_live_1234", "sk_test_1234", "rk_test_1234"]) {
    const refused = () => connect({ secretKey, apiBase });
    expect(refused).toThrow("is sent to Stripe and to nobody else");
    expect(refused).not.toThrow("1234");
  }
  expect(() => connect({ secretKey: "sk_test_1234", apiBase: null })).not.toThrow();
});
