/** Becoming a member of somebody else's account the way everybody does: by the link that is mailed. */
import { accepted, mutate } from "./call.ts";
import type { Customer } from "./customer.ts";

const ARRIVES_WITHIN_MS = 10_000;

/** The joining person's session acts for the owner's account from then on. */
export async function joinAccount(
  mate: Customer,
  { owner, role }: { readonly owner: Customer; readonly role: "owner" | "billing" | "member" },
): Promise<void> {
  await accepted(mutate(owner.person, "members.invite", { email: mate.email, role }));
  await accepted(mutate(mate.person, "members.accept", { token: await mailedToken(mate) }));
}

async function mailedToken({ email, person }: Customer): Promise<string> {
  const read = async <Data>(path: string) => {
    const headers = { accept: "application/json" };
    const answer = await fetch(`${person.url}/sandbox/mailbox${path}`, { headers });
    return (await answer.json()) as Data;
  };
  const deadline = Date.now() + ARRIVES_WITHIN_MS;
  while (Date.now() < deadline) {
    const mails = await read<{ id: string; to: string | string[] }[]>("");
    for (const { id } of mails.filter(({ to }) => to.includes(email))) {
      const { links } = await read<{ links: string[] }>(`/${id}`);
      const link = links.find((one) => one.includes("/join/"));
      if (link !== undefined) return link.slice(link.lastIndexOf("/") + 1);
    }
  }
  throw new Error(`No invitation was mailed to ${email}.`);
}
