/** Replaces ids by the objects they name, where the caller asked for it: `expand[]=latest_charge.refunds`. */
import type { Resource } from "../store.ts";
import type { World } from "../world.ts";
import { invalidRequest } from "./errors.ts";
import { listObject } from "./list.ts";

const DEPTH_MAX = 4;

/** Fields that hold an id, by the object they are in. */
const REFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  payment_intent: {
    customer: "customer",
    latest_charge: "charge",
    payment_method: "payment_method",
  },
  setup_intent: { customer: "customer", payment_method: "payment_method" },
  payment_method: { customer: "customer" },
  charge: {
    balance_transaction: "balance_transaction",
    customer: "customer",
    payment_intent: "payment_intent",
  },
  refund: {
    balance_transaction: "balance_transaction",
    charge: "charge",
    failure_balance_transaction: "balance_transaction",
    payment_intent: "payment_intent",
  },
  dispute: { charge: "charge", payment_intent: "payment_intent" },
  "checkout.session": { customer: "customer", setup_intent: "setup_intent" },
  "radar.early_fraud_warning": { charge: "charge", payment_intent: "payment_intent" },
  tax_id: { customer: "customer" },
  invoice_settings: { default_payment_method: "payment_method" },
};

/** Lists inside an object that are left out unless asked for. */
const INCLUDED: Readonly<Record<string, (world: World, id: string) => object>> = {
  "charge.refunds": (world, charge) =>
    listObject(relatedTo(world, "refund", { charge }), `/v1/charges/${charge}/refunds`),
  "customer.tax_ids": (world, customer) =>
    listObject(relatedTo(world, "tax_id", { customer }), `/v1/customers/${customer}/tax_ids`),
  "checkout.session.line_items": (_, id) =>
    listObject([], `/v1/checkout/sessions/${id}/line_items`),
};

export function expand(world: World, answer: object, paths: readonly string[]): object {
  const copy = structuredClone(answer) as Record<string, unknown>;
  for (const path of paths) {
    const steps = path.split(".");
    if (steps.length > DEPTH_MAX)
      throw invalidRequest("You cannot expand more than 4 levels of a property.", {
        param: "expand",
      });
    expandAt(world, copy, steps, { path, kind: kindOf(copy) });
  }
  return copy;
}

function expandAt(
  world: World,
  here: Record<string, unknown>,
  [step = "", ...rest]: readonly string[],
  asked: { path: string; kind: string },
): void {
  const include = INCLUDED[`${asked.kind}.${step}`];
  if (include !== undefined) here[step] ??= include(world, String(here.id));
  const kind = REFERENCES[asked.kind]?.[step];
  const value = here[step];
  if (typeof value === "string" && kind !== undefined) here[step] = find(world, kind, value);
  else if (value === undefined || (kind === undefined && !isObject(value)))
    throw invalidRequest(`This property cannot be expanded (${asked.path}).`, { param: "expand" });

  const inner = here[step];
  if (rest.length === 0 || inner === null) return;
  for (const one of Array.isArray(inner) ? inner : [inner])
    if (isObject(one)) expandAt(world, one, rest, { path: asked.path, kind: kindOf(one, step) });
}

function find(world: World, kind: string, id: string): object {
  const found = world.store.find(kind, id) ?? world.store.findAny(id);
  return structuredClone(found ?? { id, object: kind, deleted: true });
}

function relatedTo(world: World, object: string, where: Record<string, string>): Resource[] {
  const everything = { createdFrom: 0, createdTo: Number.MAX_SAFE_INTEGER };
  return world.store.list({ object, where, ...everything, limit: 10 });
}

function kindOf(value: Record<string, unknown>, step = ""): string {
  return typeof value.object === "string" ? value.object : step;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
