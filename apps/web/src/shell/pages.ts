/** Where a signed-in customer can go. The first ones are always in sight, the menu has them all. */
export const mainPages = [
  { label: "Account Overview", href: "/account" },
  { label: "Scans", href: "/scans" },
  { label: "Targets", href: "/targets" },
  { label: "Activity", href: "/activity" },
] as const;

/** They stand beside each other: each leads to all of them. */
export const settingsPages = [
  { label: "Settings", href: "/settings" },
  { label: "Team", href: "/settings/team" },
  { label: "Billing", href: "/billing" },
  { label: "Runner keys", href: "/settings/runner-keys" },
  { label: "Notice settings", href: "/settings/notices" },
] as const;

/** What the menu has beside the main pages. */
export const otherPages = [{ label: "Notices", href: "/notices" }, ...settingsPages] as const;

/** Whether an address is a page ("page"), below it (true), or neither. */
export function isAt(href: string, pathname: string): "page" | "true" | undefined {
  if (pathname === href) return "page";
  return pathname.startsWith(`${href}/`) ? "true" : undefined;
}

/** The same among the settings, where an address tells less of what belongs together. */
export function isAtSettings(href: string, pathname: string): "page" | "true" | undefined {
  if (pathname === href) return "page";
  return href === "/billing" && pathname === "/settings/billing" ? "true" : undefined;
}
