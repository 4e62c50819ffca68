/**
 * An account's books, open for one decision after another. A decision reads the lots and scans as
 * they stand and books postings; the books apply each posting's entries to the lots, so a lot's
 * remainder can only ever be what its entries say. Nothing here is written anywhere: whoever opened
 * the books stores what was booked, in one batch guarded by the account's version.
 */
import type { LotId, ScanId, TopUpId } from "../ids.ts";
import { invariant } from "../invariant.ts";
import type { Scan } from "../metering/scan.ts";
import { add, type Instant, subtract } from "../units.ts";
import type { Account } from "./account.ts";
import { isOpenLot, type Lot } from "./lot.ts";
import {
  type Entry,
  type Extension,
  keptReasons,
  type Posting,
  type PostingKind,
} from "./posting.ts";

export interface PostingDraft {
  readonly kind: PostingKind;
  readonly key: string;
  readonly bookedAt: Instant;
  readonly fingerprint?: string;
  readonly entries?: readonly Entry[];
  readonly extensions?: readonly Extension[];
  readonly scanId?: ScanId;
  readonly hour?: number;
  readonly topUpId?: TopUpId | null;
  readonly askedBy?: string | null;
  readonly reverses?: number;
  readonly reason?: string;
}

/**
 * A credit goes back to a lot that was spent to the last one. Books are opened with the open lots
 * only, because that is what nearly every decision needs; whoever opened them reads the rest and
 * asks again.
 */
export class SpentLotsNotRead extends Error {
  override readonly name = "SpentLotsNotRead";
}

export class Journal {
  #account: Account;
  readonly #lots = new Map<LotId, Lot>();
  readonly #scans = new Map<ScanId, Scan>();
  readonly postings: Posting[] = [];
  /** As they were added; what their entries made of them is in `lots`. */
  readonly newLots: Lot[] = [];
  readonly changedScans = new Set<ScanId>();

  /** The instant all decisions over these books see. */
  readonly now: Instant;

  /** Whether the lots that were spent when the books were opened are among them. */
  readonly areSpentLotsRead: boolean;

  constructor(
    account: Account,
    lots: Iterable<Lot>,
    scans: Iterable<Scan>,
    now: Instant,
    areSpentLotsRead = true,
  ) {
    this.#account = account;
    this.now = now;
    this.areSpentLotsRead = areSpentLotsRead;
    for (const lot of lots) this.#lots.set(lot.id, lot);
    for (const scan of scans) this.#scans.set(scan.id, scan);
  }

  get account(): Account {
    return this.#account;
  }

  get lots(): Iterable<Lot> {
    return this.#lots.values();
  }

  get scans(): Iterable<Scan> {
    return this.#scans.values();
  }

  /** Throws `SpentLotsNotRead` for a lot that is not in the books. */
  lot(id: LotId): Lot {
    const lot = this.#lots.get(id);
    if (lot === undefined) throw new SpentLotsNotRead();
    return lot;
  }

  scan(id: ScanId): Scan | undefined {
    return this.#scans.get(id);
  }

  /** Adds a lot that holds nothing yet; the grant's entry fills it. */
  addLot(lot: Lot): void {
    invariant(!isOpenLot(lot), "a new lot is filled by its grant, not by hand");
    invariant(!this.#lots.has(lot.id), "a lot is added once");
    this.#lots.set(lot.id, lot);
    this.newLots.push(lot);
  }

  putScan(scan: Scan): void {
    this.#scans.set(scan.id, scan);
    this.changedScans.add(scan.id);
  }

  book(draft: PostingDraft): Posting {
    const entries = draft.entries ?? [];
    const extensions = draft.extensions ?? [];
    const keeps = aboutKept.has(draft.reason);
    for (const entry of entries) this.#apply(entry, keeps);
    for (const extension of extensions) this.#extend(extension);
    const version = this.#account.version + 1;
    const creditEpoch = this.#account.creditEpoch + Number(draft.kind === "grant");
    this.#account = { ...this.#account, version, creditEpoch };
    const posting: Posting = {
      accountId: this.#account.id,
      version,
      kind: draft.kind,
      key: draft.key,
      fingerprint: draft.fingerprint ?? null,
      bookedAt: draft.bookedAt,
      recordedAt: this.now,
      entries,
      extensions,
      scanId: draft.scanId ?? null,
      hour: draft.hour ?? null,
      topUpId: draft.topUpId ?? null,
      askedBy: draft.askedBy ?? null,
      reverses: draft.reverses ?? null,
      reason: draft.reason ?? null,
      balanceAfter: this.#account.balance,
      debtAfter: this.#account.debt,
    };
    this.postings.push(posting);
    return posting;
  }

  #apply(entry: Entry, keeps: boolean): void {
    invariant(entry.amount > 0, "an entry moves a positive amount");
    invariant(
      entry.from === "customer" || entry.to === "customer",
      "an entry of an account's posting touches the customer",
    );
    const { lotId, amount } = entry;
    const repaysDebt = entry.from === "customer" && entry.to === "customer";
    if (lotId !== null) this.#moveLot(lotId, entry, keeps);
    if (repaysDebt) invariant(lotId !== null, "debt is repaid from a lot");
    if (isHold(entry)) invariant(lotId !== null, "only a lot's credits are frozen");
    if (repaysDebt || (lotId === null && entry.to === "customer")) {
      this.#account = { ...this.#account, debt: subtract(this.#account.debt, amount) };
    } else if (lotId === null) {
      this.#account = { ...this.#account, debt: add(this.#account.debt, amount) };
    }
  }

  #moveLot(lotId: LotId, entry: Entry, keeps: boolean): void {
    this.#lots.set(lotId, afterEntry(this.lot(lotId), entry, keeps));
    const move = entry.from === "customer" ? subtract : add;
    this.#account = { ...this.#account, balance: move(this.#account.balance, entry.amount) };
  }

  #extend({ lotId, oldExpiresAt, newExpiresAt }: Extension): void {
    const lot = this.lot(lotId);
    invariant(lot.expiresAt === oldExpiresAt, "an extension starts from the date the lot has");
    invariant(newExpiresAt > oldExpiresAt, "an extension never shortens a lot's life");
    this.#lots.set(lotId, { ...lot, expiresAt: newExpiresAt });
  }
}

const isHold = ({ from, to }: Entry) => from === "holds" || to === "holds";

const aboutKept = new Set<string | undefined>(Object.values(keptReasons));

/**
 * What an entry makes of its lot. Credits that are frozen or released stay in it; those of a posting
 * that keeps credits past their date count apart from what disputes hold.
 */
export function afterEntry(
  lot: Lot,
  { from, to, amount }: Omit<Entry, "lotId">,
  keeps = false,
): Lot {
  let { remaining, frozen, kept } = lot;
  remaining = from === "customer" ? subtract(remaining, amount) : add(remaining, amount);
  if (to === "holds") frozen = add(frozen, amount);
  if (from === "holds") frozen = subtract(frozen, amount);
  if (keeps && to === "holds") kept = add(kept, amount);
  if (keeps && from === "holds") kept = subtract(kept, amount);
  invariant(kept <= frozen, "what is kept of a lot is frozen, and no dispute can take it");
  invariant(remaining + frozen <= lot.granted, "a lot never holds more than was granted");
  return { ...lot, remaining, frozen, kept };
}
