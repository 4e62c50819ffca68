/** The process and its state: what survives, who may come in, who may not. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";
import { afterEach, expect, test } from "vitest";
import { BadArguments, readEnv } from "./env.ts";
import { localKey, startLocal } from "./testing/contract-subject.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "local-stripe-"));
  folders.push(folder);
  return folder;
}

test("a restart forgets nothing: customers, keys, time and what is still to come", async () => {
  const dataDir = newFolder();
  const first = await startLocal({ dataDir });
  const stripe = first.client();
  const named = { idempotencyKey: "restart" };
  const { id } = await stripe.customers.create({ name: "Ada" }, named);
  const paid = await stripe.paymentIntents.create({
    ...{ amount: 900, currency: "eur", customer: id, payment_method: "pm_card_createDispute" },
    ...{ confirm: true, off_session: true },
  });
  await first.control("/clock", { frozen: true });
  const { now } = await first.control<{ now: number }>("/clock", { advanceSeconds: 0 });
  await first.close(true);

  const second = await startLocal({ dataDir });
  const again = second.client();
  expect((await again.customers.create({ name: "Ada" }, named)).id).toBe(id);
  expect(await second.control("/clock", undefined, "GET")).toEqual({ now, isFrozen: true });
  expect((await again.disputes.list()).data).toEqual([]);
  await second.control("/clock", { advanceSeconds: 2 });
  expect((await again.disputes.list({ payment_intent: paid.id })).data).toHaveLength(1);
  await second.close(true);
});

test("a killed process has kept everything it answered", async () => {
  const dataDir = newFolder();
  const child = spawn(
    process.execPath,
    ["--import", "tsx", MAIN, "--port", "0", "--data-dir", dataDir],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = await new Promise<string[]>((resolve) =>
    createInterface(child.stdout).once("line", (text) => resolve([text])),
  );
  const { hostname: host, port } = new URL(line?.split(" ").at(-1) ?? "");
  const stripe = new Stripe(localKey, { host, port, protocol: "http", telemetry: false });
  const { id } = await stripe.customers.create({ name: "Ada" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;

  const local = await startLocal({ dataDir });
  expect(await local.client().customers.retrieve(id)).toMatchObject({ name: "Ada" });
  await local.close(true);
}, 20_000);

test("two processes never share a folder", async () => {
  const dataDir = newFolder();
  const local = await startLocal({ dataDir });
  await expect(startLocal({ dataDir })).rejects.toThrow("Another local Stripe already uses");
  await local.close(true);
});

test("a taken port is told, and the folder is free again", async () => {
  const local = await startLocal();
  const dataDir = newFolder();
  await expect(startLocal({ dataDir, port: Number(local.at.port) })).rejects.toThrow("EADDRINUSE");
  await (await startLocal({ dataDir })).close(true);
  await local.close();
});

test("a page that was handed out leads to the right address after a restart on another port", async () => {
  const dataDir = newFolder();
  const first = await startLocal({ dataDir });
  const session = await first.client().checkout.sessions.create({
    ...{ mode: "setup", currency: "eur", success_url: "https://shop.example/done" },
  });
  await first.close(true);
  const second = await startLocal({ dataDir });
  const { url } = await second.client().checkout.sessions.retrieve(session.id);
  expect(url?.startsWith(second.url)).toBe(true);
  expect((await fetch(url ?? "")).status).toBe(200);
  await second.close(true);
});

test("the controls exist only where they were asked for, and never for a page in a browser", async () => {
  const closed = await startLocal({ hasControls: false });
  expect((await fetch(`${closed.url}/_control`)).status).toBe(404);
  await closed.close();

  const open = await startLocal();
  const fromPage = await fetch(`${open.url}/_control/reset`, {
    method: "POST",
    headers: { origin: "https://evil.example" },
  });
  expect(fromPage.status).toBe(403);
  expect(await (await fetch(`${open.url}/_control`)).json()).toContainEqual(
    expect.objectContaining({ control: "POST /_control/faults" }),
  );
  await open.close();
});

test("arguments are read strictly, and a webhook needs its secret", () => {
  const secret = { LOCAL_STRIPE_WEBHOOK_SECRET: "whsec_1" };
  const webhook = ["--webhook", "http://127.0.0.1:3000/webhooks/stripe"];
  expect(readEnv(["--port", "0", ...webhook, "--controls"], secret)).toMatchObject({
    port: 0,
    hasControls: true,
    webhooks: [{ url: webhook[1], secret: "whsec_1" }],
  });
  expect(readEnv([], {})).toMatchObject({ port: 12_111, hasControls: false, webhooks: [] });
  for (const argv of [webhook, ["--port", "70000"], ["--prot", "1"], ["--webhook", "file:///x"]])
    expect(() => readEnv(argv, {})).toThrow(BadArguments);
});
