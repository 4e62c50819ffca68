import { createEffect, createMemo, createSignal, on, onCleanup } from "solid-js";
import { balanceChangeInWords } from "../format/credits.ts";
import { useBalanceFeed } from "../live/balance-feed.tsx";

/** Changes within this time of the first are one announcement. */
const BATCH_MS = 1_500;

/** Tells a screen reader, politely and once per burst, that the balance has moved. */
export function BalanceAnnouncer() {
  const feed = useBalanceFeed();
  const [sentence, setSentence] = createSignal("");
  const available = createMemo(() => feed.state().newest?.balance.available);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  createEffect(
    on(available, (_, before) => {
      // The first value is on the page already and is read like the rest of it.
      if (before === undefined) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        const after = available();
        if (after !== undefined) setSentence(balanceChangeInWords({ before, after }));
      }, BATCH_MS);
    }),
  );

  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {sentence()}
    </p>
  );
}
