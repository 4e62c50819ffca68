/** The moves a reversal can make, each applied at once to the lots as they then stand. */
import type { LotId } from "../ids.ts";
import type { Draw } from "../ledger/draw.ts";
import { afterEntry, SpentLotsNotRead } from "../ledger/journal.ts";
import { byDrawOrder, byRoomOrder, isSpendableAt, type Lot, roomOf } from "../ledger/lot.ts";
import { add, type Credits, type Instant, NO_CREDITS, smaller, subtract, total } from "../units.ts";

/** Credits that were taken, from a lot or, when it is null, as debt. */
export interface Taken {
  readonly lotId: LotId | null;
  readonly amount: Credits;
}

export interface Move {
  readonly kind: "release" | "take" | "give_back" | "freeze";
  readonly lotId: LotId | null;
  readonly amount: Credits;
}

/** Where each kind of move takes its credits from, and where to. */
export const sidesOf = {
  release: { from: "holds", to: "customer" },
  take: { from: "customer", to: "refunds" },
  give_back: { from: "refunds", to: "customer" },
  freeze: { from: "customer", to: "holds" },
} as const;

export class ReversalDesk {
  readonly #lots: Map<LotId, Lot>;
  readonly #at: Instant;
  readonly #purchaseLotId: LotId;
  readonly moves: Move[] = [];
  /** What holds of decided disputes set free; if credits are to be taken, these go first. */
  readonly #released: Draw[] = [];
  #debt: Credits;

  constructor(lots: Iterable<Lot>, debt: Credits, at: Instant, purchaseLotId: LotId) {
    this.#lots = new Map([...lots].map((lot) => [lot.id, lot]));
    this.#debt = debt;
    this.#at = at;
    this.#purchaseLotId = purchaseLotId;
  }

  release({ lotId, amount }: Draw): void {
    this.#move("release", lotId, amount);
    this.#released.push({ lotId, amount });
  }

  take(amount: Credits): Taken[] {
    // A lot may have expired while its credits were frozen; those are taken all the same.
    const draws = pick(
      amount,
      [...this.#released, ...this.#spendable()],
      (lotId) => this.#lot(lotId).remaining,
    );
    for (const draw of draws) this.#move("take", draw.lotId, draw.amount);
    const rest = subtract(amount, total(draws.map((draw) => draw.amount)));
    if (rest === NO_CREDITS) return draws;
    this.moves.push({ kind: "take", lotId: null, amount: rest });
    this.#debt = add(this.#debt, rest);
    return [...draws, { lotId: null, amount: rest }];
  }

  freeze(amount: Credits): Draw[] {
    const draws = pick(amount, this.#spendable(), (lotId) => this.#lot(lotId).remaining);
    for (const draw of draws) this.#move("freeze", draw.lotId, draw.amount);
    return draws;
  }

  /**
   * Back to the lot it came from, or off the debt it became. If that debt was repaid meanwhile, or a
   * returned hour took the lot's room, the credits go to a paid lot that gave credits away: there is
   * always room, because each credit that comes back once left a lot.
   */
  giveBack({ lotId, amount }: Taken): void {
    let left = amount;
    if (lotId === null) {
      const offDebt = smaller(left, this.#debt);
      if (offDebt > 0) this.moves.push({ kind: "give_back", lotId: null, amount: offDebt });
      this.#debt = subtract(this.#debt, offDebt);
      left = subtract(left, offDebt);
    }
    while (left > 0) {
      const taker = this.#takerOf(lotId ?? this.#purchaseLotId);
      const part = smaller(left, roomOf(taker));
      this.#move("give_back", taker.id, part);
      left = subtract(left, part);
    }
  }

  #takerOf(preferred: LotId): Lot {
    const origin = this.#lot(preferred);
    if (roomOf(origin) > 0) return origin;
    const taker = [...this.#lots.values()]
      .filter((lot) => lot.kind === "paid" && roomOf(lot) > 0)
      .sort(byRoomOrder(this.#at))[0];
    if (taker === undefined) throw new SpentLotsNotRead();
    return taker;
  }

  /** Unused credits of the purchase itself first, then other paid ones in the order of a debit. */
  #spendable(): Draw[] {
    const isOwn = (lot: Lot) => Number(lot.id === this.#purchaseLotId);
    return [...this.#lots.values()]
      .filter((lot) => lot.kind === "paid" && isSpendableAt(lot, this.#at))
      .sort((a, b) => isOwn(b) - isOwn(a) || byDrawOrder(a, b))
      .map(({ id, remaining }) => ({ lotId: id, amount: remaining }));
  }

  #lot(id: LotId): Lot {
    const lot = this.#lots.get(id);
    if (lot === undefined) throw new SpentLotsNotRead();
    return lot;
  }

  #move(kind: Move["kind"], lotId: LotId, amount: Credits): void {
    this.#lots.set(lotId, afterEntry(this.#lot(lotId), { ...sidesOf[kind], amount }));
    this.moves.push({ kind, lotId, amount });
  }
}

/** Takes from one offer after the other, no more than each lot has; a lot may be offered twice. */
function pick(
  amount: Credits,
  offers: readonly Draw[],
  remainingOf: (lotId: LotId) => Credits,
): Draw[] {
  const picked = new Map<LotId, Credits>();
  let owed = amount;
  for (const { lotId, amount: offered } of offers) {
    const before = picked.get(lotId) ?? NO_CREDITS;
    const part = smaller(smaller(offered, owed), subtract(remainingOf(lotId), before));
    if (part === NO_CREDITS) continue;
    picked.set(lotId, add(before, part));
    owed = subtract(owed, part);
  }
  return [...picked].map(([lotId, part]) => ({ lotId, amount: part }));
}
