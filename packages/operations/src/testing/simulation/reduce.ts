/**
 * Makes a history that fails smaller for as long as it still fails: one account of many, then without
 * the acts and rounds that do not matter, then with as little going wrong as possible.
 */
import type { History, Life, Round } from "./histories.ts";
import { liveThrough, WorldFailed, type WorldTemplate } from "./world.ts";

export async function reduce(
  template: WorldTemplate,
  failed: WorldFailed,
  withinMs: number,
): Promise<WorldFailed> {
  const giveUpAt = Date.now() + withinMs;
  let smallest = failed;
  const stillFails = async (history: History): Promise<boolean> => {
    if (Date.now() > giveUpAt) return false;
    try {
      await liveThrough(template, history);
      return false;
    } catch (error) {
      if (!(error instanceof WorldFailed)) throw error;
      smallest = error;
      return true;
    }
  };

  for (const life of failed.history.lives) {
    if (await stillFails({ ...failed.history, lives: [life] })) break;
  }
  for (let before = ""; before !== JSON.stringify(smallest.history); ) {
    before = JSON.stringify(smallest.history);
    await withFewer(unitsOf(smallest.history), (units) => stillFails(historyOf(smallest, units)));
    const { lives } = smallest.history;
    await stillFails({ ...smallest.history, lives: lives.filter(({ acts }) => acts.length > 0) });
    for (const at of smallest.history.rounds.keys()) {
      await stillFails(withCalm(smallest.history, at));
    }
  }
  return smallest;
}

type Unit =
  | { readonly is: "act"; readonly account: number; readonly one: Life["acts"][number] }
  | { readonly is: "round"; readonly at: number; readonly round: Round };

function unitsOf({ lives, rounds }: History): Unit[] {
  return [
    ...lives.flatMap(({ account, acts }) => acts.map((one): Unit => ({ is: "act", account, one }))),
    ...rounds.map((round, at): Unit => ({ is: "round", at, round })),
  ];
}

/** Whatever was to happen in a round that is left out happens in the next one that is there. */
function historyOf({ history }: WorldFailed, units: readonly Unit[]): History {
  const kept = units.filter((unit) => unit.is === "round");
  const lives = history.lives.map(({ account }) => ({
    account,
    acts: units.flatMap((unit) => {
      if (unit.is === "round" || unit.account !== account) return [];
      const round = kept.findIndex(({ at }) => at >= unit.one.round);
      return round === -1 ? [] : [{ ...unit.one, round }];
    }),
  }));
  return { ...history, lives, rounds: kept.map(({ round }) => round) };
}

function withCalm(history: History, at: number): History {
  const rounds = history.rounds.map((round, other): Round => {
    return other === at ? { ...round, fault: null, events: "come", isListing: false } : round;
  });
  return { ...history, rounds };
}

/** Leaves out halves, quarters and so on, down to single ones. */
async function withFewer<Item>(
  all: readonly Item[],
  stillFails: (items: readonly Item[]) => Promise<boolean>,
): Promise<void> {
  let items = all;
  for (
    let size = Math.ceil(items.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = items.length - size; from > -size; from -= size) {
      const rest = [...items.slice(0, Math.max(0, from)), ...items.slice(from + size)];
      if (rest.length < items.length && (await stillFails(rest))) items = rest;
    }
  }
}

/** To be read by a person, and pasted into a test. */
export function told({ history, cause, message }: WorldFailed): string {
  const { lives, rounds, dear } = history;
  const story = rounds.map((round, at) => {
    const { pause, workers, fault, ...rest } = round;
    const when = "until" in pause ? new Date(pause.until).toISOString() : JSON.stringify(pause);
    const acts = lives.flatMap((life) =>
      life.acts.filter((one) => one.round === at).map(({ act }) => JSON.stringify(act)),
    );
    const isFaulty = fault !== null && (fault.death !== null || fault.fates.length > 0);
    const how = isFaulty ? ` ${JSON.stringify(fault)}` : "";
    return [`${when} worker: ${workers} ${JSON.stringify(rest)}${how}`, ...acts].join("\n    ");
  });
  const accounts = lives.map(({ account }) => account).join(", ");
  const stack = cause instanceof Error ? (cause.stack ?? message) : message;
  return [
    stack,
    `The history of account ${accounts}, dear from round ${dear.from} until ${dear.until}:`,
    ...story,
    JSON.stringify(history),
  ].join("\n");
}
