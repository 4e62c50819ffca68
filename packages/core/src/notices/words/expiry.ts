import { creditsWords } from "../../documents/words.ts";
import { settings } from "../../settings.ts";
import { after } from "../../units.ts";
import type { NoticeData, PlannedRenewal } from "../notice.ts";
import { buy, type Dates, hindranceWords, overview, verb, type WritersOf } from "./written.ts";

export const expiryWriters: WritersOf<"expiring" | "kept" | "written_off"> = {
  expiring(data, { exact }) {
    const { credits, expiresAt, days, kind, renewal } = data;
    const expire = verb(credits, "expires", "expire");
    const left = days === 1 ? "a day" : `${days} days`;
    const isSafe = renewal !== null && !renewal.isLate && renewal.hindrance === null;
    return {
      title: isSafe
        ? `${creditsWords(credits)} will be renewed before ${verb(credits, "it expires", "they expire")}`
        : `${creditsWords(credits)} ${expire} within ${left}`,
      sentences: [
        `${creditsWords(credits)} ${expire} on ${exact(expiresAt)}.`,
        ...(renewal === null ? [withoutRenewal[kind]] : renewalSentences(renewal, data, { exact })),
      ],
      action: isSafe ? overview : buy,
    };
  },

  kept: ({ credits, expiredAt, until }, { exact, day }) => ({
    title: `${creditsWords(credits)} can be brought back until ${day(until)}`,
    sentences: [
      `${creditsWords(credits)} reached ${verb(credits, "its", "their")} date, ${exact(expiredAt)}, and could not be renewed, so ${verb(credits, "it is", "they are")} kept for you but cannot be spent.`,
      `The next successful purchase brings ${verb(credits, "it", "them")} back, with a date ${settings.creditMonths} months on.`,
      `Without one ${verb(credits, "it is", "they are")} written off on ${exact(until)}.`,
    ],
    action: buy,
  }),

  written_off: ({ credits, writtenOffAt }, { exact }) => ({
    title: `${creditsWords(credits)} ${verb(credits, "was", "were")} written off`,
    sentences: [
      `No purchase brought ${verb(credits, "it", "them")} back in time, so ${creditsWords(credits)} that ${verb(credits, "was", "were")} kept for you ${verb(credits, "was", "were")} written off on ${exact(writtenOffAt)}.`,
    ],
    action: overview,
  }),
};

const withoutRenewal: Readonly<Record<NoticeData["expiring"]["kind"], string>> = {
  paid: `A purchase before then moves their date to ${settings.creditMonths} months after it.`,
  free: "They are free credits, which a purchase does not extend.",
};

function renewalSentences(
  { dueAt, isLate, hindrance }: PlannedRenewal,
  { credits, expiresAt }: NoticeData["expiring"],
  { exact }: Pick<Dates, "exact">,
): string[] {
  const they = verb(credits, "It", "They");
  const but = hindrance === null ? "" : `, but ${hindranceWords[hindrance]}`;
  if (!isLate && hindrance === null) {
    return [
      `${they} will be renewed on ${exact(dueAt)}: auto top-up buys credits then, which moves ${verb(credits, "its", "their")} date to ${settings.creditMonths} months after it.`,
    ];
  }
  const until = exact(after(expiresAt, settings.keptForMs));
  return [
    isLate
      ? `${they} should have been renewed on ${exact(dueAt)}${but === "" ? ", which has not worked so far" : but}.`
      : `${they} should be renewed on ${exact(dueAt)}${but}.`,
    `After ${verb(credits, "its", "their")} date ${verb(credits, "it", "they")} can be brought back by a purchase until ${until}.`,
  ];
}
