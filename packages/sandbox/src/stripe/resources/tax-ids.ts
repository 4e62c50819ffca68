import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { invalidRequest, resourceMissing } from "../api/errors.ts";
import { cursorParams, listAll } from "../api/list.ts";
import { required, text } from "../api/params.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { getNamed, type World } from "../world.ts";

interface TaxId extends Resource {
  customer: string;
  type: string;
  value: string;
  [more: string]: unknown;
}

export const taxIdParams = { type: required(text()), value: required(text()) };

const path = "/v1/customers/:id/tax_ids";

export const taxIdEndpoints: readonly Endpoint[] = [
  endpoint("post", path, taxIdParams, (world, params, { id }) => {
    getNamed(world, { object: "customer", id, param: "customer" });
    return newTaxId(world, id, params);
  }),
  endpoint("get", path, cursorParams, (world, params, { id }) => {
    getNamed(world, { object: "customer", id, param: "customer" });
    const url = `/v1/customers/${id}/tax_ids`;
    return listAll<TaxId>(world, { object: "tax_id", url }, params, { where: { customer: id } });
  }),
  endpoint("get", `${path}/:taxId`, {}, (world, _, ids) => find(world, ids)),
  endpoint("delete", `${path}/:taxId`, {}, (world, _, ids) => {
    const taxId = find(world, ids);
    world.store.remove(taxId.id);
    world.emit("customer.tax_id.deleted", taxId);
    return { id: taxId.id, object: "tax_id", deleted: true };
  }),
];

export function newTaxId(
  world: World,
  customer: string,
  { type, value }: { type: string; value: string },
): TaxId {
  if (!/^[a-z]{2}_[a-z_]{2,}$/.test(type))
    throw invalidRequest(`Invalid type: ${type}`, { param: "type" });
  // The one kind this project sends most is looked at; the others are taken as they are.
  if (type === "eu_vat" && !/^[A-Z]{2}[0-9A-Z+*]{2,12}$/.test(value))
    throw invalidRequest(`Invalid value for ${type}.`, { code: "tax_id_invalid", param: "value" });
  const created = world.clock.seconds();
  const taxId: TaxId = {
    id: newId("txi"),
    object: "tax_id",
    country: value.slice(0, 2).toUpperCase(),
    created,
    customer,
    customer_account: null,
    livemode: false,
    owner: { type: "customer", customer, customer_account: null },
    type,
    value,
    verification: { status: "pending", verified_address: null, verified_name: null },
  };
  world.store.insert(taxId, created);
  world.emit("customer.tax_id.created", taxId);
  return taxId;
}

function find(world: World, ids: Readonly<Record<string, string>>): TaxId {
  const { id: customer = "", taxId: id = "" } = ids;
  const found = world.store.find<TaxId>("tax_id", id);
  if (found?.customer !== customer) throw resourceMissing("tax_id", id);
  return found;
}
