/** This Stripe issues no invoices; the list is there so that asking for them is answered, and empty. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { listAll, listParams } from "../api/list.ts";
import { text } from "../api/params.ts";

export const invoiceEndpoints: readonly Endpoint[] = [
  endpoint("get", "/v1/invoices", { ...listParams, customer: text() }, (world, params) =>
    listAll(world, { object: "invoice", url: "/v1/invoices" }, params),
  ),
];
