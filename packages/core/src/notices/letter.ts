import type { Letter, LetterPart } from "../documents/letter.ts";
import type { Notice, Told } from "./notice.ts";
import { noticeWords } from "./words.ts";

export interface LetterPlace {
  readonly timeZone: string;
  /** Whose account it is about: one person may have mail about several. */
  readonly accountName: string;
  /** Where people reach the web app; null when that is not known, and the mail links nowhere. */
  readonly site: string | null;
}

/** Its link leads through the account it is about, because whoever follows it may act for another one. */
export function noticeLetter(
  notice: Told & Pick<Notice, "accountId">,
  { timeZone, accountName, site }: LetterPlace,
): Letter {
  const { title, text, table, action } = noticeWords(notice, { timeZone });
  const through = `/switch/${notice.accountId}?to=${action.path}`;
  const link: LetterPart[] =
    site === null ? [] : [{ is: "link", label: action.label, url: new URL(through, site).href }];
  return {
    subject: title,
    parts: [
      { is: "words", text },
      ...(table === null ? [] : [{ is: "table", ...table } as const]),
      ...link,
      {
        is: "words",
        text: `This is about the account ${accountName}. Which notices are mailed to you can be changed in the app.`,
      },
    ],
  };
}
