/** Who sells: what every document says about us. */
export interface SellerDetails {
  readonly name: string;
  /** Street, postal code and city, as on an envelope; the country stands apart. */
  readonly addressLines: readonly string[];
  /** ISO 3166-1, two capital letters. It decides whose tax is charged. */
  readonly country: string;
  readonly vatId: string | null;
  readonly email: string;
  /** Hundredths of a percent: 1900 is 19 %. */
  readonly taxBasisPoints: number;
}

/** The sandbox's. Nobody has this address or this VAT id. */
export const demoSeller: SellerDetails = {
  name: "Scanmeter Demo GmbH",
  addressLines: ["Musterstraße 1", "10115 Berlin"],
  country: "DE",
  vatId: "DE000000000",
  email: "billing@scanmeter.test",
  taxBasisPoints: 19_00,
};
