/** An operator who grants credits over the operator's socket, each grant with a key of its own. */
import { setTimeout as delay } from "node:timers/promises";
import type { CommandAnswer } from "../../src/ops/commands.ts";
import { askInstance } from "../../src/ops/socket.ts";
import type { AckLog } from "./ack-log.ts";
import type { Answer } from "./call.ts";
import type { Dice } from "./dice.ts";
import type { MortalService } from "./mortal-service.ts";

export interface GrantBotDeps {
  readonly service: MortalService;
  readonly acks: AckLog;
  readonly dice: Dice;
  readonly accountIds: readonly string[];
  /** The service's clock, for credits that expire soon. */
  readonly now: () => number;
}

const HOUR_MS = 3_600_000;
/** Credits come at about the pace at which they are spent, so that some scans have to wait. */
const PAUSE_MAX_MS = 60;

export async function runGrantBot(deps: GrantBotDeps, until: AbortSignal): Promise<void> {
  const { service, acks, dice, accountIds } = deps;
  for (let count = 1; !until.aborted; count++) {
    const accountId = dice.pick(accountIds);
    const credits = dice.between(1, 6);
    const key = `grant-${count}`;
    const expires = dice.happens(0.4)
      ? new Date(deps.now() + dice.between(1, 6) * HOUR_MS).toISOString()
      : undefined;
    const kind = dice.pick(["paid", "free"]);
    const input = { account: accountId, credits, kind, key, ...(expires && { expires }) };
    const answer = await service.answered(async ({ dataDir }) =>
      asAnswer(await ask(dataDir, input)),
    );
    if (answer.ok) acks.append({ what: "granted", accountId, key, credits, ...answer.data });
    else acks.append({ what: "not granted", accountId, key });
    await delay(dice.between(0, PAUSE_MAX_MS));
  }
}

async function ask(dataDir: string, input: object): Promise<CommandAnswer> {
  const answer = await askInstance(dataDir, "grant", input);
  if (answer === null) throw new Error("Nobody listens.");
  return answer;
}

function asAnswer(answer: CommandAnswer): Answer<{ version: number }> {
  if (answer.ok) return { ok: true, status: 200, data: { version: Number(answer.result.version) } };
  const status = answer.code === "failed" ? 500 : 422;
  return { ok: false, status, error: { message: answer.said, data: { code: answer.code } } };
}
