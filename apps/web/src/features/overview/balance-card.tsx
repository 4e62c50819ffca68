import type { PricesView } from "@scanmeter/contracts/checkout";
import type { Balance } from "@scanmeter/contracts/live";
import { createEffect, createMemo, on, Show } from "solid-js";
import { creditsInWords, formatCredits } from "../../format/credits.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import type { Reading } from "../../live/balance-reducer.ts";
import { usePlace } from "../../session/use-place.ts";
import { BuyCredits } from "./buy-credits.tsx";
import { keptInWords } from "./kept-words.ts";
import { NextExpiry } from "./next-expiry.tsx";
import { NoCredits } from "./no-credits.tsx";

export function BalanceCard(props: { reading: Reading; prices: PricesView | null }) {
  const feed = useBalanceFeed();
  const place = usePlace();
  const balance = () => props.reading.balance;
  const kept = () => {
    const overview = feed.state().overview;
    return overview?.kept ? { kept: overview.kept, lots: overview.lots, now: overview.now } : null;
  };
  return (
    <section class="card balance" aria-labelledby="balance-title">
      <h2 id="balance-title" class="card__title">
        Available balance
      </h2>
      <div class="balance__parts">
        <div class="balance__part">
          <Amount available={balance().available} />
          <Split balance={balance()} />
        </div>
        <Kinds balance={balance()} kept={kept()?.kept.credits ?? 0} />
        <div class="balance__part">
          <Show
            when={balance().available > 0}
            fallback={
              <NoCredits debt={balance().debt} canBeBought={props.prices?.isOpen !== false} />
            }
          >
            <NextExpiry expiry={props.reading.nextExpiry} />
          </Show>
        </div>
      </div>
      <Show when={kept()}>{(known) => <p class="notice">{keptInWords(known(), place())}</p>}</Show>
      <BuyCredits prices={props.prices} />
    </section>
  );
}

function Amount(props: { available: number }) {
  let element!: HTMLParagraphElement;
  // Frames come with every change of a scan too; only another number is worth a look.
  const available = createMemo(() => props.available);
  createEffect(
    on(
      available,
      () => {
        if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
        element.animate([{ opacity: 0.35 }, { opacity: 1 }], { duration: 600, easing: "ease-out" });
      },
      { defer: true },
    ),
  );
  return (
    <p class="balance__amount" ref={element}>
      <strong class="balance__number">{formatCredits(props.available)}</strong>{" "}
      {props.available === 1 ? "credit" : "credits"}
    </p>
  );
}

/** The share of paid credits as a bar; the figures beside it say the same. */
function Split(props: { balance: Balance }) {
  const paidPercent = () => (100 * props.balance.paid) / props.balance.available;
  return (
    <Show when={props.balance.available > 0}>
      <svg class="split" aria-hidden="true">
        <rect class="split__free" width="100%" height="100%" />
        <rect class="split__paid" width={`${paidPercent()}%`} height="100%" />
      </svg>
    </Show>
  );
}

/** Free against paid, and what is not spendable only when there is some. What is kept has a word of its own. */
function Kinds(props: { balance: Balance; kept: number }) {
  return (
    <div class="balance__part">
      <dl class="facts labelled">
        <div class="facts__fact">
          <dt>
            <span class="swatch swatch--paid" aria-hidden="true" />
            Paid
          </dt>
          <dd>{formatCredits(props.balance.paid)}</dd>
        </div>
        <div class="facts__fact">
          <dt>
            <span class="swatch swatch--free" aria-hidden="true" />
            Free
          </dt>
          <dd>{formatCredits(props.balance.free)}</dd>
        </div>
        <Show when={props.balance.frozen > 0}>
          <div class="facts__fact">
            <dt>Frozen</dt>
            <dd>{formatCredits(props.balance.frozen)}</dd>
          </div>
        </Show>
        <Show when={props.balance.debt > 0}>
          <div class="facts__fact facts__fact--loss">
            <dt>Owed</dt>
            <dd>{formatCredits(props.balance.debt)}</dd>
          </div>
        </Show>
      </dl>
      <Show when={props.balance.frozen > props.kept}>
        <p class="balance__note">Frozen credits are yours but cannot be spent at the moment.</p>
      </Show>
      <Show when={props.balance.debt > 0}>
        <p class="balance__note">
          {creditsInWords(props.balance.debt)} owed for hours that were scanned beyond the balance.
          The next credits repay them first.
        </p>
      </Show>
    </div>
  );
}
