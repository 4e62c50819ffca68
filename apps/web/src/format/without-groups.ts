/** "1,000" as a number field of a program would have it, where the reader's locale groups it that way. */
export function withoutGroups(text: string, locale?: string): string {
  const separator = new Intl.NumberFormat(locale)
    .formatToParts(1_000_000)
    .find(({ type }) => type === "group")?.value;
  const groups = text.split(/[\s\u00a0\u202f]/.test(separator ?? "") ? /\s/ : (separator ?? /\s/));
  // Only whole thousands: "1,5" is one and a half wherever it was typed.
  const areThousands = groups.every((group, index) =>
    (index === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(group),
  );
  return groups.length > 1 && areThousands ? groups.join("") : text;
}
