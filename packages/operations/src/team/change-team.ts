/**
 * The one way a team changes: it is read, core decides, and what was decided is one batch that fails when
 * the team has moved on since. A team books nothing, so it needs none of the writer's books. Changes of
 * one process wait for each other; whoever loses a race to another reads and decides again.
 */
import { accept, after, type Instant, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { type TeamChange, teamSettings } from "@scanmeter/core/team";
import {
  ConstraintViolated,
  failureOf,
  readTeam,
  type Statement,
  type TeamRow,
  teamStatements,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";

export interface TeamCommand {
  readonly accountId: string;
  /** The invitation it is about, if there is one; it is read however old it is. */
  readonly invitationId?: string;
  /** Runs again after a conflict, so it must not remember anything. */
  decide(team: TeamRow, now: Instant): Outcome<readonly TeamChange[], Refusal>;
  /** What goes into the same commit, also when nothing changes. */
  also?(changes: readonly TeamChange[], now: Instant): readonly Statement[];
}

/** Somebody else may be first again and again, but not for ever. */
const ATTEMPTS_MAX = 20;

export type ChangeTeam = (command: TeamCommand) => Promise<Outcome<readonly TeamChange[], Refusal>>;

export function makeTeamChanges(deps: Pick<Deps, "db" | "clock">): ChangeTeam {
  let last: Promise<unknown> = Promise.resolve();
  return (command) => {
    const change = last.then(() => changeTeam(deps, command));
    last = change.catch(() => {});
    return change;
  };
}

async function changeTeam(deps: Pick<Deps, "db" | "clock">, command: TeamCommand) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptToChange(deps, command);
    } catch (error) {
      const failure = failureOf(error);
      const hasLostRace = failure instanceof ConstraintViolated && failure.isConflict;
      if (!hasLostRace || attempt >= ATTEMPTS_MAX) throw failure;
    }
  }
}

async function attemptToChange({ db, clock }: Pick<Deps, "db" | "clock">, command: TeamCommand) {
  const { accountId, invitationId } = command;
  const now = clock.now();
  const invitedSince = after(now, -teamSettings.hourMs);
  const team = await readTeam(db, { accountId, invitedSince, invitationId });
  if (team === null) return refuse({ code: "account_not_found" } as const);
  const decided = command.decide(team, now);
  if (!decided.ok) return decided;
  const changes = decided.value;
  const { revision } = team;
  const statements = [
    ...(changes.length === 0 ? [] : teamStatements({ accountId, revision }, changes)),
    ...(command.also?.(changes, now) ?? []),
  ];
  if (statements.length > 0) await db.write(statements);
  return accept(changes);
}
