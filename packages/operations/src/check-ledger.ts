/**
 * Follows an account's chain of hashes for its customer, who wants to know when that was done last and
 * what came of it. A long chain is followed in steps, one for each time somebody asks, and what was
 * followed is remembered, so that asking often costs no more than what was booked meanwhile. After
 * some time it begins anew: what was whole then may not be now. Losing the memory costs a walk.
 */
import type { Instant } from "@scanmeter/core";
import {
  brokenLink,
  type ChainPlace,
  chainStart,
  findChainHead,
  raiseAlert,
  walkPostings,
} from "@scanmeter/db";
import type { Deps } from "./deps.ts";

export interface LedgerCheck {
  /** When the first posting was looked at, and when the last one. */
  readonly begunAt: Instant;
  readonly checkedAt: Instant;
  /** How many were followed, from the first on, and how many there are. */
  readonly checked: number;
  readonly postings: number;
  /** The hash of the last one that was followed; empty before the first. */
  readonly hash: string;
  /** What does not follow, in words that begin with its number; null as long as all is well. */
  readonly broken: string | null;
}

interface Walk {
  readonly begunAt: Instant;
  readonly place: ChainPlace;
  readonly broken: string | null;
}

/** Some tenths of a second's work. */
const STEP = 20_000;
const BEGIN_ANEW_MS = 60 * 60_000;
const REMEMBERED_MAX = 10_000;

type CheckDeps = Pick<Deps, "db" | "clock">;

export class LedgerChecks {
  readonly #deps: CheckDeps;
  readonly #step: number;
  readonly #walks = new Map<string, Walk>();
  /** One at a time, whoever asks: nobody's history is to slow down everybody's calls. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: CheckDeps, step = STEP) {
    this.#deps = deps;
    this.#step = step;
  }

  /** Null for an unknown account. */
  check(accountId: string): Promise<LedgerCheck | null> {
    const mine = this.#turn.then(() => this.#check(accountId));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #check(accountId: string): Promise<LedgerCheck | null> {
    const head = await findChainHead(this.#deps.db, accountId);
    if (head === null) return null;
    const known = this.#walks.get(accountId);
    const walk = await this.#goOn(accountId, this.#mayGoOn(known, head) ? known : null, head);
    this.#remember(accountId, walk);
    if (walk.broken !== null && known?.broken !== walk.broken) await this.#tell(accountId, walk);
    return {
      begunAt: walk.begunAt,
      checkedAt: this.#deps.clock.now(),
      checked: walk.place.version,
      postings: head.version,
      hash: walk.place.hash,
      broken: walk.broken,
    };
  }

  #mayGoOn(walk: Walk | undefined, head: ChainPlace): walk is Walk {
    if (walk === undefined) return false;
    const isOver = walk.broken !== null || walk.place.version === head.version;
    return !isOver || this.#deps.clock.now() - walk.begunAt < BEGIN_ANEW_MS;
  }

  async #goOn(accountId: string, known: Walk | null, head: ChainPlace): Promise<Walk> {
    if (known !== null && known.broken !== null) return known;
    const { db, clock } = this.#deps;
    const begunAt = known?.begunAt ?? clock.now();
    let place = known?.place ?? chainStart;
    const until = Math.min(head.version, place.version + this.#step);
    const broken = (what: string): Walk => ({ begunAt, place, broken: what });
    if (place.version < until) {
      for await (const link of walkPostings(db, { accountId, afterVersion: place.version })) {
        const found = brokenLink(place, link);
        if (found !== null) return broken(found);
        place = { version: link.posting.version, hash: link.hash };
        if (place.version === until) break;
      }
    }
    if (place.version < until) return broken(`${place.version + 1} is missing`);
    // The newest one has nothing behind it that would show its loss; the account remembers it.
    const isAtHead = place.version === head.version;
    if (isAtHead && place.hash !== head.hash) return broken(`${place.version} was another one`);
    return { begunAt, place, broken: null };
  }

  #remember(accountId: string, walk: Walk): void {
    // Inserted anew, so that the map's order is the order of asking and the first key the oldest.
    this.#walks.delete(accountId);
    this.#walks.set(accountId, walk);
    if (this.#walks.size <= REMEMBERED_MAX) return;
    for (const oldest of this.#walks.keys()) {
      this.#walks.delete(oldest);
      return;
    }
  }

  async #tell(accountId: string, { broken }: Walk): Promise<void> {
    const text = `The ledger of account ${accountId} is broken: posting ${broken}.`;
    const alert = { key: `broken-ledger-${accountId}`, kind: "broken_ledger", accountId, text };
    await this.#deps.db.write([raiseAlert(alert, this.#deps.clock.now())]);
  }
}
