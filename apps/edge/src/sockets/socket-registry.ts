/**
 * The open sockets and who holds them. It counts them for the limits and ends those whose holder is
 * no longer who they were.
 */
import type { EdgeLimits } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import { type CloseReason, closeCodes } from "./close-codes.ts";
import type { Connection, Identity } from "./connection.ts";

/** Which sessions and keys still stand. Asked for many at once. */
export interface IdentityCheck {
  /** The account each session that still exists acts for. */
  sessions(tokens: readonly string[]): Promise<ReadonlyMap<string, string>>;
  isRunnerKeyValid(secret: string): Promise<boolean>;
}

export type Admission =
  | "admitted"
  | "too many here"
  | "too many from this address"
  | "too many of this user";

interface RegistryDeps {
  readonly limits: EdgeLimits;
  readonly metrics: Metrics;
}

export class SocketRegistry {
  readonly #deps: RegistryDeps;
  readonly #connections = new Set<Connection>();
  readonly #byAddress = new Map<string, number>();
  readonly #byHolder = new Map<string, number>();

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Whether one more socket would be within the limits; nothing is counted yet. */
  admission(address: string, identity: Identity | null): Admission {
    const { socketsMax, socketsPerAddressMax } = this.#deps.limits;
    if (this.#connections.size >= socketsMax) return "too many here";
    if ((this.#byAddress.get(address) ?? 0) >= socketsPerAddressMax) {
      return "too many from this address";
    }
    return identity !== null && this.#isAtLimit(identity) ? "too many of this user" : "admitted";
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
    this.#deps.metrics.sockets.inc();
    count(this.#byAddress, connection.address, 1);
    if (connection.identity !== null) count(this.#byHolder, holderOf(connection.identity), 1);
  }

  remove(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    this.#deps.metrics.sockets.dec();
    count(this.#byAddress, connection.address, -1);
    if (connection.identity !== null) count(this.#byHolder, holderOf(connection.identity), -1);
  }

  /** Notes who holds an open socket, once they have proved it. False when they hold too many. */
  identify(connection: Connection, identity: Identity): boolean {
    if (connection.identity !== null) return true;
    if (this.#isAtLimit(identity)) return false;
    connection.identity = identity;
    if (this.#connections.has(connection)) count(this.#byHolder, holderOf(identity), 1);
    return true;
  }

  end(connection: Connection, why: CloseReason): void {
    if (connection.socket.readyState !== connection.socket.OPEN) return;
    this.#deps.metrics.socketsEnded.inc({ reason: why });
    connection.socket.close(closeCodes[why]);
  }

  /**
   * Ends the sockets of sessions that are over or act for another account, of keys that were revoked
   * and of nobody, and asks the oldest to come back.
   */
  async check(identities: IdentityCheck): Promise<void> {
    const { socketLifetimeMs, socketSpeaksWithinMs } = this.#deps.limits;
    const now = performance.now();
    const sessions = new Map<string, Connection[]>();
    const keys = new Map<string, Connection[]>();
    for (const connection of this.#connections) {
      const { identity, openedAt } = connection;
      if (now - openedAt > socketLifetimeMs) this.end(connection, "comeBack");
      else if (identity?.is === "session") push(sessions, identity.sessionToken, connection);
      else if (identity?.is === "runner-key") push(keys, identity.secret, connection);
      // Time enough to say who it is, and to read the answer.
      else if (now - openedAt > 2 * socketSpeaksWithinMs) this.end(connection, "signedOut");
    }
    await Promise.all([
      this.#checkSessions(sessions, identities),
      ...[...keys].map(([secret, held]) => this.#checkKey(secret, held, identities)),
    ]);
  }

  async #checkSessions(sessions: Map<string, Connection[]>, identities: IdentityCheck) {
    if (sessions.size === 0) return;
    const accounts = await identities.sessions([...sessions.keys()]);
    for (const [token, held] of sessions) {
      const accountId = accounts.get(token);
      for (const connection of held) {
        const { identity } = connection;
        if (accountId === undefined) this.end(connection, "signedOut");
        else if (identity?.is !== "session" || identity.accountId !== accountId)
          this.end(connection, "otherAccount");
      }
    }
  }

  async #checkKey(secret: string, held: readonly Connection[], identities: IdentityCheck) {
    if (await identities.isRunnerKeyValid(secret)) return;
    for (const connection of held) this.end(connection, "signedOut");
  }

  #isAtLimit(identity: Identity): boolean {
    const { socketsPerUserMax, socketsPerRunnerKeyMax } = this.#deps.limits;
    const max = identity.is === "session" ? socketsPerUserMax : socketsPerRunnerKeyMax;
    return (this.#byHolder.get(holderOf(identity)) ?? 0) >= max;
  }
}

function holderOf(identity: Identity): string {
  return identity.is === "session" ? `user ${identity.userId}` : `key ${identity.runnerKeyId}`;
}

function count(counts: Map<string, number>, key: string, change: 1 | -1): void {
  const next = (counts.get(key) ?? 0) + change;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}

function push(groups: Map<string, Connection[]>, key: string, connection: Connection): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [connection]);
  else group.push(connection);
}
