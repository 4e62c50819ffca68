/** An account with one of everything that has an id, and the ways in which its people and runners call. */
import { randomBytes } from "node:crypto";
import type { AccountId } from "@scanmeter/core";
import { savePaymentMethod } from "@scanmeter/db";
import { aMember, aPaidTopUp } from "@scanmeter/db/testing";
import type { Caller } from "./any-call.ts";
import { httpClient } from "./clients.ts";
import type { Things } from "./good-input.ts";
import type { TestCustomer, TestEdge } from "./test-edge.ts";

export interface Household {
  readonly who: TestCustomer;
  readonly things: Things;
  readonly customer: Caller;
  readonly runner: Caller;
}

/** Needs an edge where something can be bought, over whatever gateway. */
export async function settle(on: TestEdge, name: string): Promise<Household> {
  const who = await on.signUp(name);
  const key = await who.api.runnerKeys.create.mutate({ name: "CI" });
  const target = await who.api.targets.create.mutate({
    url: "https://example.com",
    mode: "credits",
  });
  const authorization = `Bearer ${key.secret}`;
  const api = httpClient(on.url, { authorization });
  const scan = await api.runner.startScan.mutate({ targetId: target.id, idempotencyKey: "same" });
  const paymentMethodId = await aCard(on, who);
  const checkout = await who.api.checkout.open.mutate({ quantity: 10, idempotencyKey: "same" });
  const { database } = on.operations;
  const accountId = who.accountId as AccountId;
  const { topUp } = await aPaidTopUp(database, accountId);
  const mate = await aMember(database, accountId);
  const { invitations } = await who.api.members.invite.mutate({
    email: `guest-of-${mate.email}`,
    role: "member",
  });
  return {
    who,
    things: {
      targetId: target.id,
      scanId: scan.scanId,
      runnerKeyId: key.id,
      checkoutId: checkout.id,
      topUpId: topUp.id,
      paymentMethodId,
      accountId,
      invitationId: invitations[0]?.id ?? "",
      userId: mate.userId,
    },
    customer: callerOf(on, who.cookie),
    runner: { url: on.url, headers: { authorization }, socket: { runnerKey: key.secret } },
  };
}

export function callerOf({ url }: Pick<TestEdge, "url">, cookie: string): Caller {
  const headers = { cookie, origin: url };
  return { url, headers, socket: { headers } };
}

/** As the gateway's page would have left it. */
async function aCard({ operations }: TestEdge, { accountId }: TestCustomer): Promise<string> {
  const id = `pm_${randomBytes(12).toString("hex")}`;
  const label = { brand: "visa", last4: "4242", expMonth: 12, expYear: 2040, fingerprint: null };
  const owner = { accountId: accountId as AccountId, customerId: `cus_${accountId}` };
  const at = operations.clock.now();
  await operations.database.write([savePaymentMethod({ id, ...owner, ...label }, at)]);
  return id;
}
