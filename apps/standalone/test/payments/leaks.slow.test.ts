/**
 * Case 80: after a whole life of purchases, refunds, authentications, declines, failures and a changed
 * webhook secret, no secret and no card number is in anything the product wrote or said.
 */
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STAND_IN_KEY } from "../../../../scripts/local-stripe.mjs";
import { accepted, mutate, query } from "../support/call.ts";
import { runOps } from "../support/product.ts";
import { BackOffice } from "./back-office.ts";
import { ASKS_THE_BANK, type Buyer, IS_DECLINED, WORKS } from "./buyer.ts";
import { CONFIRM, CREATE } from "./stripe-side.ts";
import { World } from "./world.ts";

const AUTH_SECRET = "auth-secret-that-nobody-may-read-anywhere";
const NEW_WEBHOOK_SECRET = "whsec_that_replaces_the_one_before";
const PASSWORD = "correct horse battery";
const WRONG_PASSWORD = "battery horse correct";

/** Typed on the hosted page: saved, asked for by the bank, declined, and one that is none. */
const TYPED = ["4242424242424242", "4000002760003184", "4000000000009995", "4111111111111112"];

let world: World;
let office: BackOffice;
let ada: Buyer;
/** What each process said in its life. */
const said: string[] = [];
/** What the product answered to whoever asked badly, and the operator's commands. */
const answers: string[] = [];
/** By what it is. None may be anywhere. */
const secrets = new Map<string, string>();
/** Sessions are kept in the database, and nowhere else. */
let session: string;

beforeAll(async () => {
  world = await World.begin({ LOG_LEVEL: "trace", AUTH_SECRET });
  office = new BackOffice(world);
  ada = await world.buyer();
  session = decodeURIComponent(ada.customer.person.headers.cookie?.split("=")[1] ?? "").slice(
    0,
    32,
  );
  expect(session).toMatch(/^\w{32}$/);
  secrets.set("the key", STAND_IN_KEY);
  secrets.set("the webhook secret", world.stripe.webhookSecret);
  secrets.set("the new webhook secret", NEW_WEBHOOK_SECRET);
  secrets.set("the secret of sessions", AUTH_SECRET);
  secrets.set("a password", PASSWORD);
  secrets.set("a wrong password", WRONG_PASSWORD);
  secrets.set("a runner key", ada.customer.runnerKey);
  for (const number of TYPED) secrets.set(`card ${number}`, number);
});
afterAll(() => world.end());

/** Types a card on the gateway's page and comes back, as a browser does. */
async function typesCard(number: string): Promise<void> {
  const { checkoutId } = await ada.orders();
  const { person } = ada.customer;
  const { url } = await accepted(
    mutate<{ url: string }>(person, "checkout.addCard", { checkoutId }),
  );
  const body = new URLSearchParams({ number, expiry: "12 / 34", cvc: "737" });
  const page = await fetch(url, { method: "POST", body, redirect: "manual" });
  const next = page.headers.get("location");
  answers.push(JSON.stringify(await query(person, "checkout.get", { checkoutId })));
  if (next !== null && new URL(next).origin === world.product.url) await asks(next);
}

async function asks(address: string, init: RequestInit = {}): Promise<number> {
  const url = new URL(address, world.product.url);
  const response = await fetch(url, { redirect: "manual", ...init });
  const headers = JSON.stringify([...response.headers]);
  answers.push(`${response.status} ${headers} ${await response.text()}`);
  return response.status;
}

const posts = (path: string, body: string, headers: Record<string, string> = {}) =>
  asks(path, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      origin: world.product.url,
      cookie: ada.customer.person.headers.cookie ?? "",
      ...headers,
    },
  });

async function operates(...args: string[]): Promise<void> {
  const { output, errors } = await runOps(world.product.dataDir, ...args);
  answers.push(output, errors);
}

async function ends(): Promise<void> {
  const { output, errors } = await world.product.program.stop();
  said.push(output, errors);
}

interface WithClientSecret {
  readonly id: string;
  readonly client_secret: string;
}

async function collectClientSecrets(): Promise<void> {
  for (const path of ["/v1/payment_intents?limit=100", "/v1/setup_intents?limit=100"]) {
    const { data } = await world.stripe.api<{ data: WithClientSecret[] }>(path);
    expect(data.length).toBeGreaterThan(0);
    for (const { id, client_secret } of data) secrets.set(`client secret of ${id}`, client_secret);
  }
}

/** An event of ours, signed with a secret as the gateway would. */
async function delivers(secret: string, id: string): Promise<number> {
  const created = Math.floor((await world.now()) / 1_000);
  const object = { id: "pi_of_nobody", object: "payment_intent", client_secret: `${id}_secret_x` };
  const event = { id, object: "event", type: "payment_intent.canceled", created, livemode: false };
  const body = JSON.stringify({ ...event, api_version: null, data: { object } });
  const v1 = createHmac("sha256", secret).update(`${created}.${body}`).digest("hex");
  return posts("/webhooks/stripe", body, { "stripe-signature": `t=${created},v1=${v1}` });
}

describe("a life in which everything happens", () => {
  test("cards are typed, saved, declined and asked about", async () => {
    for (const number of TYPED) await typesCard(number);
    const cards = await query<{ last4: string }[]>(ada.customer.person, "paymentMethods.list");
    expect(JSON.stringify(cards)).toContain("4242");
    answers.push(JSON.stringify(cards));
  });

  test("purchases are paid, declined, confirmed at the bank, and lost on the way", async () => {
    await ada.addCard(WORKS);
    const purchase = await office.buys(ada);
    await ada.changesCard(await ada.orders(), IS_DECLINED);
    await ada.pays();
    await ada.addCard(ASKS_THE_BANK);
    const asked = await office.isAtTheBank(ada);
    const { client_secret } = await world.stripe.api<WithClientSecret>(
      `${CREATE}/${asked.intentId}`,
    );
    await world.stripe.answerBank(asked.intentId);
    // The real gateway sends people back with the client secret in the address.
    await asks(
      `/checkout/confirmation?checkout=${asked.checkoutId}&payment=returned&payment_intent=${asked.intentId}&payment_intent_client_secret=${client_secret}`,
    );
    await world.quiet();
    expect(await office.standing(asked)).toMatchObject({ state: "paid" });

    await ada.addCard(WORKS);
    for (const kind of ["error_500", "html_502", "json_502", "truncate", "reset"]) {
      await world.stripe.fails({ path: CREATE, kind, times: 3 });
      answers.push(JSON.stringify(await ada.presses(await ada.orders())));
      await world.stripe.behaves();
    }
    await world.stripe.fails({ path: CONFIRM, kind: "error_500", phase: "after" });
    answers.push(JSON.stringify(await ada.presses(await ada.orders())));
    await world.stripe.behaves();
    await world.advance({ minutes: 20 });

    await operates("refund", "--top-up", purchase.topUpId, "--credits", "2", "--json");
    const dispute = await office.disputes(purchase);
    await operates("refund", "--top-up", purchase.topUpId, "--json");
    await office.endsDispute(dispute, "lost");
  });

  test("a webhook secret is replaced: both are good meanwhile, and then only the new one", async () => {
    const old = world.stripe.webhookSecret;
    await ends();
    await world.restart({ STRIPE_WEBHOOK_SECRET: `${NEW_WEBHOOK_SECRET},${old}` });
    expect(await delivers(old, "evt_signed_with_the_old")).toBe(200);
    expect(await delivers(NEW_WEBHOOK_SECRET, "evt_signed_with_the_new")).toBe(200);
    const purchase = await office.buys(ada);
    await world.quiet();
    await ends();
    await world.restart({ STRIPE_WEBHOOK_SECRET: NEW_WEBHOOK_SECRET });
    expect(await delivers(old, "evt_signed_too_late")).toBe(400);
    expect(await delivers(NEW_WEBHOOK_SECRET, "evt_signed_with_the_new")).toBe(200);
    const told = await world.stripe.successEventOf(purchase.intentId);
    await world.stripe.redeliver(told.id);
    await world.quiet();
    expect((await world.stripe.deliveriesOf(told.id)).at(0)).toMatchObject({ lastStatus: 200 });
  });

  test("people ask for what is not there, with secrets in their hands", async () => {
    const runner = { authorization: `Bearer ${ada.customer.runnerKey}x` };
    const [number = ""] = TYPED;
    await collectClientSecrets();
    const [, clientSecret = ""] = [...secrets].find(([name]) => /^client secret/.test(name)) ?? [];
    const email = ada.email;
    await posts("/api/auth/sign-in/email", JSON.stringify({ email, password: WRONG_PASSWORD }));
    await posts("/api/auth/sign-in/email", JSON.stringify({ email: [], password: PASSWORD }));
    await posts(
      "/trpc/checkout.open",
      JSON.stringify({ quantity: number, idempotencyKey: number }),
    );
    await posts("/trpc/checkout.open", JSON.stringify({ quantity: 1, card: number }));
    await posts("/trpc/checkout.get", `{"checkoutId": "${clientSecret}"`);
    await posts("/trpc/runner.startScan", JSON.stringify({ targetId: number }), runner);
    await posts("/webhooks/stripe", JSON.stringify({ client_secret: clientSecret, number }));
    await posts("/webhooks/stripe", number, { "stripe-signature": NEW_WEBHOOK_SECRET });
    await asks(`/nothing-is-here?payment_intent_client_secret=${clientSecret}&number=${number}`);
    await asks(`/trpc/topUps.get?input=${encodeURIComponent(JSON.stringify({ topUpId: number }))}`);
    for (const path of ["/metrics", "/healthz", "/readyz", "/sandbox/mailbox"])
      expect(await asks(path)).toBe(200);
    for (const command of ["audit", "alerts", "reconcile"]) await operates(command, "--json");
    await operates("explain", ada.email, "--json");
    await operates("explain", ada.email);
    // Told so at their own terminal, in their own words; the log must not repeat them.
    await runOps(world.product.dataDir, "refund", "--top-up", number);
    for (const path of ["topUps.list", "paymentMethods.list", "account.activity"])
      answers.push(JSON.stringify(await query(ada.customer.person, path)));
  });

  test("adds up", async () => {
    await world.stillHolds();
  });
});

/** A text and every other way in which it could stand in a file. */
function spellingsOf(secret: string): string[] {
  const grouped = /^\d{16}$/.test(secret)
    ? [" ", "-"].map((by) => secret.replace(/(.{4})(?=.)/g, `$1${by}`))
    : [];
  const escaped = [encodeURIComponent(secret), secret.replaceAll(" ", "+")];
  // Three spellings in base64, by where it begins; the ends depend on what stands beside it.
  const encoded = [0, 1, 2].map((before) =>
    Buffer.from(`${" ".repeat(before)}${secret}`)
      .toString("base64")
      .slice(before === 0 ? 0 : 4, -4),
  );
  return [...new Set([secret, ...grouped, ...escaped, ...encoded])];
}

/** The names of the secrets that are in a text, and what else looks like one. */
function leaksIn(text: string): string[] {
  const known = [...secrets].filter(([, secret]) =>
    spellingsOf(secret).some((spelling) => text.includes(spelling)),
  );
  const looksLikeOne = /(?:sk|rk)_(?:test|live)_\w+|whsec_\w+|(?:pi|seti)_\w+_secret_\w+/g;
  return [...known.map(([name]) => name), ...(text.match(looksLikeOne) ?? [])];
}

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

async function mailsAsRead(): Promise<string> {
  const headers = { accept: "application/json" };
  const list = await fetch(`${world.product.url}/sandbox/mailbox`, { headers });
  const mails = (await list.json()) as { id: string }[];
  expect(mails.length).toBeGreaterThan(3);
  const bodies = mails.map(async ({ id }) =>
    (await fetch(`${world.product.url}/sandbox/mailbox/${id}`, { headers })).text(),
  );
  return (await Promise.all(bodies)).join("\n");
}

describe("case 80: no secret and no card number is", () => {
  test("in the logs at the level trace, from start to end", async () => {
    await ends();
    await world.restart({ STRIPE_WEBHOOK_SECRET: NEW_WEBHOOK_SECRET });
    const logs = said.join("\n");
    // What is looked through is there at all.
    for (const sign of ["Stopped", '"level":20', "checkout.finalize"]) expect(logs).toContain(sign);
    expect(leaksIn(logs)).toEqual([]);
    expect(logs).not.toContain(session);
  });

  test("in the inbox, in the database's files, in Redis's, or in any other that is kept", async () => {
    const inbox = await world.rows<{ payload: string }>("SELECT * FROM gateway_events");
    expect(inbox.length).toBeGreaterThan(20);
    expect(
      leaksIn(inbox.map((row) => JSON.stringify(Array.from(row as never))).join("\n")),
    ).toEqual([]);
    const files = world.keptIn.flatMap(filesBelow);
    const { id: topUpId } = await ada.topUp();
    const all = files.map((file) => [file, readFileSync(file, "latin1")] as const);
    expect(all.some(([file, text]) => /scanmeter\.db/.test(file) && text.includes(topUpId))).toBe(
      true,
    );
    expect(all.some(([file, text]) => /\.aof$/.test(file) && text.includes("bull:"))).toBe(true);
    for (const [file, text] of all) {
      expect(leaksIn(text), file).toEqual([]);
      if (!/scanmeter\.db/.test(file)) expect(text, file).not.toContain(session);
    }
  });

  test("in mails, error pages, metrics, answers, or what the operator's commands print", async () => {
    const mails = await mailsAsRead();
    expect(mails).toContain(ada.email);
    expect(leaksIn(mails)).toEqual([]);
    const everything = answers.join("\n");
    expect(answers.length).toBeGreaterThan(40);
    expect(leaksIn(everything)).toEqual([]);
    expect(everything).not.toContain(session);
  });
});
