import type { PriceList } from "@scanmeter/core";
import type { SellerDetails } from "@scanmeter/core/documents";
import type { Gateway } from "./gateway.ts";

/** What buying stands on. Absent where nothing can be bought. */
export interface Payments {
  readonly gateway: Gateway;
  readonly seller: SellerDetails;
  readonly priceList: PriceList;
  /** Where people reach the web app; known once somebody listens. */
  readonly publicUrl: () => string;
}

/** Work that is better begun now than by the next sweep, which would find it all the same. */
export type Wake =
  | { readonly about: "gateway_event"; readonly eventId: string }
  | { readonly about: "mail" };
