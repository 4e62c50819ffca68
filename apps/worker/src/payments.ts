/**
 * Payments and mail as a lane of their own. What waits here for the payment gateway or a mail server,
 * for tens of seconds if they are slow, makes no hour late.
 */
import { PAYMENTS_QUEUE } from "@scanmeter/contracts/jobs";
import type { SendMail, Wake } from "@scanmeter/operations";
import type { Redis } from "ioredis";
import { type Lane, type LaneDeps, openLane } from "./lane.ts";
import { makeMailer } from "./mailer.ts";
import type { WorkerMetrics } from "./metrics.ts";
import type { PaymentOperations } from "./operations.ts";
import {
  CLOSE_PATIENCE_MS,
  PAYMENTS_SWEEP_BATCH,
  PAYMENTS_SWEEP_ROUNDS_MAX,
  paymentsWorkerSettings,
} from "./queue-settings.ts";
import { paymentJobs } from "./registry.ts";
import { makeSweeper, type Sweeper } from "./sweeper.ts";
import { topUpWakeUps } from "./top-up-wake-ups.ts";
import type { SendUnwaited } from "./unwaited.ts";
import { openWakeUps } from "./wake-ups.ts";
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

export function openPayments(deps: PaymentsDeps): PaymentsLane {
  const { operations, deliver, connection, send, metrics } = deps;
  const { buying } = operations;
  const log = deps.log.child({ queue: "payments" });
  const wakeUps = openWakeUps(connection, operations, topUpWakeUps(buying));
  const mailer = makeMailer({ operations, deliver, metrics, log });
  const sweeper = makeSweeper({
    sweepBatch: async () =>
      buying === null ? { rescued: 0, isFull: false } : buying.sweep(PAYMENTS_SWEEP_BATCH),
    batchesMax: PAYMENTS_SWEEP_ROUNDS_MAX,
    arm: wakeUps.armFromDatabase,
    metrics: metrics.payments,
    log,
  });
  const withMail: Sweeper = {
    ...sweeper,
    sweep(by) {
      // Beside the payments, not after them: the gateway and the mail server may be slow on their own.
      mailer
        .sendDue()
        .catch((error) =>
          log.error({ err: error }, "Mail was not sent; the next sweep tries again"),
        );
      return sweeper.sweep(by);
    },
  };
  const lane = openLane({
    ...deps,
    queue: PAYMENTS_QUEUE,
    settings: paymentsWorkerSettings,
    jobs: paymentJobs({ buying, sweeper: withMail, mailer }),
    sweeper: withMail,
    wakeUps,
    metrics: metrics.payments,
    log,
  });
  return {
    ...lane,
    wake: makeWake({ wakeUps, send }),
    async close() {
      await Promise.all([lane.close(), within(CLOSE_PATIENCE_MS, mailer.close())]);
    },
  };
}
