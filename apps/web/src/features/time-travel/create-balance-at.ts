import type { Balance } from "@scanmeter/contracts/live";
import { type Accessor, createMemo, createSignal } from "solid-js";
import { api } from "../../api/client.ts";
import { createLastAnswer } from "../../live/create-last-answer.ts";
import type { LastAnswer } from "../../live/last-answer.ts";

export interface DayEnd {
  readonly day: number;
  readonly at: number;
}

/** Under its own date: it stays while the balance of another day is on its way. */
export interface DayBalance {
  readonly day: number;
  readonly balance: Balance;
}

export interface BalanceAt {
  readonly state: Accessor<LastAnswer<DayBalance>>;
  /** After a failure. */
  tryAgain(): void;
}

/**
 * The server's balance at the end of a day, asked for when the sliding rests, and anew with each
 * version of the account, because what is bought or spent now is there then. Null asks for nothing:
 * now the page knows by itself.
 */
export function createBalanceAt(
  wanted: Accessor<DayEnd | null>,
  version: Accessor<number | undefined>,
): BalanceAt {
  const [attempt, setAttempt] = createSignal(0);
  const question = createMemo(() => {
    const end = wanted();
    return end && { ...end, version: version(), attempt: attempt() };
  });
  const { state } = createLastAnswer(
    question,
    async ({ day, at }): Promise<DayBalance> => {
      const { balance } = await api.account.balanceAt.query({ at: new Date(at).toISOString() });
      return { day, balance };
    },
    { isForgotten: true },
  );
  return { state, tryAgain: () => void setAttempt((count) => count + 1) };
}
