/** What happens at the bank and at Stripe, and lies about objects that a product must not fall for. */
import { type Decline, declines } from "../cards/declines.ts";
import type { ForcedVerdict } from "../cards/verdict.ts";
import { settleChallenge } from "../pages/challenge.ts";
import type { Challenge } from "../resources/challenges.ts";
import type { Charge } from "../resources/charges.ts";
import { type EndStatus, endDispute, escalate, openDispute } from "../resources/disputes.ts";
import { warnOfFraud } from "../resources/early-fraud-warnings.ts";
import { succeedAnyway } from "../resources/payment-attempt.ts";
import type { PaymentIntent } from "../resources/payment-intents.ts";
import { type PaymentMethod, remember } from "../resources/payment-methods.ts";
import { endRefund } from "../resources/refunds.ts";
import type { Resource } from "../store.ts";
import { get, saveAndTell, type World } from "../world.ts";
import { BadControl } from "./body.ts";
import type { Control } from "./control.ts";

export const objectControls: readonly Control[] = [
  {
    method: "GET",
    path: "/summary",
    does: "counts what a test wants to be exactly one: charges, refunds, disputes, mistakes made twice",
    run: ({ world }) => summaryOf(world),
  },
  {
    method: "POST",
    path: "/objects/*",
    does: "overwrites fields of an object without an event: another amount, another customer",
    fields: ["fields"],
    run({ world }, body, id) {
      const found = world.store.findAny(id);
      if (found === undefined) throw new BadControl(`There is no ${id}.`);
      return world.store.save({ ...found, ...(body.raw("fields") as object), id } as Resource);
    },
  },
  {
    method: "POST",
    path: "/payment_methods/*/next_charges",
    does: `decides the next charges of a card, first one first: "approve" or one of ${Object.keys(declines).join(", ")}, or a decline of your own`,
    fields: ["verdicts"],
    run({ world }, body, id) {
      const method = get<PaymentMethod>(world, "payment_method", id);
      const verdicts = body.raw("verdicts");
      if (!Array.isArray(verdicts)) throw new BadControl("verdicts must be a list.");
      remember(world, method.id, { nextCharges: verdicts.map(verdictOf) });
    },
  },
  {
    method: "POST",
    path: "/payment_methods/*/replace",
    does: "the bank replaced the card: a new expiry and number arrive by themselves",
    fields: ["last4", "expMonth", "expYear"],
    run({ world }, body, id) {
      const method = get<PaymentMethod>(world, "payment_method", id);
      const card = {
        ...method.card,
        last4: body.text("last4", method.card.last4),
        exp_month: body.number("expMonth", method.card.exp_month),
        exp_year: body.number("expYear", method.card.exp_year + 3),
      };
      return saveAndTell(world, "payment_method.automatically_updated", { ...method, card });
    },
  },
  {
    method: "POST",
    path: "/payment_intents/*/succeed",
    does: "money moves although nobody asks any more, also on a canceled intent",
    run: ({ world }, _, id) => {
      const intent = get<PaymentIntent>(world, "payment_intent", id);
      return intent.status === "succeeded" ? intent : succeedAnyway(world, intent, "pm_card_visa");
    },
  },
  {
    method: "POST",
    path: "/challenges/*",
    does: "answers the bank's page of a payment or set-up intent without a browser: approve or fail",
    fields: ["answer"],
    run({ world }, body, id) {
      const { challenge } = world.store.facts<{ challenge?: string | null }>(id);
      if (challenge == null) throw new BadControl(`${id} waits for nobody.`);
      const isPassed = body.oneOf("answer", ["approve", "fail"]) === "approve";
      settleChallenge(world, get<Challenge>(world, "challenge", challenge), isPassed);
      return world.store.findAny(id);
    },
  },
  {
    method: "POST",
    path: "/refunds/*",
    does: "ends a refund, or makes one fail that had succeeded",
    fields: ["status"],
    run: ({ world }, body, id) =>
      endRefund(world, id, body.oneOf("status", ["succeeded", "failed", "canceled"])),
  },
  {
    method: "POST",
    path: "/disputes",
    does: "opens a dispute or an inquiry about a charge or the charge of a payment intent",
    fields: ["charge", "paymentIntent", "reason", "amount", "isInquiry"],
    run({ world }, body) {
      const amount = body.maybeNumber("amount");
      return openDispute(world, {
        charge: chargeIn(world, body.text("charge", ""), body.text("paymentIntent", "")),
        reason: body.text("reason", "fraudulent"),
        isInquiry: body.flag("isInquiry") ?? false,
        ...(amount !== null && { amount }),
      });
    },
  },
  ...(["won", "lost", "prevented", "warning_closed"] as const).map(endControl),
  {
    method: "POST",
    path: "/disputes/*/escalate",
    does: "turns an inquiry into a dispute",
    run: ({ world }, _, id) => escalate(world, id),
  },
  {
    method: "POST",
    path: "/early_fraud_warnings",
    does: "the bank warns that a charge was probably fraud",
    fields: ["charge", "paymentIntent"],
    run: ({ world }, body) =>
      warnOfFraud(world, chargeIn(world, body.text("charge", ""), body.text("paymentIntent", ""))),
  },
];

function endControl(status: EndStatus): Control {
  return {
    method: "POST",
    path: `/disputes/*/${status}`,
    does: `ends a dispute: ${status}`,
    run: ({ world }, _, id) => endDispute(world, id, status),
  };
}

function chargeIn(world: World, charge: string, paymentIntent: string): string {
  if (charge !== "") return charge;
  const { latest_charge } = get<PaymentIntent>(world, "payment_intent", paymentIntent);
  if (latest_charge === null) throw new BadControl(`${paymentIntent} has no charge.`);
  return latest_charge;
}

function verdictOf(given: unknown): ForcedVerdict {
  if (given === "approve") return "approve";
  const known = declines[given as keyof typeof declines] as Decline | undefined;
  if (typeof given === "string" && known !== undefined) return known;
  const own = given as Partial<Decline> | null;
  if (typeof own === "object" && own !== null && typeof own.code === "string")
    return { message: "Your card was declined.", ...own, code: own.code };
  throw new BadControl(`There is no verdict ${JSON.stringify(given)}.`);
}

function summaryOf(world: World) {
  const everything = { where: {}, createdFrom: 0, createdTo: Number.MAX_SAFE_INTEGER };
  const all = <T extends Resource>(object: string) =>
    world.store.list<T>({ object, ...everything, limit: 1_000_000 });
  const charges = all<Charge>("charge");
  const paid = charges.filter(({ status }) => status === "succeeded");
  return {
    customers: all("customer").length,
    paymentIntents: countBy(all<PaymentIntent>("payment_intent"), ({ status }) => status),
    charges: countBy(charges, ({ status }) => status),
    paidAmount: paid.reduce((total, { amount }) => total + amount, 0),
    refundedAmount: paid.reduce((total, { amount_refunded }) => total + amount_refunded, 0),
    refunds: countBy(all<Resource & { status: string }>("refund"), ({ status }) => status),
    disputes: countBy(all<Resource & { status: string }>("dispute"), ({ status }) => status),
    paymentIntentsChargedTwice: twice(paid.map(({ payment_intent }) => payment_intent)),
    events: all("event").length,
  };
}

function countBy<T>(things: readonly T[], of: (thing: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const thing of things) counts[of(thing)] = (counts[of(thing)] ?? 0) + 1;
  return counts;
}

function twice(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, at) => values.indexOf(value) !== at))];
}
