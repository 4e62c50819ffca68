/** Roles as people read them. Who may do what the server decides; these sentences say it. */
import type { Role } from "@scanmeter/contracts/team";

const names: Record<Role, string> = {
  owner: "Owner",
  billing: "Billing manager",
  member: "Member",
};

/** The server may be newer than this page. */
export const roleName = (role: Role): string => names[role] ?? role;
