import type { MemberView, Role } from "@scanmeter/contracts/team";
import { expect, test } from "vitest";
import { roleName } from "./role-words.ts";
import { inviteProblem, isLastOwner, roleChoices } from "./team-words.ts";

const member = (name: string, role: Role, isYou = false): MemberView => ({
  userId: name,
  name,
  email: `${name.toLowerCase()}@customers.test`,
  role,
  isYou,
});
const ada = member("Ada", "owner", true);
const bob = member("Bob", "owner");
const eve = member("Eve", "member");

test("an owner is the last one only as long as nobody else is one", () => {
  expect(isLastOwner(ada, { members: [ada, eve] })).toBe(true);
  expect(isLastOwner(ada, { members: [ada, bob, eve] })).toBe(false);
  expect(isLastOwner(eve, { members: [ada, eve] })).toBe(false);
});

test("an invitation goes to an address, and to nobody who is there already", () => {
  const problem = (email: string) => inviteProblem(email, { members: [ada, bob] });
  expect(problem(" ")).toMatch(/^Enter the email/);
  expect(problem("grace")).toMatch(/not an email address/);
  expect(problem(" ADA@customers.test ")).toBe("This is your own email.");
  expect(problem("bob@customers.test")).toBe("Bob belongs to the team already.");
  expect(problem("grace@customers.test")).toBeUndefined();
});

test("every role says what it may do, and one that is new to this page keeps its name", () => {
  expect(roleChoices.map(({ role }) => role)).toEqual(["member", "billing", "owner"]);
  for (const { mayDo } of roleChoices) expect(mayDo).toMatch(/\.$/);
  expect(roleName("auditor" as Role)).toBe("auditor");
});
