import type { UsageView } from "@scanmeter/contracts/usage";
import { createMemo, createSignal, For, Show } from "solid-js";
import { formatCredits } from "../../format/credits.ts";
import { dayInShort } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import { createWidth } from "../../ui/create-width.ts";
import {
  BARS_FLOOR,
  BARS_TEXT,
  BARS_TOP,
  type BurnGeometry,
  burnGeometry,
  DATES,
  END_TEXT,
  FLOOR,
  HEIGHT,
  type Mark,
  TOP,
} from "./burn-geometry.ts";
import { dayOfUseInWords } from "./usage-words.ts";

const DAY_MS = 86_400_000;

/** The balance as it went and as it would go on. A day is read by pointing at it or with the arrow keys. */
export function BurnChart(props: { view: UsageView; summary: string }) {
  const place = usePlace();
  const { ref, width } = createWidth();
  const [pointed, setPointed] = createSignal<number | null>(null);
  const drawn = createMemo(() => (width() > 0 ? burnGeometry(props.view, width()) : null));
  const today = () => props.view.days.length - 1;
  const read = () => Math.min(pointed() ?? today(), today());
  const words = () => {
    const day = props.view.days[read()];
    return day ? dayOfUseInWords(day, { isToday: read() === today() }) : "";
  };
  const dateOf = (day: number) => {
    const first = Date.parse(props.view.days[0]?.date ?? "");
    return dayInShort(first + day * DAY_MS, { timeZone: "UTC" });
  };
  const endsOn = () => {
    const { runsOutAt } = props.view.forecast;
    return runsOutAt === null ? "" : dayInShort(Date.parse(runsOutAt), place());
  };

  function point(event: PointerEvent & { currentTarget: HTMLElement }): void {
    const { left } = event.currentTarget.getBoundingClientRect();
    setPointed(drawn()?.dayAt(event.clientX - left) ?? null);
  }

  return (
    <div class="chart">
      <div
        class="chart__drawing"
        ref={ref}
        onPointerDown={point}
        onPointerMove={point}
        onPointerLeave={() => setPointed(null)}
      >
        <input
          class="chart__reader"
          type="range"
          aria-label="Date to read"
          min="0"
          max={today()}
          value={read()}
          aria-valuetext={words()}
          onInput={(event) => setPointed(Number(event.currentTarget.value))}
          onBlur={() => setPointed(null)}
        />
        <svg class="chart__svg" height={HEIGHT} role="img" aria-label={props.summary}>
          <Show when={drawn()}>
            {(geometry) => (
              <>
                <Axes geometry={geometry()} dateOf={dateOf} today={today()} />
                <Show when={pointed() !== null && geometry().days[read()]}>
                  {(day) => (
                    <rect
                      class="chart__band"
                      x={day().x}
                      y={TOP}
                      width={day().width}
                      height={BARS_FLOOR - TOP}
                    />
                  )}
                </Show>
                <path class="chart__area" d={geometry().area} />
                <path class="chart__line" d={geometry().line} />
                <path class="chart__forecast" d={geometry().forecast} />
                <For each={geometry().marks}>{(mark) => <MarkText mark={mark} />}</For>
                <Now geometry={geometry()} />
                <Show when={geometry().end}>
                  {(end) => <End x={end().x} right={geometry().right} date={endsOn()} />}
                </Show>
              </>
            )}
          </Show>
        </svg>
      </div>
      <p class="chart__reading">{words()}</p>
    </div>
  );
}

function Axes(props: { geometry: BurnGeometry; dateOf: (day: number) => string; today: number }) {
  return (
    <>
      <For each={props.geometry.levels}>
        {(level) => (
          <>
            <line
              class={level.credits === 0 ? "chart__floor" : "chart__level"}
              x1="38"
              x2={props.geometry.right}
              y1={level.y}
              y2={level.y}
            />
            <text class="chart__text chart__text--end" x="32" y={level.y + 4}>
              {formatCredits(level.credits)}
            </text>
          </>
        )}
      </For>
      <line
        class="chart__floor"
        x1="38"
        x2={props.geometry.right}
        y1={BARS_FLOOR}
        y2={BARS_FLOOR}
      />
      <text class="chart__text" x="38" y={BARS_TEXT}>
        Used each day
      </text>
      <Show when={props.geometry.mostUsed > 0}>
        <text class="chart__text chart__text--end" x="32" y={BARS_TOP + 5}>
          {formatCredits(props.geometry.mostUsed)}
        </text>
      </Show>
      <For each={props.geometry.days}>
        {(day) => (
          <Show when={day.bar}>
            {(bar) => (
              <rect
                class="chart__bar"
                x={bar().x}
                y={BARS_FLOOR - bar().height}
                width={bar().width}
                height={bar().height}
              />
            )}
          </Show>
        )}
      </For>
      <For each={props.geometry.dates}>
        {({ x, day }) => (
          <text
            class={`chart__text chart__text--middle ${day === props.today ? "chart__text--now" : ""}`}
            x={x}
            y={DATES}
          >
            {day === props.today ? "Today" : props.dateOf(day)}
          </text>
        )}
      </For>
    </>
  );
}

const wordsOf = (credits: string) => ({
  added: `+${credits}`,
  expired: `${credits} expired`,
  expiring: `${credits} expire`,
});

function MarkText(props: { mark: Mark }) {
  return (
    <text
      class={`chart__text chart__text--${props.mark.anchor} chart__mark chart__mark--${props.mark.is}`}
      x={props.mark.x}
      y={props.mark.y}
    >
      {wordsOf(formatCredits(props.mark.credits))[props.mark.is]}
    </text>
  );
}

function Now(props: { geometry: BurnGeometry }) {
  return (
    <>
      <line
        class="chart__now"
        x1={props.geometry.now.x}
        x2={props.geometry.now.x}
        y1={TOP - 6}
        y2={BARS_FLOOR}
      />
      <Show when={props.geometry.hasRoomForName}>
        <text class="chart__text chart__text--end" x={props.geometry.right} y={TOP - 10}>
          Forecast
        </text>
      </Show>
      <circle class="chart__dot" cx={props.geometry.now.x} cy={props.geometry.now.y} r="4" />
      <text
        class="chart__value"
        x={props.geometry.now.x + 8}
        y={Math.max(TOP - 8, props.geometry.now.y - 8)}
      >
        {formatCredits(props.geometry.now.credits)}
      </text>
    </>
  );
}

const END_PX = 60;

function End(props: { x: number; right: number; date: string }) {
  return (
    <>
      <circle class="chart__end" cx={props.x} cy={FLOOR} r="4" />
      <text
        class={`chart__text chart__end-text ${props.x > props.right - END_PX ? "chart__text--end" : "chart__text--middle"}`}
        x={props.x > props.right - END_PX ? props.right : props.x}
        y={END_TEXT}
      >
        None left {props.date}
      </text>
    </>
  );
}
