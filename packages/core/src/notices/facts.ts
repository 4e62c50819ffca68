/** What is known of an account when it is decided what to tell. */
import type { AutoTopUpFacts } from "../auto-top-up/facts.ts";
import type { Account } from "../ledger/account.ts";
import type { Lot } from "../ledger/lot.ts";
import type { ToldLevel } from "./level.ts";

export interface NoticeFacts {
  readonly account: Pick<Account, "id" | "creditEpoch" | "lowBalance">;
  readonly timeZone: string;
  readonly lots: Iterable<Lot>;
  /** What was told of the balance last; null when nobody has looked yet. */
  readonly told: ToldLevel | null;
  /** The default card; null when there is none. */
  readonly card: CardDates | null;
  /** Null where nothing can be bought. */
  readonly autoTopUp: AutoTopUpFacts | null;
}

export interface CardDates {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  /** 1 for January. */
  readonly expMonth: number;
  readonly expYear: number;
}
