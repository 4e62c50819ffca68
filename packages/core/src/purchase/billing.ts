/** Whom a purchase is billed to, as the customer wrote it. Documents carry a copy of the day. */
export interface BillingDetails {
  readonly name: string;
  readonly company: string | null;
  /** Where receipts go. */
  readonly email: string;
  readonly address: BillingAddress;
  readonly taxId: string | null;
}

export interface BillingAddress {
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly postalCode: string;
  readonly state: string | null;
  /** ISO 3166-1, two capital letters. */
  readonly country: string;
}
