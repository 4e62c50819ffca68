/** Each lot as a line from now to its date. Text and shape say what it is; colour only repeats it. */
import { createMemo, For, Show } from "solid-js";
import { dayInShort, shortMonth } from "../../format/instants.ts";
import { usePlace } from "../../session/use-place.ts";
import "../../styles/charts.css";
import { createWidth } from "../../ui/create-width.ts";
import { AXIS, type ExpiryGeometry, expiryGeometry, ROW } from "./expiry-geometry.ts";
import {
  datesInWords,
  type ExpiryRow,
  expiryInWords,
  type RowLook,
  rowInWords,
} from "./expiry-rows.ts";

const TEXT_Y = 13;
const LINE_Y = 26;

export default function ExpiryChart(props: { rows: readonly ExpiryRow[]; now: number }) {
  const place = usePlace();
  const { ref, width } = createWidth();
  const drawn = createMemo(() =>
    width() > 0 ? expiryGeometry(props.rows, { now: props.now, width: width() }) : null,
  );
  return (
    <div class="chart__drawing" ref={ref}>
      <svg
        class="chart__svg"
        height={props.rows.length * ROW + AXIS}
        role="img"
        aria-label={expiryInWords(props.rows, place())}
      >
        <Show when={drawn()}>
          {(geometry) => (
            <>
              <For each={geometry().rows}>
                {({ row, y, end, movedEnd }) => (
                  <>
                    <text class="chart__text chart__text--strong" x="0" y={y + TEXT_Y}>
                      {rowInWords(row, undefined, geometry().isNarrow)}
                    </text>
                    <text
                      class="chart__text chart__text--end"
                      x={geometry().right + geometry().left}
                      y={y + TEXT_Y}
                    >
                      {datesInWords(row, place(), geometry().isNarrow)}
                    </text>
                    <line
                      class="expiry__rail"
                      x1={geometry().left}
                      x2={geometry().right}
                      y1={y + LINE_Y}
                      y2={y + LINE_Y}
                    />
                    <line
                      class={`expiry__life expiry__life--${row.look}`}
                      x1={geometry().left}
                      x2={end}
                      y1={y + LINE_Y}
                      y2={y + LINE_Y}
                    />
                    <Show
                      when={movedEnd}
                      fallback={<Shape look={row.look} x={end} y={y + LINE_Y} />}
                    >
                      {(moved) => (
                        <>
                          <line
                            class="expiry__move"
                            x1={end}
                            x2={moved() - 5}
                            y1={y + LINE_Y}
                            y2={y + LINE_Y}
                          />
                          <Show when={row.endsAt !== null}>
                            <circle class="expiry__before" cx={end} cy={y + LINE_Y} r="4" />
                          </Show>
                          <Shape look="paid" x={moved()} y={y + LINE_Y} />
                        </>
                      )}
                    </Show>
                  </>
                )}
              </For>
              <Dates geometry={geometry()} />
            </>
          )}
        </Show>
      </svg>
    </div>
  );
}

function Shape(props: { look: RowLook; x: number; y: number }) {
  return (
    <path
      class={`expiry__shape expiry__shape--${props.look}`}
      d={shapes[props.look]}
      transform={`translate(${props.x} ${props.y})`}
    />
  );
}

/** Round what was paid, a diamond what was free, a square what is kept. */
const shapes = {
  paid: "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z",
  new: "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0Z",
  free: "M0,-6L6,0L0,6L-6,0Z",
  kept: "M-4.5,-4.5H4.5V4.5H-4.5Z",
} as const;

const EDGE_PX = 34;

function Dates(props: { geometry: ExpiryGeometry }) {
  const place = usePlace();
  const y = () => props.geometry.height - 5;
  const written = (at: number) =>
    props.geometry.isMonthly ? shortMonth(at, { timeZone: "UTC" }) : dayInShort(at, place());
  return (
    <>
      <text class="chart__text chart__text--now" x="0" y={y()}>
        Today
      </text>
      <For each={props.geometry.dates.filter(({ x }) => x <= props.geometry.right - EDGE_PX)}>
        {({ x, at }) => (
          <text class="chart__text chart__text--middle" x={x} y={y()}>
            {written(at)}
          </text>
        )}
      </For>
    </>
  );
}
