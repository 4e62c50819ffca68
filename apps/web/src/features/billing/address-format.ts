/**
 * How an address is written where the customer is. A small set that we are sure of; everywhere else
 * the plain form asks for nothing that may not exist there.
 */
export interface AddressFormat {
  readonly postalCode: string;
  /** Not every country has postal codes, and in some hardly anybody knows theirs. */
  readonly isPostalCodeOptional: boolean;
  /** What the part between city and country is called; null where an address has none. */
  readonly state: string | null;
  readonly isStateOptional: boolean;
  readonly city: string;
}

const plain: AddressFormat = {
  postalCode: "Postal code",
  isPostalCodeOptional: false,
  state: null,
  isStateOptional: true,
  city: "City",
};

const formats: Record<string, Partial<AddressFormat>> = {
  AU: {
    state: "State or territory",
    isStateOptional: false,
    postalCode: "Postcode",
    city: "Suburb or city",
  },
  BR: { state: "State", isStateOptional: false, postalCode: "CEP" },
  CA: { state: "Province or territory", isStateOptional: false },
  CN: { state: "Province", isStateOptional: false },
  ES: { state: "Province" },
  GB: { postalCode: "Postcode", city: "Town or city" },
  IE: { state: "County", postalCode: "Eircode", isPostalCodeOptional: true, city: "Town or city" },
  IN: { state: "State", isStateOptional: false, postalCode: "PIN code" },
  IT: { state: "Province" },
  JP: { state: "Prefecture", isStateOptional: false },
  KR: { state: "Province or city" },
  MX: { state: "State", isStateOptional: false },
  MY: { state: "State" },
  NZ: { postalCode: "Postcode", city: "Town or city" },
  US: { state: "State", isStateOptional: false, postalCode: "ZIP code" },
};

/** Countries and territories without postal codes of their own, or with few that use them. */
const withoutPostalCodes = new Set(
  "AE AG AN AO AQ AW BF BI BJ BM BO BQ BS BW BZ CD CF CG CI CK CM CV CW DJ DM ER FJ GA GD GH GM GN GQ GY HK JM KE KI KM KN KP LC LY ML MO MR MS MW NR NU PA QA RW SB SC SL SO SR ST SX SY TD TF TG TK TL TO TT TV TZ UG VC VU WS YE ZW".split(
    " ",
  ),
);

export function addressFormatOf(country: string): AddressFormat {
  const isPostalCodeOptional = withoutPostalCodes.has(country);
  return { ...plain, isPostalCodeOptional, ...formats[country] };
}
