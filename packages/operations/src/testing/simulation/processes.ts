/**
 * Processes that share one database and one gateway, as edge and workers do, each with a writer of its
 * own. A process can be made to die at any commit and at any call: what was stored by then is all that
 * is left of it, and whatever it still tries afterwards comes to nothing.
 */
import type { PriceList } from "@scanmeter/core";
import { demoSeller } from "@scanmeter/core/documents";
import type { Database } from "@scanmeter/db";
import type { Clock } from "../../clock.ts";
import type { PaymentDeps } from "../../deps.ts";
import { makeOutbox } from "../../documents/outbox.ts";
import { type Buying, buyingOver } from "../../payments/buying.ts";
import type { Gateway } from "../../payments/gateway.ts";
import { sweepAll } from "../../sweep-all.ts";
import { Writer } from "../../writer.ts";

/** The process is gone, as far as whoever called can tell. */
export class Died extends Error {
  override readonly name = "Died";
}

/** At the n-th commit or call of a process, before it is done or right after. */
export interface Death {
  readonly at: number;
  readonly when: "before" | "after";
}

export interface Process {
  readonly deps: PaymentDeps;
  readonly buying: Buying;
  /** Does everything that is due by now, as a worker's sweeps do it. */
  work(): Promise<void>;
  readonly isDead: boolean;
}

const SWEEP_MAX = 500;
/** Whoever works on and on goes in circles. */
const ROUNDS_MAX = 50;

export interface ProcessOptions {
  readonly db: Database;
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly priceList: PriceList;
  /** When it dies; it lives on by default. */
  readonly death?: Death | null;
}

export function startProcess({
  db,
  gateway,
  clock,
  priceList,
  ...options
}: ProcessOptions): Process {
  const { death = null } = options;
  let left = death?.at ?? 0;
  let isDead = false;
  const die = () => {
    isDead = true;
    throw new Died("The process died.");
  };
  const step = async <A>(act: () => Promise<A>): Promise<A> => {
    if (isDead) die();
    if (death === null) return act();
    const strikes = left === 0 ? death.when : null;
    left -= 1;
    if (strikes === "before") die();
    const answer = await act();
    if (strikes === "after" || isDead) die();
    return answer;
  };

  const mortalDb: Database = {
    kind: db.kind,
    client: db.client,
    read: async (statement) =>
      (isDead ? die() : db.read(statement)) as ReturnType<Database["read"]>,
    write: (statements) => step(() => db.write(statements)),
    close: () => {},
  };
  const calls = Object.entries(gateway).map(([name, call]) => {
    if (typeof call !== "function" || name === "verifyEvent") return [name, call];
    const method = call as (...args: unknown[]) => Promise<unknown>;
    return [name, (...args: unknown[]) => step(() => method(...args))];
  });
  const mortalGateway = Object.fromEntries(calls) as Gateway;

  const deps: PaymentDeps = {
    db: mortalDb,
    clock,
    writer: new Writer(mortalDb, clock, () => {}),
    // Nobody wakes anybody: whatever is to be done, a sweep has to find.
    wake: () => {},
    payments: {
      gateway: mortalGateway,
      seller: demoSeller,
      priceList,
      publicUrl: () => "http://scanmeter.test",
    },
  };
  const buying = buyingOver(deps);
  const all = { ...deps, outbox: makeOutbox(deps), sweepPayments: buying.sweep };
  return {
    deps,
    buying,
    async work() {
      // What one round asks for at its very end, the next one finds.
      for (let rounds = 0, idle = 0; idle < 2; rounds += 1) {
        if (rounds === ROUNDS_MAX) throw new Error("There is always more to do.");
        const { rescued } = await sweepAll(all, null, SWEEP_MAX);
        idle = rescued === 0 ? idle + 1 : 0;
      }
    },
    get isDead() {
      return isDead;
    },
  };
}
