import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildIfStale } from "./build.mjs";
import { STAND_IN_KEY, startLocalStripe } from "./local-stripe.mjs";
import { root } from "./repository.mjs";

const program = join(root, "packages/sandbox/dist/local-stripe.js");

let dir;
let running;

beforeAll(() => buildIfStale(["local-stripe"]));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "scanmeter-stripe-"));
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((stripe) => stripe.stop()));
  rmSync(dir, { recursive: true, force: true });
});

async function start(options = {}) {
  const stripe = await startLocalStripe({ program, dir, ...options });
  running.push(stripe);
  return stripe;
}

async function call(stripe, path, form) {
  const response = await fetch(`${stripe.url}/v1/${path}`, {
    headers: { authorization: `Bearer ${STAND_IN_KEY}` },
    ...(form && { method: "POST", body: new URLSearchParams(form) }),
  });
  return response.json();
}

test("a stop and a start keep its state, its address and its webhook secret", async () => {
  const first = await start();
  const { id } = await call(first, "customers", { name: "Ada" });
  await first.stop();
  const second = await start();
  expect(await call(second, `customers/${id}`)).toMatchObject({ name: "Ada" });
  expect(second).toMatchObject({ url: first.url, webhookSecret: first.webhookSecret });
  expect(second.webhookSecret).toMatch(/^whsec_\w{32,}$/);
});

test("the secret is this user's only", async () => {
  await start();
  expect(statSync(join(dir, "webhook-secret")).mode & 0o777).toBe(0o600);
});

test("one that was killed has kept what it answered and comes back where it was", async () => {
  const first = await start();
  const { id } = await call(first, "customers", { name: "Ada" });
  process.kill(first.pid, "SIGKILL");
  expect(await first.exited).toBe(137);
  const second = await start({ port: first.port });
  expect(second.url).toBe(first.url);
  expect(await call(second, `customers/${id}`)).toMatchObject({ name: "Ada" });
});

test("a port that somebody else has by now is left to them", async () => {
  const other = createServer();
  await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
  const taken = other.address().port;
  writeFileSync(join(dir, "port"), String(taken));
  const stripe = await start();
  expect(stripe.port).not.toBe(taken);
  expect(Number(readFileSync(join(dir, "port"), "utf8"))).toBe(stripe.port);
  await new Promise((resolve) => other.close(resolve));
});

test("one that is still on its way out is waited for", async () => {
  const first = await start();
  const stopping = first.stop();
  const second = await start();
  await stopping;
  expect(await call(second, "customers")).toMatchObject({ data: [] });
});

test("it ends by itself when whoever started it is killed", async () => {
  const script = `
    import { startLocalStripe } from ${JSON.stringify(new URL("local-stripe.mjs", import.meta.url).href)};
    console.log(JSON.stringify(await startLocalStripe(${JSON.stringify({ program, dir })})));
  `;
  const args = ["--input-type=module", "--eval", script];
  const owner = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(owner.stdout.setEncoding("utf8"), "data");
  const { url } = JSON.parse(line);
  owner.kill("SIGKILL");
  await expect
    .poll(
      () =>
        fetch(url).then(
          () => "there",
          () => "gone",
        ),
      { timeout: 5_000 },
    )
    .toBe("gone");
});

test("one that cannot start says why in one sentence and its own last words", async () => {
  const broken = join(dir, "broken.mjs");
  writeFileSync(broken, 'console.error("no such thing"); process.exitCode = 1;');
  await expect(startLocalStripe({ program: broken, dir })).rejects.toThrow(
    /^The local Stripe did not start in .*\nno such thing$/s,
  );
});
