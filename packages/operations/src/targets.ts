import {
  type AccountId,
  accept,
  type Outcome,
  type Refusal,
  refuse,
  type ScanMode,
} from "@scanmeter/core";
import {
  archiveTarget as archiveStatement,
  ConstraintViolated,
  failureOf,
  findTarget,
  findTargetByUrl,
  insertTarget,
  listTargets,
  reviveTarget,
  type Target,
  updateTargetMode,
} from "@scanmeter/db";
import type { Deps } from "./deps.ts";
import { mintId } from "./mint-id.ts";

/** More than anybody scans by hand; a stop for programs gone wrong. */
export const TARGETS_MAX = 1_000;

export interface CreateTargetCommand {
  readonly accountId: string;
  readonly url: string;
  readonly name?: string | undefined;
  readonly mode: ScanMode;
}

/** An address is one target of an account; adding an archived one again brings it back with its history. */
export async function createTarget(
  deps: Deps,
  command: CreateTargetCommand,
): Promise<Outcome<Target, Refusal>> {
  const { accountId, url, mode, name = url } = command;
  const known = await findTargetByUrl(deps.db, accountId, url);
  if (known !== null && known.archivedAt === null) return refuse({ code: "target_exists", url });
  if (known !== null) {
    const revived = { ...known, name, mode, archivedAt: null };
    await deps.db.write([reviveTarget(revived)]);
    return accept(revived);
  }
  if ((await listTargets(deps.db, accountId)).length >= TARGETS_MAX) {
    return refuse({ code: "too_many", what: "targets", max: TARGETS_MAX });
  }
  const target: Target = {
    id: mintId("target"),
    accountId: accountId as AccountId,
    url,
    name,
    mode,
    createdAt: deps.clock.now(),
    archivedAt: null,
  };
  try {
    await deps.db.write([insertTarget(target)]);
  } catch (error) {
    if (failureOf(error) instanceof ConstraintViolated)
      return refuse({ code: "target_exists", url });
    throw error;
  }
  return accept(target);
}

/** Running scans keep the mode they started with. */
export async function setTargetMode(
  deps: Deps,
  command: { readonly accountId: string; readonly targetId: string; readonly mode: ScanMode },
): Promise<Outcome<Target, Refusal>> {
  const { accountId, targetId, mode } = command;
  const target = await findTarget(deps.db, accountId, targetId);
  if (target === null) return refuse({ code: "target_not_found", targetId });
  await deps.db.write([updateTargetMode(accountId, targetId, mode)]);
  return accept({ ...target, mode });
}

export async function archiveTarget(
  deps: Deps,
  command: { readonly accountId: string; readonly targetId: string },
): Promise<Outcome<Target, Refusal>> {
  const { accountId, targetId } = command;
  const target = await findTarget(deps.db, accountId, targetId);
  if (target === null) return refuse({ code: "target_not_found", targetId });
  const archivedAt = deps.clock.now();
  await deps.db.write([archiveStatement(accountId, targetId, archivedAt)]);
  return accept({ ...target, archivedAt });
}
