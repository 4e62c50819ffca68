import type { Instant, PriceList } from "@scanmeter/core";
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
  | { readonly about: "mail" }
  /** Somebody should look at the account, now or at an instant. */
  | { readonly about: "look"; readonly accountId: string }
  | { readonly about: "look_at"; readonly accountId: string; readonly dueAt: Instant }
  /** A renewal has another date than before; null where there is none. */
  | {
      readonly about: "renewal";
      readonly accountId: string;
      readonly dueAt: Instant | null;
      readonly before: Instant | null;
    }
  /** Credits that are kept past their date are written off then. */
  | { readonly about: "write_off"; readonly accountId: string; readonly dueAt: Instant };
