/** A bank's word that a payment was probably fraud. Nothing moves yet; most become disputes. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { listAll, listParams } from "../api/list.ts";
import { text } from "../api/params.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, type World } from "../world.ts";
import type { Charge } from "./charges.ts";

const OBJECT = "radar.early_fraud_warning";
const url = "/v1/radar/early_fraud_warnings";

export const earlyFraudWarningEndpoints: readonly Endpoint[] = [
  endpoint("get", `${url}/:id`, {}, (world, _, { id }) => get(world, OBJECT, id)),
  endpoint(
    "get",
    url,
    { ...listParams, charge: text(), payment_intent: text() },
    (world, { charge, payment_intent, ...params }) =>
      listAll(world, { object: OBJECT, url }, params, { where: { charge, payment_intent } }),
  ),
];

export function warnOfFraud(world: World, chargeId: string): Resource {
  const charge = get<Charge>(world, "charge", chargeId);
  const created = world.clock.seconds();
  const warning = {
    id: newId("issfr"),
    object: OBJECT,
    actionable: true,
    charge: charge.id,
    created,
    fraud_type: "misc",
    livemode: false,
    payment_intent: charge.payment_intent,
  };
  world.store.insert(warning, created);
  world.emit("radar.early_fraud_warning.created", warning);
  return warning;
}
