const rights = {
  owners: "Only owners",
  buyers: "Owners and billing managers",
} as const;

/** "Only owners of this account can revoke keys. Ask Ada Lovelace or Bob." */
export function whoMay(
  { who, to }: { readonly who: keyof typeof rights; readonly to: string },
  owners: readonly string[],
  locale?: string,
): string {
  const right = `${rights[who]} of this account can ${to}.`;
  if (owners.length === 0) return right;
  return `${right} Ask ${new Intl.ListFormat(locale, { type: "disjunction" }).format(owners)}.`;
}
