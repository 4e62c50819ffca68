/**
 * The local Stripe as tests of the payment side meet it: a process of its own, reached over HTTP. Not
 * a line of it is imported; it is started the way the product starts it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buildIfStale } from "../../../../scripts/build.mjs";

const MAIN = fileURLToPath(new URL("../../../sandbox/dist/local-stripe.js", import.meta.url));

export interface Delivery {
  readonly body: string;
  readonly signature: string | null;
}

export interface LocalStripe {
  readonly url: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Every webhook that arrived, as it came. */
  readonly deliveries: Delivery[];
  /** See the README of the local Stripe; POST where a body is given or asked for, else GET. */
  control<Answer = unknown>(path: string, body?: object): Promise<Answer>;
  look<Answer = unknown>(path: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function startLocalStripe(): Promise<LocalStripe> {
  const webhookSecret = "whsec_of_a_test";
  const receiver = await startReceiver();
  const dataDir = mkdtempSync(join(tmpdir(), "scanmeter-stripe-"));
  const options = ["--port", "0", "--data-dir", dataDir, "--webhook", receiver.url, "--controls"];
  await buildIfStale(["local-stripe"]);
  const child = spawn(process.execPath, [MAIN, ...options], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, LOCAL_STRIPE_WEBHOOK_SECRET: webhookSecret },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const lines = createInterface(child.stdout);
  const url = await new Promise<string>((resolve, reject) => {
    lines.once("line", (line) => resolve(line.split(" ").at(-1) ?? ""));
    child.once("exit", (code) => reject(new Error(`The local Stripe ended with ${code}.`)));
  });

  async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${url}/_control${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  return {
    url,
    secretKey: "sk_test_standin_of_a_test",
    webhookSecret,
    deliveries: receiver.deliveries,
    control: (path, body = {}) => ask(path, { method: "POST", body: JSON.stringify(body) }),
    look: (path) => ask(path, { method: "GET" }),
    async close() {
      child.kill("SIGTERM");
      await ended;
      await receiver.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function startReceiver() {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const signature = request.headers["stripe-signature"];
    deliveries.push({
      body: Buffer.concat(chunks).toString(),
      signature: typeof signature === "string" ? signature : null,
    });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks/stripe`,
    deliveries,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
