/**
 * Says on every page of a sandbox that it is one and no money moves, with the test clock at hand. On a
 * real server it does not exist and nothing shows.
 */
import { createSignal, For, onCleanup, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { createCommand } from "../../api/create-command.ts";
import { shortInstantWithSeconds } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";

const RATES = [1, 60, 360];
/** Others may move the clock too: another tab, a script. */
const LOOK_EVERY_MS = 5_000;

export default function SandboxBar() {
  const time = useServerTime();
  const place = usePlace();
  const command = createCommand<"hour" | "day" | "rate">();
  const [hasStripe, setHasStripe] = createSignal(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  const take = (clock: { now: string; rate?: number }) =>
    time.follow({
      serverMs: Date.parse(clock.now),
      ...(clock.rate === undefined ? {} : { rate: clock.rate }),
    });

  async function look(): Promise<void> {
    try {
      take(await api.sandbox.clock.query());
    } catch (error) {
      // Absent means a real server, for good. Anything else passes.
      if (callFailureOf(error).is === "absent") return;
    }
    timer = setTimeout(look, LOOK_EVERY_MS);
  }
  void look();
  void api.sandbox.info
    .query()
    .then(({ stripeUrl }) => setHasStripe(stripeUrl !== null))
    .catch(() => {});

  const move = (
    what: "hour" | "day" | "rate",
    ask: () => Promise<{ now: string; rate?: number }>,
  ) =>
    void command.run(async () => {
      take(await ask());
    }, what);

  const rates = () => {
    const current = time.clock().rate;
    return RATES.includes(current) ? RATES : [...RATES, current].sort((a, b) => a - b);
  };

  return (
    <Show when={time.isTestClock()}>
      <aside class="sandbox" aria-label="Sandbox controls">
        <div class="sandbox__inner">
          <p class="sandbox__note">
            <span>
              <strong>Sandbox:</strong>{" "}
              {hasStripe() ? "test payments, no money moves." : "nothing can be bought here."}
            </span>
            <span class="sandbox__links">
              <a href="/sandbox/mailbox" rel="external">
                Mailbox
              </a>
              <Show when={hasStripe()}>
                <a href="/sandbox/stripe" rel="external">
                  Local Stripe
                </a>
              </Show>
            </span>
          </p>
          <div class="sandbox__controls">
            <span class="sandbox__clock">
              <span class="visually-hidden">Test clock: </span>
              {shortInstantWithSeconds(time.now(), place())}
            </span>
            <Button
              size="small"
              isBusy={command.isBusy("hour")}
              onClick={() => move("hour", () => api.sandbox.advance.mutate({ by: { hours: 1 } }))}
            >
              +1 hour
            </Button>
            <Button
              size="small"
              isBusy={command.isBusy("day")}
              onClick={() => move("day", () => api.sandbox.advance.mutate({ by: { days: 1 } }))}
            >
              +1 day
            </Button>
            <label class="sandbox__rate">
              <span class="sandbox__rate-label">Speed</span>
              <select
                aria-label="Speed of the test clock"
                class="input input--small"
                onChange={(event) => {
                  const rate = Number(event.currentTarget.value);
                  move("rate", () => api.sandbox.setRate.mutate({ rate }));
                }}
              >
                <For each={rates()}>
                  {(rate) => (
                    <option value={rate} selected={rate === time.clock().rate}>
                      {rate}×
                    </option>
                  )}
                </For>
              </select>
            </label>
          </div>
          <Show when={command.problem()}>
            <p class="sandbox__problem" role="alert">
              {command.problem()}
            </p>
          </Show>
        </div>
      </aside>
    </Show>
  );
}
