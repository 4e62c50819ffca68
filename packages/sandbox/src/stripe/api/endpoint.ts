/** One endpoint: where it is, what it accepts, what it does. The rest of a call is the same for all of them. */
import type { World } from "../world.ts";
import { listOf, object, type Parsed, type Shape, text } from "./params.ts";

export type Method = "get" | "post" | "delete";

export interface Endpoint {
  readonly method: Method;
  readonly path: string;
  readonly shape: Shape;
  run(world: World, params: Record<string, unknown>, ids: PathIds): object;
}

/** What stands in the path: `/v1/customers/:id/tax_ids/:taxId`. */
export type PathIds = Readonly<Record<string, string>>;

const common = { expand: listOf(text()) };

export function endpoint<S extends Shape>(
  method: Method,
  path: string,
  shape: S,
  run: (world: World, params: Parsed<S>, ids: PathIds & { readonly id: string }) => object,
): Endpoint {
  return {
    method,
    path,
    // Nothing can be expanded in what is gone.
    shape: method === "delete" ? shape : { ...shape, ...common },
    run: (world, params, ids) => run(world, params as Parsed<S>, { id: "", ...ids }),
  };
}

/** An address as customers and cards carry it. */
export const addressParam = object({
  city: text(),
  country: text(2),
  line1: text(),
  line2: text(),
  postal_code: text(),
  state: text(),
});

export interface Address {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

export function addressOf(given: Partial<Address> | null | undefined): Address {
  const empty = { city: null, country: null, line1: null, line2: null, postal_code: null };
  return { ...empty, state: null, ...given };
}
