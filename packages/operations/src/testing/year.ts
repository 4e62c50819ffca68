/**
 * A shop whose clock stands still until a test lets time pass, with a worker that does what is due
 * and with customers who ask for automatic top-ups.
 */
import { credits, type Instant, instant, type ScanId, type TargetId } from "@scanmeter/core";
import type { TopUpState } from "@scanmeter/core/purchase";
import { aCustomer, type Customer, type CustomerOptions, got } from "./customer.ts";
import { openShop, type Shop } from "./shop.ts";
import { StandingClock } from "./test-deps.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Later than the local Stripe's clock at its start, which never runs back. */
const START = instant(Date.UTC(2027, 2, 10, 12));

export interface Wanted {
  readonly enabled?: boolean;
  readonly quantity?: number;
  readonly outOfCredits?: boolean;
  readonly beforeExpiry?: boolean;
  readonly threshold?: number;
  readonly monthlyLimitMinor?: number | null;
}

export interface Subscriber extends Customer {
  save(wanted?: Wanted): ReturnType<Shop["buying"]["saveAutoTopUp"]>;
  /** Paid credits from nowhere, so that a test need not buy them. */
  give(count: number, expiresAt?: Instant): Promise<void>;
  /** Scans that take an hour each. */
  spend(count: number): Promise<void>;
  /** A scan that goes on; its runner is heard from whenever time passes. */
  startScan(): Promise<ScanId>;
  states(): Promise<TopUpState[]>;
  status(): Promise<Awaited<ReturnType<Shop["buying"]["getAutoTopUp"]>>["status"]>;
  /** What the card answers to its next charges. */
  nextCharges(...verdicts: readonly (string | object)[]): Promise<void>;
}

export interface Year {
  readonly shop: Shop;
  readonly clock: StandingClock;
  customer(name: string, options?: CustomerOptions): Promise<Subscriber>;
  /** Time passes and nobody does anything. */
  pass(ms: number): Promise<void>;
  /** A worker does everything that is due. */
  work(): Promise<void>;
  /** Time passes in steps, and everything is done as it comes due. */
  live(ms: number, stepMs?: number): Promise<void>;
  close(): Promise<void>;
}

export async function openYear(): Promise<Year> {
  const clock = new StandingClock(START);
  const shop = await openShop({ clock });
  const { operations, stripe } = shop;
  await stripe.control("/clock", { to: clock.now() });
  const running = new Map<ScanId, string>();

  const year: Year = {
    shop,
    clock,
    async customer(name, options) {
      const ada = await aCustomer(shop, name, options);
      return subscriber(shop, ada, (scanId) => running.set(scanId, ada.account.id));
    },
    async pass(ms) {
      // What is on its way arrives first, for later its signature would be too old.
      await shop.deliver();
      clock.advance(ms);
      await stripe.control("/clock", { to: clock.now() });
      for (const [scanId, accountId] of running) {
        const beat = await operations.heartbeat({ accountId, scanId });
        if (!beat.ok || beat.value.endedAt !== null) running.delete(scanId);
      }
    },
    async work() {
      for (let rescued = 1; rescued > 0; ) {
        const looks = await operations.sweepLooks(100);
        const rest = await operations.sweepAll(null, 100);
        rescued = looks.rescued + rest.rescued;
      }
    },
    async live(ms, stepMs = HOUR_MS) {
      for (let left = ms; left > 0; left -= stepMs) {
        await year.pass(Math.min(left, stepMs));
        await year.work();
      }
    },
    close: () => shop.close(),
  };
  return year;
}

function subscriber(shop: Shop, ada: Customer, onStart: (scanId: ScanId) => void): Subscriber {
  const { operations, buying, stripe } = shop;
  const { account } = ada;
  const accountId = account.id;
  let counted = 0;

  let target: Promise<TargetId> | null = null;
  const aTarget = async (): Promise<TargetId> => {
    const url = `https://${account.name}.example`;
    const wanted = { accountId, url, name: "a target", mode: "credits" } as const;
    return got(await operations.createTarget(wanted)).id;
  };
  const startScan = async (): Promise<ScanId> => {
    counted += 1;
    const idempotencyKey = `scan-${counted}`;
    target ??= aTarget();
    const started = await operations.startScan({
      accountId,
      targetId: await target,
      idempotencyKey,
      runnerKeyId: null,
    });
    return got(started).id;
  };

  return {
    ...ada,
    async save({ outOfCredits = true, beforeExpiry = false, ...wanted } = {}) {
      const before = await buying.getAutoTopUp(account);
      return buying.saveAutoTopUp({
        account,
        userId: `user-${account.name}`,
        ip: "192.0.2.1",
        request: {
          enabled: true,
          quantity: 10,
          ...wanted,
          triggers: { outOfCredits, beforeExpiry },
          revision: before.settings.revision,
          surface: "overview",
        },
      });
    },
    async give(count, expiresAt) {
      counted += 1;
      const granted = await operations.grantCredits({
        accountId,
        credits: credits(count),
        kind: "paid",
        source: "operator grant",
        key: `given-${counted}`,
        expiresAt,
      });
      got(granted);
    },
    async spend(count) {
      for (let spent = 0; spent < count; spent += 1) {
        const scanId = await startScan();
        got(await operations.finishScan({ accountId, scanId, outcome: "completed" }));
      }
    },
    async startScan() {
      const scanId = await startScan();
      onStart(scanId);
      return scanId;
    },
    states: async () => (await ada.topUps()).map(({ topUp }) => topUp.state),
    status: async () => (await buying.getAutoTopUp(account)).status,
    async nextCharges(...verdicts) {
      const card = (await ada.cards()).find(({ isDefault }) => isDefault);
      await stripe.control(`/payment_methods/${card?.id}/next_charges`, { verdicts });
    },
  };
}
