import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { useSearchParams } from "@solidjs/router";
import { createMemo, For, lazy, Show, Suspense } from "solid-js";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { createPolling } from "../../live/create-polling.ts";
import { useSession } from "../../session/session.tsx";
import { usePlace } from "../../session/use-place.ts";
import { WhoMay } from "../../shell/who-may.tsx";
import { useServerTime } from "../../time/server-time.tsx";
import { isExpecting } from "./expecting.ts";
import { consentInWords } from "./settings-words.ts";
import { CONFIGURE_PATH, statusInWords, type Way } from "./status-words.ts";

const AutoTopUpDialog = lazy(() => import("./auto-top-up-dialog.tsx"));

/** How automatic top-ups stand, in sentences, and the way to change them. */
export function AutoTopUpSection(props: { view: AutoTopUpView }) {
  const feed = useBalanceFeed();
  const session = useSession();
  const place = usePlace();
  const time = useServerTime();
  const words = createMemo(() => statusInWords(props.view, place()));
  const mayChange = () => {
    const role = session.me()?.role;
    return role === "owner" || role === "billing";
  };

  const available = () => feed.state().newest?.balance.available ?? null;
  const expects = createMemo(() => isExpecting(props.view, available(), time.now()));

  return (
    <section class="card auto-status" aria-labelledby="auto-top-up-title">
      <div class="card__head">
        <div class="auto-status__title">
          <h2 id="auto-top-up-title" class="card__title">
            Auto top-up
          </h2>
          <span class={`tag ${tagOf(props.view.enabled, words().isWorking)}`}>{words().state}</span>
        </div>
        <Show when={mayChange()}>
          <WayOut way={{ label: "Auto top-up configuration", href: CONFIGURE_PATH }} />
        </Show>
      </div>
      <div class="auto-status__sentences" role="status">
        <For each={words().sentences}>{(sentence) => <p>{sentence}</p>}</For>
        <Show when={props.view.enabled && props.view.consent}>
          {(consent) => <p class="quiet">{consentInWords(consent(), place())}</p>}
        </Show>
        <Show when={!mayChange()}>
          <p class="quiet">
            <WhoMay who="buyers" to="change it" />
          </p>
        </Show>
      </div>
      <Show when={mayChange() && words().ways.length > 0}>
        <div class="auto-status__ways">
          <For each={words().ways}>{(way) => <WayOut way={way} isButton />}</For>
        </div>
      </Show>
      <Show when={expects()}>
        <Expecting />
      </Show>
      <Show when={mayChange()}>
        <Configuration />
      </Show>
    </section>
  );
}

/** Looks until what is expected has happened, or has not for a while. */
function Expecting() {
  const feed = useBalanceFeed();
  createPolling(async () => feed.refresh());
  return null;
}

function tagOf(isOn: boolean, isWorking: boolean): string {
  if (!isWorking) return "tag--strong";
  return isOn ? "tag--accent" : "";
}

/** What is configured stays on this page, where the reader is. */
function WayOut(props: { way: Way; isButton?: boolean }) {
  const opensDialog = () => props.way.href === CONFIGURE_PATH;
  // Whoever points at it is about to open it.
  const prepare = () => void (opensDialog() && AutoTopUpDialog.preload());
  return (
    <a
      class={props.isButton ? "button button--plain button--small" : "link--target"}
      href={props.way.href}
      noScroll={opensDialog()}
      aria-haspopup={opensDialog() ? "dialog" : undefined}
      onPointerEnter={prepare}
      onFocus={prepare}
    >
      {props.way.label}
    </a>
  );
}

/** Open as the address says, so that mails and notices lead here too. */
function Configuration() {
  const [query, setQuery] = useSearchParams<{ configure?: string }>();
  const isOpen = () => query.configure === "auto-top-up";
  const wasOpened = createMemo<boolean>((was) => was || isOpen(), false);
  const close = () => setQuery({ configure: undefined }, { replace: true, scroll: false });
  return (
    <Show when={wasOpened()}>
      <Suspense>
        <AutoTopUpDialog isOpen={isOpen()} onClose={close} />
      </Suspense>
    </Show>
  );
}
