import type { WhenOutOfCredits } from "@scanmeter/core";
import {
  ConstraintViolated,
  failureOf,
  findMembership,
  insertAccount,
  type Membership,
  updateWhenOutOfCredits,
} from "@scanmeter/db";
import type { Deps } from "./deps.ts";
import { mintId } from "./mint-id.ts";

export interface OpenAccountCommand {
  readonly userId: string;
  readonly name: string;
  readonly timeZone?: string | undefined;
  readonly currency?: string | undefined;
}

/** The account of a user, opened if it is the first time. Two at once open one. */
export async function openAccount(deps: Deps, command: OpenAccountCommand): Promise<Membership> {
  const { userId, name, timeZone = "UTC", currency = "EUR" } = command;
  const existing = await findMembership(deps.db, userId);
  if (existing !== null) return existing;
  try {
    const createdAt = deps.clock.now();
    await deps.db.write(
      insertAccount({
        id: mintId("account"),
        ownerId: userId,
        name,
        timeZone,
        currency,
        createdAt,
      }),
    );
  } catch (error) {
    if (!(failureOf(error) instanceof ConstraintViolated)) throw error;
  }
  const opened = await findMembership(deps.db, userId);
  if (opened === null) throw new Error("An account that was just opened has no member.");
  return opened;
}

export async function setWhenOutOfCredits(
  deps: Deps,
  { accountId, value }: { readonly accountId: string; readonly value: WhenOutOfCredits },
): Promise<void> {
  await deps.db.write([updateWhenOutOfCredits(accountId, value)]);
}
