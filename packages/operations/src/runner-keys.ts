import { createHash, randomBytes } from "node:crypto";
import {
  type AccountId,
  accept,
  type Outcome,
  type Refusal,
  type RunnerKeyId,
  refuse,
  settings,
} from "@scanmeter/core";
import {
  findRunnerKeyBySecret,
  insertRunnerKey,
  listRunnerKeys,
  type RunnerKey,
  revokeRunnerKey as revokeStatement,
  touchRunnerKey,
} from "@scanmeter/db";
import type { Deps } from "./deps.ts";
import { mintId } from "./mint-id.ts";

export const RUNNER_KEYS_MAX = 100;

/** Secrets start with this, ids with another prefix, so the two cannot be mistaken for each other. */
const SECRET_PREFIX = "smk_";
const TOUCH_EVERY_MS = 60_000;
const BELIEVED_MAX = 10_000;

/** A fast hash is enough, because the secret is 256 random bits and not a password. */
const hashOf = (secret: string) => createHash("sha256").update(secret).digest("base64url");

export interface CreatedRunnerKey {
  readonly key: RunnerKey;
  /** Shown once; only its hash is kept. */
  readonly secret: string;
}

export async function createRunnerKey(
  deps: Deps,
  { accountId, name }: { readonly accountId: string; readonly name: string },
): Promise<Outcome<CreatedRunnerKey, Refusal>> {
  const keys = await listRunnerKeys(deps.db, accountId);
  if (keys.filter((key) => key.revokedAt === null).length >= RUNNER_KEYS_MAX) {
    return refuse({ code: "too_many", what: "runner keys", max: RUNNER_KEYS_MAX });
  }
  const secret = `${SECRET_PREFIX}${randomBytes(32).toString("base64url")}`;
  const key: RunnerKey = {
    id: mintId("runnerKey"),
    accountId: accountId as AccountId,
    name,
    prefix: secret.slice(0, SECRET_PREFIX.length + 6),
    createdAt: deps.clock.now(),
    lastUsedAt: null,
    revokedAt: null,
  };
  await deps.db.write([insertRunnerKey(key, hashOf(secret))]);
  return accept({ key, secret });
}

async function revokeRunnerKey(
  deps: Deps,
  command: { readonly accountId: string; readonly runnerKeyId: string },
): Promise<Outcome<RunnerKey, Refusal>> {
  const { accountId, runnerKeyId } = command;
  const keys = await listRunnerKeys(deps.db, accountId);
  const key = keys.find(({ id }) => id === runnerKeyId);
  if (key === undefined) return refuse({ code: "runner_key_not_found", runnerKeyId });
  const revokedAt = key.revokedAt ?? deps.clock.now();
  await deps.db.write([revokeStatement(accountId, runnerKeyId, revokedAt)]);
  return accept({ ...key, revokedAt });
}

export interface RunnerIdentity {
  readonly accountId: AccountId;
  readonly runnerKeyId: RunnerKeyId;
}

/**
 * Who a secret belongs to, and how it stops. An answer is believed for two seconds, so a revoked key stops working
 * everywhere well within five without a database read for each heartbeat.
 */
export function makeRunnerKeyring(deps: Deps) {
  const believed = new Map<string, { identity: RunnerIdentity | null; until: number }>();
  const touched = new Map<string, number>();
  const authenticate = async (secret: string): Promise<RunnerIdentity | null> => {
    if (!secret.startsWith(SECRET_PREFIX)) return null;
    const hash = hashOf(secret);
    const known = believed.get(hash);
    if (known !== undefined && known.until > performance.now()) return known.identity;

    const key = await findRunnerKeyBySecret(deps.db, hash);
    const identity = key === null ? null : { accountId: key.accountId, runnerKeyId: key.id };
    if (believed.size >= BELIEVED_MAX) believed.clear();
    believed.set(hash, { identity, until: performance.now() + settings.runnerKeyBelievedMs });
    const now = deps.clock.now();
    if (key !== null && now - (touched.get(key.id) ?? key.lastUsedAt ?? 0) >= TOUCH_EVERY_MS) {
      touched.set(key.id, now);
      // Nobody waits for this, and a runner is let in whether or not it could be noted.
      deps.db.write([touchRunnerKey(key.id, now)]).catch(() => touched.delete(key.id));
    }
    return identity;
  };
  return {
    authenticate,
    async revoke(command: { readonly accountId: string; readonly runnerKeyId: string }) {
      const outcome = await revokeRunnerKey(deps, command);
      believed.clear();
      return outcome;
    },
  };
}
