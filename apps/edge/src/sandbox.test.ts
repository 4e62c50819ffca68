import { after } from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { httpClient } from "./testing/clients.ts";
import { startTestEdge, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
beforeAll(async () => {
  on = await startTestEdge({
    clock: "test",
    sandbox: ({ testClock: clock }) => {
      if (clock === null) throw new Error("a sandbox has a test clock");
      const reading = () => ({ now: clock.now(), rate: clock.rate });
      return {
        clock: reading,
        async advance(by) {
          if ("to" in by && by.to < clock.now()) throw new RangeError("Time does not run back.");
          clock.jump("to" in by ? by.to : after(clock.now(), (by.by.hours ?? 0) * 3_600_000));
          return { now: clock.now(), ran: 0 };
        },
        async setRate(rate) {
          clock.setRate(rate);
          return reading();
        },
        info: () => ({ stripeUrl: "http://127.0.0.1:12111", mailboxUrl: "/sandbox/mailbox" }),
        page: async ({ url }) =>
          new Response(`the page at ${new URL(url).pathname}`, {
            headers: { "content-security-policy": "default-src 'none'" },
          }),
      };
    },
  });
});
afterAll(() => on.stop());

describe("the sandbox", () => {
  test("shows its clock and moves it for everybody who can reach it", async () => {
    const { sandbox } = httpClient(on.url, {});
    const before = await sandbox.clock.query();
    expect(before.rate).toBe(1);
    const { now } = await sandbox.advance.mutate({ by: { hours: 24 } });
    expect(Date.parse(now) - Date.parse(before.now)).toBeGreaterThanOrEqual(24 * 3_600_000);
    expect((await sandbox.setRate.mutate({ rate: 360 })).rate).toBe(360);
    expect((await sandbox.setRate.mutate({ rate: 1 })).rate).toBe(1);
    expect(await sandbox.info.query()).toEqual({
      stripeUrl: "http://127.0.0.1:12111",
      mailboxUrl: "/sandbox/mailbox",
    });
  });

  test("saves a test card for whoever is signed in, and for nobody else", async () => {
    const card = "pm_card_visa";
    const nobody = httpClient(on.url, {});
    await expect(nobody.sandbox.addTestCard.mutate({ card })).rejects.toMatchObject({
      data: { code: "UNAUTHORIZED" },
    });
    const ada = await on.signUp("Grace");
    await expect(ada.api.sandbox.addTestCard.mutate({ card })).rejects.toMatchObject({
      data: { refusal: { code: "payments_off" } },
    });
  });

  test("has pages of its own, as careful as they say they are", async () => {
    const response = await fetch(`${on.url}/sandbox/mailbox`);
    expect(await response.text()).toBe("the page at /sandbox/mailbox");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("says so when the clock cannot do what it is asked", async () => {
    const { sandbox } = httpClient(on.url, {});
    await expect(sandbox.advance.mutate({ to: "2001-01-01T00:00:00Z" })).rejects.toMatchObject({
      message: "Time does not run back.",
      data: { code: "BAD_REQUEST" },
    });
  });

  test("takes no orders from other websites", async () => {
    const { sandbox } = httpClient(on.url, { origin: "https://evil.example" });
    await expect(sandbox.advance.mutate({ by: { hours: 1 } })).rejects.toMatchObject({
      data: { code: "FORBIDDEN" },
    });
  });

  test("asks runners for more heartbeats while its clock runs fast", async () => {
    const ada = await on.signUp("Ada");
    const { secret } = await ada.api.runnerKeys.create.mutate({ name: "CI" });
    const { id } = await ada.api.targets.create.mutate({
      url: "https://a.example",
      mode: "credits",
    });
    const { runner } = httpClient(on.url, { authorization: `Bearer ${secret}` });
    const scan = await runner.startScan.mutate({ targetId: id, idempotencyKey: "one" });
    const { sandbox } = httpClient(on.url, {});
    await sandbox.setRate.mutate({ rate: 60 });
    const beaten = await runner.heartbeat.mutate({ scanId: scan.scanId });
    await sandbox.setRate.mutate({ rate: 1 });
    expect([scan.heartbeatEverySeconds, beaten.heartbeatEverySeconds]).toEqual([30, 0.5]);
  });
});
