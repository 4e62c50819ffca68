import { createEffect, createSignal, onCleanup } from "solid-js";
import { balanceChangeInWords } from "../format/credits.ts";
import { useBalanceFeed } from "../live/balance-feed.tsx";

/** Changes that follow each other within this time are one announcement. */
const QUIET_MS = 1_500;

/** Tells a screen reader, politely and once per burst, that the balance has moved. */
export function BalanceAnnouncer() {
  const feed = useBalanceFeed();
  const [sentence, setSentence] = createSignal("");
  let announced: number | undefined;

  createEffect(() => {
    const available = feed.state().newest?.balance.available;
    if (available === undefined) return;
    // The first value is on the page already and is read like the rest of it.
    announced ??= available;
    const timer = setTimeout(() => {
      if (announced !== undefined && announced !== available) {
        setSentence(balanceChangeInWords({ before: announced, after: available }));
      }
      announced = available;
    }, QUIET_MS);
    onCleanup(() => clearTimeout(timer));
  });

  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {sentence()}
    </p>
  );
}
