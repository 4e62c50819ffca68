/**
 * Payments, looks at accounts and mail as a lane of their own. What waits here for the payment gateway
 * or a mail server, for tens of seconds if they are slow, makes no hour late.
 */
import { PAYMENTS_QUEUE, paymentJobNames } from "@scanmeter/contracts/jobs";
import type { SendMail, Wake } from "@scanmeter/operations";
import type { Redis } from "ioredis";
import { lookWakeUps, renewalWakeUps, writeOffWakeUps } from "./account-wake-ups.ts";
import { openJobQueue } from "./job-queue.ts";
import { type Lane, type LaneDeps, openLane } from "./lane.ts";
import { makeMailer } from "./mailer.ts";
import type { WorkerMetrics } from "./metrics.ts";
import type { PaymentOperations } from "./operations.ts";
import {
  CLOSE_PATIENCE_MS,
  PAYMENTS_SWEEP_BATCH,
  PAYMENTS_SWEEP_ROUNDS_MAX,
  paymentOptions,
  paymentsWorkerSettings,
} from "./queue-settings.ts";
import { paymentJobs } from "./registry.ts";
import { makeSweeper } from "./sweeper.ts";
import { topUpWakeUps } from "./top-up-wake-ups.ts";
import type { SendUnwaited } from "./unwaited.ts";
import { makeWakeUps } from "./wake-ups.ts";
import { makeWake } from "./waker.ts";
import { within } from "./within.ts";

export interface PaymentsDeps extends Pick<LaneDeps, "redisUrl" | "health" | "timings" | "log"> {
  readonly operations: PaymentOperations;
  readonly deliver: SendMail | null;
  readonly connection: Redis;
  readonly send: SendUnwaited;
  readonly metrics: WorkerMetrics;
}

export interface PaymentsLane extends Lane {
  readonly wake: (work: Wake) => void;
}

const NOTHING = { rescued: 0, isFull: false };

export function openPayments(deps: PaymentsDeps): PaymentsLane {
  const { operations, deliver, connection, send, metrics } = deps;
  const { buying } = operations;
  const log = deps.log.child({ queue: "payments" });
  const queue = openJobQueue(connection, {
    name: PAYMENTS_QUEUE,
    sweepJob: paymentJobNames.sweep,
    options: paymentOptions,
  });
  const topUps = makeWakeUps(queue, operations, topUpWakeUps(buying));
  const looks = makeWakeUps(queue, operations, lookWakeUps(operations));
  const renewals = makeWakeUps(queue, operations, renewalWakeUps(operations));
  const writeOffs = makeWakeUps(queue, operations, writeOffWakeUps(operations));
  const mailer = makeMailer({ operations, deliver, metrics, log });
  const batchesMax = PAYMENTS_SWEEP_ROUNDS_MAX;
  const sweeper = makeSweeper({
    parts: [
      {
        // Also where nothing can be bought: there may be something to tell.
        sweepBatch: () => operations.sweepLooks(PAYMENTS_SWEEP_BATCH),
        batchesMax,
        arm: looks.armFromDatabase,
      },
      {
        sweepBatch: async () => (await buying?.sweep(PAYMENTS_SWEEP_BATCH)) ?? NOTHING,
        batchesMax,
        arm: topUps.armFromDatabase,
      },
      { sweepBatch: () => mailer.sendDue().then(() => NOTHING) },
    ],
    metrics: metrics.payments,
    log,
  });
  const lane = openLane({
    ...deps,
    queue,
    settings: paymentsWorkerSettings,
    jobs: paymentJobs({ operations, buying, sweeper, mailer }),
    sweeper,
    // What is far away last: a look that is near wakes the account of a renewal, too.
    wakeUps: [topUps, looks, renewals, writeOffs],
    metrics: metrics.payments,
    log,
  });
  return {
    ...lane,
    wake: makeWake({ queue, looks, renewals, writeOffs, send }),
    async close() {
      await Promise.all([lane.close(), within(CLOSE_PATIENCE_MS, mailer.close())]);
    },
  };
}
