import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, instant } from "@scanmeter/core";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildIfStale } from "../../../scripts/build.mjs";
import {
  type LocalStripeProcess,
  STAND_IN_KEY,
  startLocalStripe,
} from "../../../scripts/local-stripe.mjs";
import { type LocalStripeLink, openLocalStripeLink } from "./local-stripe-link.ts";

const program = fileURLToPath(new URL("../dist/local-stripe.js", import.meta.url));
const DAY = 24 * 60 * 60 * 1_000;
const secret = "whsec_of_the_link";

let dir: string;
let local: LocalStripeProcess;
let link: LocalStripeLink;
let receivers: Receiver[];

beforeAll(() => buildIfStale(["local-stripe"]));

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "stripe-link-"));
  receivers = [];
  local = await startLocalStripe({ program, dir });
  link = openLocalStripeLink({ apiBase: local.url });
});

afterEach(async () => {
  await local.stop();
  await Promise.all(receivers.map((receiver) => receiver.close()));
  rmSync(dir, { recursive: true, force: true });
});

interface Receiver {
  readonly url: string;
  readonly types: readonly string[];
  hold(until: Promise<unknown>): void;
  close(): Promise<void>;
}

/** Takes what comes; holds its answers back while it is told to. */
async function openReceiver(): Promise<Receiver> {
  const types: string[] = [];
  let gate: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    await gate;
    const [, at, mac] = /^t=(\d+),v1=(\w+)$/.exec(`${request.headers["stripe-signature"]}`) ?? [];
    const expected = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
    types.push(mac === expected ? JSON.parse(body).type : "not signed by us");
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/stripe`,
    types,
    hold(until: Promise<unknown>) {
      gate = until;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  receivers.push(receiver);
  return receiver;
}

async function call(path: string, form?: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${local.url}/v1/${path}`, {
    headers: { authorization: `Bearer ${STAND_IN_KEY}` },
    ...(form && { method: "POST", body: new URLSearchParams(form) }),
  });
  return response.json();
}

const nowThere = async () =>
  ((await (await fetch(`${local.url}/_control/clock`)).json()) as { now: number }).now;

test("its clock follows ours forward, and an instant it has passed changes nothing", async () => {
  const later = after(instant(Date.now()), 40 * DAY);
  await link.follow(later);
  expect(await nowThere()).toBeGreaterThanOrEqual(later);
  await link.follow(after(later, -DAY));
  expect(await nowThere()).toBeGreaterThanOrEqual(later);
});

test("it tells whoever listens now, also what it had for them at their old address", async () => {
  const old = await openReceiver();
  await link.receiveAt({ url: old.url, secret });
  await old.close();
  await call("customers", { name: "Ada" });
  await link.settled();
  const receiver = await openReceiver();
  await link.receiveAt({ url: receiver.url, secret });
  await link.follow(after(instant(await nowThere()), DAY));
  await link.settled();
  expect(receiver.types).toEqual(["customer.created"]);
  expect(await call("webhook_endpoints")).toMatchObject({ data: [{ url: receiver.url }] });
});

test("nothing is settled before what it told was taken", async () => {
  const receiver = await openReceiver();
  let open = (_: unknown) => {};
  receiver.hold(
    new Promise((resolve) => {
      open = resolve;
    }),
  );
  await link.receiveAt({ url: receiver.url, secret });
  await call("customers", { name: "Ada" });
  const impatient = openLocalStripeLink({ apiBase: local.url, settledWithinMs: 50 });
  await expect(impatient.settled()).rejects.toThrow("could not deliver everything in time");
  open(null);
  await link.settled();
  expect(receiver.types).toEqual(["customer.created"]);
});

test("one that is back after a moment was waited for; one that stays away is given up once", async () => {
  await local.stop();
  const back = link.follow(after(instant(Date.now()), DAY));
  local = await startLocalStripe({ program, dir, port: local.port });
  await back;
  await local.stop();
  const impatient = openLocalStripeLink({ apiBase: local.url, backWithinMs: 1_000 });
  await expect(impatient.follow(instant(0))).rejects.toThrow("does not answer");
  const startedAt = performance.now();
  await expect(impatient.settled()).rejects.toThrow("does not answer");
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
