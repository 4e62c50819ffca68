import { addressOf, addressParam, type Endpoint, endpoint } from "../api/endpoint.ts";
import { listAll, listParams } from "../api/list.ts";
import { email, listOf, metadata, object, oneOf, removable, text } from "../api/params.ts";
import { newId } from "../ids.ts";
import type { Resource } from "../store.ts";
import { get, getNamed, mergeMetadata, saveAndTell, type World } from "../world.ts";
import { detachAllOf } from "./payment-methods.ts";
import { newTaxId, taxIdParams } from "./tax-ids.ts";

export interface Customer extends Resource {
  deleted?: true;
  email: string | null;
  name: string | null;
  invoice_settings: { default_payment_method: string | null; [more: string]: unknown };
  metadata: Record<string, string>;
  [more: string]: unknown;
}

const shape = {
  address: removable(addressParam),
  description: removable(text()),
  email: removable(email),
  invoice_settings: object({ default_payment_method: removable(text()) }),
  metadata,
  name: removable(text(256)),
  phone: removable(text(20)),
  preferred_locales: listOf(text()),
  tax_exempt: removable(oneOf("exempt", "none", "reverse")),
};

export const customerEndpoints: readonly Endpoint[] = [
  endpoint(
    "post",
    "/v1/customers",
    { ...shape, tax_id_data: listOf(object(taxIdParams)) },
    (world, { tax_id_data = [], invoice_settings, ...params }) => {
      const id = newId("cus", 14);
      checkDefault(world, id, invoice_settings?.default_payment_method);
      const created = world.clock.seconds();
      const customer = world.store.insert<Customer>(
        { ...emptyCustomer(id, created), ...params, ...addressField(params.address) } as Customer,
        created,
      );
      world.emit("customer.created", customer);
      for (const data of tax_id_data) newTaxId(world, id, data);
      return customer;
    },
  ),
  endpoint("get", "/v1/customers", { ...listParams, email: text(512) }, (world, params) =>
    listAll<Customer>(world, { object: "customer", url: "/v1/customers" }, params, {
      where: { email: params.email },
      also: "json_extract(body, '$.deleted') is null",
    }),
  ),
  endpoint("get", "/v1/customers/:id", {}, (world, _, { id }) =>
    get<Customer>(world, "customer", id),
  ),
  endpoint("post", "/v1/customers/:id", shape, (world, params, { id }) => {
    const customer = getNamed<Customer>(world, { object: "customer", id, param: "id" });
    const { invoice_settings = {}, metadata: given, ...rest } = params;
    checkDefault(world, id, invoice_settings.default_payment_method);
    return saveAndTell<Customer>(world, "customer.updated", {
      ...customer,
      ...rest,
      ...addressField(params.address),
      invoice_settings: { ...customer.invoice_settings, ...invoice_settings },
      metadata: mergeMetadata(customer.metadata, given),
    } as Customer);
  }),
  endpoint("delete", "/v1/customers/:id", {}, (world, _, { id }) => {
    const customer = getNamed<Customer>(world, { object: "customer", id, param: "id" });
    detachAllOf(world, id);
    const gone = { id, object: "customer", deleted: true };
    world.store.save(gone);
    world.emit("customer.deleted", customer);
    return gone;
  }),
];

function checkDefault(world: World, customer: string, id: string | null | undefined): void {
  if (id === undefined || id === null) return;
  const param = "invoice_settings[default_payment_method]";
  const method = getNamed<Resource & { customer: string | null }>(world, {
    object: "payment_method",
    id,
    param,
  });
  // A card that belongs to somebody else is as unknown as one that does not exist.
  if (method.customer !== customer) getNamed(world, { object: "PaymentMethod", id, param });
}

function addressField(given: Parameters<typeof addressOf>[0]) {
  if (given === undefined) return {};
  return { address: given === null ? null : addressOf(given) };
}

function emptyCustomer(id: string, created: number): Customer {
  return {
    id,
    object: "customer",
    address: null,
    balance: 0,
    created,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
}
