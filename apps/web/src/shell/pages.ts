/** Where a signed-in customer can go. The first ones are always in sight, the menu has them all. */
export const mainPages = [
  { label: "Account Overview", href: "/account" },
  { label: "Scans", href: "/scans" },
  { label: "Targets", href: "/targets" },
  { label: "Activity", href: "/activity" },
] as const;

export const settingsPages = [
  { label: "Runner keys", href: "/settings/runner-keys" },
  { label: "Notices", href: "/notices" },
  { label: "Billing details", href: "/settings/billing" },
  { label: "Notice settings", href: "/settings/notices" },
] as const;

/** Whether an address is a page ("page"), below it (true), or neither. */
export function isAt(href: string, pathname: string): "page" | "true" | undefined {
  if (pathname === href) return "page";
  return pathname.startsWith(`${href}/`) ? "true" : undefined;
}
