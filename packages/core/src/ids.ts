/**
 * Identities. An id is a prefix that names the kind and 26 characters that sort by the time they
 * were minted (a ULID in lower case). Ids are minted outside core and passed in.
 */
import type { Brand } from "./units.ts";

export type AccountId = Brand<string, "AccountId">;
export type LotId = Brand<string, "LotId">;
export type ScanId = Brand<string, "ScanId">;
export type TargetId = Brand<string, "TargetId">;
export type RunnerKeyId = Brand<string, "RunnerKeyId">;
export type TopUpId = Brand<string, "TopUpId">;
export type CheckoutId = Brand<string, "CheckoutId">;
export type RefundId = Brand<string, "RefundId">;
export type InvoiceId = Brand<string, "InvoiceId">;
export type ConsentId = Brand<string, "ConsentId">;
export type InvitationId = Brand<string, "InvitationId">;

export const idPrefixes = {
  account: "acc",
  lot: "lot",
  scan: "scan",
  target: "tgt",
  runnerKey: "rk",
  topUp: "top",
  checkout: "chk",
  refund: "rfd",
  invoice: "inv",
  consent: "cns",
  invitation: "ivt",
} as const;

interface IdOf {
  account: AccountId;
  lot: LotId;
  scan: ScanId;
  target: TargetId;
  runnerKey: RunnerKeyId;
  topUp: TopUpId;
  checkout: CheckoutId;
  refund: RefundId;
  invoice: InvoiceId;
  consent: ConsentId;
  invitation: InvitationId;
}

export type IdKind = keyof IdOf;

/** Names a thing by kind and the sortable part; the only place where a string becomes an id. */
export function idOf<Kind extends IdKind>(kind: Kind, sortable: string): IdOf[Kind] {
  return `${idPrefixes[kind]}_${sortable}` as IdOf[Kind];
}
