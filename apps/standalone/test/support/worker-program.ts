/**
 * A worker process of its own, over a database and a queue it shares with others, for tests of several
 * at once. Its clock is a file that all of them look at; its parent tells it what to do.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { demoSeller } from "@scanmeter/core/documents";
import { openOperations } from "@scanmeter/operations";
import { createWorker } from "@scanmeter/worker";
import { pino } from "pino";
import { Registry } from "prom-client";
import { type FleetPlace, fileClock } from "./worker-fleet.ts";

const BATCH = 100;

const place = JSON.parse(process.argv[2] ?? "") as FleetPlace;
const { stripe } = place;
const operations = await openOperations({
  databaseUrl: place.databaseUrl,
  clock: fileClock(place.clockFile),
  payments: {
    secretKey: stripe.secretKey,
    apiBase: stripe.url,
    webhookSecrets: [stripe.webhookSecret],
    seller: demoSeller,
    publicUrl: () => "http://scanmeter.test",
  },
});
const { buying } = operations;
const worker = createWorker({
  operations,
  redisUrl: place.redisUrl,
  log: pino({ level: "error" }, pino.destination(2)),
  metrics: new Registry(),
});
operations.announceTo(worker.announce);
operations.wakeThrough(worker.wake);
await worker.start();

/** Where webhooks come in. */
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const signature = String(request.headers["stripe-signature"]);
  const event = buying?.verifyEvent(Buffer.concat(chunks).toString(), signature) ?? null;
  if (event !== null) await buying?.receiveEvent(event);
  response.writeHead(event === null ? 400 : 200).end();
});
await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));

/** Everything that could make it buy, at once: the wake-ups, the sweeps and a look. */
process.on("message", async (accountId: string) => {
  await Promise.all([
    worker.rearm(),
    operations.sweep(BATCH),
    operations.sweepLooks(BATCH),
    operations.lookAfter(accountId),
    buying?.sweep(BATCH),
  ]);
  process.send?.("done");
});
process.once("disconnect", () => process.exit(0));
process.send?.((receiver.address() as AddressInfo).port);
