import { creditsWords } from "../../documents/words.ts";
import { buy, overview, type WritersOf } from "./written.ts";

export const balanceWriters: WritersOf<"low_balance" | "depleted" | "recovered"> = {
  low_balance: ({ available, isBuying }) => ({
    title: `${creditsWords(available)} left`,
    sentences: [
      `Your balance is down to ${creditsWords(available)}.`,
      buysMore(isBuying) ?? "Each started hour of a scan takes one.",
    ],
    action: buy,
  }),

  depleted: ({ isBuying }) => ({
    title: "No credits left",
    sentences: [
      "There are no credits to spend.",
      buysMore(isBuying) ?? "A scan needs one for each hour it starts.",
    ],
    action: buy,
  }),

  recovered: ({ available }) => ({
    title: "Credits are available again",
    sentences: [`You have ${creditsWords(available)} to spend.`],
    action: overview,
  }),
};

const buysMore = (isBuying: boolean) =>
  isBuying ? "More credits are being bought automatically." : null;
