/** The account an operator names. An address may stand for several by now, and credits go nowhere by a guess. */
import type { Operations } from "@scanmeter/operations";
import type { CommandAnswer } from "./commands.ts";
import { printable } from "./printable.ts";

type Account = Awaited<ReturnType<Operations["listAccountsMeant"]>>[number];
type Meant =
  | { readonly ok: true; readonly account: Account }
  | Extract<CommandAnswer, { ok: false }>;

export async function accountMeant(
  operations: Pick<Operations, "listAccountsMeant">,
  wanted: string,
): Promise<Meant> {
  const no = (code: string, said: string) => ({ ok: false, code, said }) as const;
  const [account, ...others] = await operations.listAccountsMeant(wanted);
  if (account === undefined) return no("account_not_found", `There is no account ${wanted}.`);
  if (others.length === 0) return { ok: true, account };
  const all = [account, ...others].map(({ id, name }) => `${printable(name)} (${id})`).join(", ");
  return no("several_accounts", `${wanted} stands for several; give the id of one: ${all}.`);
}
