/** How a team is told: who may do what, and who cannot leave. */
import type { MemberView, Role, TeamView } from "@scanmeter/contracts/team";
import { emailProblem } from "../../format/email.ts";
import { roleName } from "./role-words.ts";

const mayDo: Record<Role, string> = {
  owner: "Does everything: also the team, targets, runner keys and the settings of the account.",
  billing:
    "Does what a member does; also buys credits and sees to cards, billing details and auto top-up.",
  member: "Sees everything; pauses, resumes and stops scans.",
};

/** Each role with what it may do, the one that may least first: it is what most people need. */
export const roleChoices = (["member", "billing", "owner"] as const).map((role) => ({
  role,
  label: roleName(role),
  mayDo: mayDo[role],
}));

type Members = Pick<TeamView, "members">;

/** Without an owner nobody could ever change anything, so the last one stays one. */
export function isLastOwner({ role }: Pick<MemberView, "role">, { members }: Members): boolean {
  return role === "owner" && members.filter((member) => member.role === "owner").length === 1;
}

/** Undefined where nothing is wrong. An address that is invited already is sent another link. */
export function inviteProblem(email: string, { members }: Members): string | undefined {
  const address = email.trim().toLowerCase();
  if (address === "") return "Enter the email of whoever you want to invite.";
  const problem = emailProblem(email);
  if (problem !== undefined) return problem;
  const known = members.find((member) => member.email.toLowerCase() === address);
  if (known === undefined) return undefined;
  return known.isYou ? "This is your own email." : `${known.name} belongs to the team already.`;
}
