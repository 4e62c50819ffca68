/**
 * Whom the contract is held against: a local Stripe of our own, or the real one where its test key is
 * given. Either way through the real SDK, with every exchange looked at.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { realStripeKey } from "../env.ts";
import { createLocalStripe, type LocalStripeOptions } from "../local-stripe.ts";
import { type Exchange, isDocumentHere, readDocument } from "./published-document.ts";

export const isReal = realStripeKey() !== null;

export interface Subject {
  readonly stripe: Stripe;
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

export const publishedDocument = isDocumentHere ? readDocument() : null;

export async function connectSubject(): Promise<Subject> {
  const key = realStripeKey();
  const exchanges: Exchange[] = [];
  const httpClient = Stripe.createFetchHttpClient(recordingInto(exchanges));
  if (key !== null) {
    const stripe = new Stripe(key, { httpClient, telemetry: false });
    return { stripe, exchanges, close: async () => {} };
  }
  const local = await startLocal();
  const stripe = new Stripe(localKey, { ...local.at, httpClient, telemetry: false });
  return { stripe, exchanges, close: local.close };
}

export const localKey = "sk_test_standin_contract";

export type Local = Awaited<ReturnType<typeof startLocal>>;

export async function startLocal(options: Partial<LocalStripeOptions> = {}) {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "local-stripe-"));
  const local = await createLocalStripe({ hasControls: true, ...options, dataDir });
  const { hostname: host, port } = new URL(local.url);
  const at = { host, port, protocol: "http" } as const;

  async function control<T = unknown>(path: string, body?: object, method = "POST"): Promise<T> {
    const response = await fetch(`${local.url}/_control${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  return {
    url: local.url,
    at,
    dataDir,
    control,
    /** The SDK with its own HTTP client, whose ways with broken connections are what we must meet. */
    client: (settings: Stripe.StripeConfig = {}) =>
      new Stripe(localKey, { ...at, telemetry: false, maxNetworkRetries: 0, ...settings }),
    async close(keepState = false) {
      await local.close();
      if (!keepState) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Received {
  readonly body: string;
  readonly signature: string | undefined;
  readonly event: Stripe.Event;
}

/** Somebody who gets webhooks; what it answers may be changed. */
export async function startReceiver() {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const signature = request.headers["stripe-signature"];
    received.push({
      body,
      signature: typeof signature === "string" ? signature : undefined,
      event: JSON.parse(body) as Stripe.Event,
    });
    response.statusCode = answers.shift() ?? 200;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    received,
    /** The statuses of the next answers; afterwards 200 again. */
    answerNext: (...statuses: number[]) => answers.push(...statuses),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function recordingInto(exchanges: Exchange[]): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { method = "GET", body } = init ?? {};
    const answer: unknown = await response.clone().json();
    exchanges.push({
      method,
      url: String(input),
      body:
        typeof body === "string" ? body : body ? Buffer.from(body as Uint8Array).toString() : "",
      status: response.status,
      isReplay: response.headers.get("idempotent-replayed") === "true",
      answer,
    });
    return response;
  };
}
