/**
 * Where everything of the drawing is, in pixels: the balance as steps with its forecast above, what was
 * used each day below, over the same days. Both begin at zero. A day is as wide as another, whatever
 * the clocks do.
 */
import type { ForecastView, UsageView } from "@scanmeter/contracts/usage";
import { scaleLinear } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { dayTicks } from "../../ui/day-ticks.ts";

export const HEIGHT = 280;
const LEFT = 38;
const RIGHT = 12;
/** Of the balance, its highest and its zero; of the bars likewise; and the line of the dates. */
export const TOP = 26;
export const FLOOR = 170;
export const BARS_TOP = 220;
export const BARS_FLOOR = 254;
export const DATES = 273;
/** Between the two: when nothing is left, and what the bars are. */
export const END_TEXT = 188;
export const BARS_TEXT = 208;

const DAY_MS = 86_400_000;
const DATE_PX = 64;

export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly credits: number;
  readonly is: "added" | "expired" | "expiring";
  /** Which part of its words stands at its place. */
  readonly anchor: "start" | "middle" | "end";
}

export interface BurnGeometry {
  readonly line: string;
  readonly area: string;
  readonly forecast: string;
  readonly levels: readonly { readonly y: number; readonly credits: number }[];
  /** One for each day, from edge to edge, with the bar of what was used in it. */
  readonly days: readonly {
    readonly x: number;
    readonly width: number;
    readonly bar: { readonly x: number; readonly width: number; readonly height: number } | null;
  }[];
  readonly mostUsed: number;
  /** Days from the first one on, where a date is written. */
  readonly dates: readonly { readonly x: number; readonly day: number }[];
  readonly now: { readonly x: number; readonly y: number; readonly credits: number };
  /** Where the forecast reaches nothing; null when that is further away than is drawn. */
  readonly end: { readonly x: number } | null;
  /** What came and what expired, as far as there is room to write it. */
  readonly marks: readonly Mark[];
  /** Whether what is ahead can be named without standing in the way of anything. */
  readonly hasRoomForName: boolean;
  readonly right: number;
  /** Which day is at a place; null ahead of today. */
  dayAt(x: number): number | null;
}

interface Point {
  readonly day: number;
  readonly credits: number;
}

export function burnGeometry(view: UsageView, width: number): BurnGeometry {
  const { days, balanceAtStart } = view;
  const from = Date.parse(view.from);
  const count = days.length;
  const dayOf = (at: string) => (Date.parse(at) - from) / DAY_MS;
  // Where the clocks were changed, days differ from 24 hours, and today is still today.
  const now = Math.min(Math.max(dayOf(view.to), count - 1), count);
  const { points: course, span } = foreseen(view.forecast, { now, count, dayOf });

  const right = Math.max(LEFT + 1, width - RIGHT);
  const x = scaleLinear([0, span], [LEFT, right]);
  const highest = Math.max(1, balanceAtStart, ...days.map(({ balanceAtEnd }) => balanceAtEnd));
  const y = scaleLinear([0, highest], [FLOOR, TOP]);
  const mostUsed = Math.max(0, ...days.map(({ used }) => used));
  const bar = scaleLinear([0, Math.max(1, mostUsed)], [0, BARS_FLOOR - BARS_TOP]);
  const current = days.at(-1)?.balanceAtEnd ?? 0;

  const steps: Point[] = [
    { day: 0, credits: balanceAtStart },
    ...days.map(({ balanceAtEnd }, day) => ({ day, credits: balanceAtEnd })),
    { day: now, credits: current },
  ];
  const px = ({ day }: Point) => x(day);
  const py = ({ credits }: Point) => y(credits);
  const dayPx = x(1) - x(0);
  const gap = dayPx >= 5 ? 2 : dayPx >= 2.5 ? 1 : 0;

  const last = course.at(-1);
  const marks = marksOf(view, { x, y, dayOf, now, span });
  return {
    line: line<Point>(px, py).curve(curveStepAfter)(steps) ?? "",
    area: area<Point>(px, FLOOR, py).curve(curveStepAfter)(steps) ?? "",
    forecast: line<Point>(px, py)(course) ?? "",
    levels: fewOf(y.ticks(3).filter(Number.isInteger)).map((credits) => ({
      y: y(credits),
      credits,
    })),
    days: days.map(({ used }, day) => ({
      x: x(day),
      width: dayPx,
      bar:
        used > 0
          ? { x: x(day) + gap / 2, width: dayPx - gap, height: Math.max(1, bar(used)) }
          : null,
    })),
    mostUsed,
    // Each below the middle of its day, where all of it can be read; today below the line of now.
    dates: dayTicks({
      first: 0,
      last: span - 0.5 - DATE_PX / 3 / dayPx,
      anchor: count - 1,
      dayPx,
      labelPx: DATE_PX,
    }).map((day) => ({ x: x(day === count - 1 ? now : day + 0.5), day })),
    now: { x: x(now), y: y(current), credits: current },
    end: last && last.credits === 0 && last.day > now ? { x: x(last.day) } : null,
    marks,
    hasRoomForName:
      right - x(now) >= NAME_PX &&
      marks.every((mark) => mark.is !== "expiring" || mark.y > TOP + 8 || mark.x < right - NAME_PX),
    right,
    dayAt(place) {
      const day = Math.floor(x.invert(place));
      return day >= 0 && day < count ? day : null;
    },
  };
}

/** Zero and the highest are always among them. */
function fewOf(levels: readonly number[]): readonly number[] {
  const isOneTooMany = levels.length > 3 && levels.length % 2 === 1;
  return isOneTooMany ? levels.filter((_, index) => index % 2 === 0) : levels;
}

interface Foreseen {
  readonly points: readonly Point[];
  readonly span: number;
}

/**
 * The forecast as far as it is drawn: twice as far ahead as back if something happens by then, and
 * otherwise as far as back. A little room is left behind its end.
 */
function foreseen(
  { points }: ForecastView,
  { now, count, dayOf }: { now: number; count: number; dayOf: (at: string) => number },
): Foreseen {
  const all = points.map(({ at, available }) => ({
    day: Math.max(now, dayOf(at)),
    credits: available,
  }));
  const happens = all.findLast(({ day }) => day > now && day - now <= 2 * count);
  const ahead = happens ? Math.max(count / 4, (happens.day - now) * 1.08) : count / 2;
  const span = now + ahead;
  const within = all.filter(({ day }) => day <= span);
  const [before, beyond] = [within.at(-1), all[within.length]];
  if (before === undefined || beyond === undefined) return { points: within, span };
  const share = (span - before.day) / (beyond.day - before.day);
  const credits = before.credits + share * (beyond.credits - before.credits);
  return { points: [...within, { day: span, credits }], span };
}

const NAME_PX = 120;
const MARK_PX = 44;
const EXPIRING_PX = 64;

/** Each on top of its step; one that would stand in another's way is left to the table. */
function marksOf(
  { days, balanceAtStart, forecast }: UsageView,
  at: {
    readonly x: (day: number) => number;
    readonly y: (credits: number) => number;
    readonly dayOf: (at: string) => number;
    readonly now: number;
    readonly span: number;
  },
): Mark[] {
  const { x, y } = at;
  const past = days.flatMap(({ added, expired, balanceAtEnd }, day): Mark[] => {
    const before = days[day - 1]?.balanceAtEnd ?? balanceAtStart;
    const top = y(Math.max(before, balanceAtEnd)) - 8;
    const anchor = "middle";
    if (added > 0) return [{ x: x(day + 0.5), y: top, credits: added, is: "added", anchor }];
    return expired > 0 ? [{ x: x(day), y: top, credits: expired, is: "expired", anchor }] : [];
  });
  const ahead = forecast.expiring.flatMap(({ at: instant, credits }): Mark[] => {
    const day = at.dayOf(instant);
    const before = forecast.points.find((point) => point.at === instant)?.available ?? 0;
    if (day > at.span) return [];
    // Where the line falls, there is room behind it; at the edge, above it.
    const isAtEdge = x(at.span) - x(day) < EXPIRING_PX;
    const [place, above] = isAtEdge ? [x(at.span), 8] : [x(day) + 5, -4];
    const anchor = isAtEdge ? "end" : "start";
    return [{ x: place, y: y(before) - above, credits, is: "expiring", anchor }];
  });
  const marks: Mark[] = [];
  for (const mark of [...past, ...ahead]) {
    const taken = [marks.at(-1)?.x, x(at.now)];
    if (taken.every((place) => place === undefined || Math.abs(mark.x - place) >= MARK_PX))
      marks.push(mark);
  }
  return marks;
}
