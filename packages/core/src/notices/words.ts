/** The words of a notice: the page and mail say the same, with dates in the account's time zone. */
import type { Told } from "./notice.ts";
import { automaticWriters } from "./words/automatic.ts";
import { balanceWriters } from "./words/balance.ts";
import { expiryWriters } from "./words/expiry.ts";
import { purchaseWriters } from "./words/purchases.ts";
import { scanWriters } from "./words/scans.ts";
import {
  datesIn,
  type NoticeAction,
  type NoticeTable,
  type WritersOf,
  type Written,
} from "./words/written.ts";

export interface NoticeWords {
  readonly title: string;
  readonly text: string;
  /** Row by row what does not fit a sentence; for mail, the pages show it where it belongs. */
  readonly table: NoticeTable | null;
  /** Where something can be done about it. */
  readonly action: NoticeAction;
}

const writers: WritersOf<Told["kind"]> = {
  ...balanceWriters,
  ...expiryWriters,
  ...purchaseWriters,
  ...automaticWriters,
  ...scanWriters,
};

export function noticeWords(
  { kind, data }: Told,
  { timeZone }: { readonly timeZone: string },
): NoticeWords {
  const write = writers[kind] as (data: unknown, dates: ReturnType<typeof datesIn>) => Written;
  const { title, sentences, table = null, action } = write(data, datesIn(timeZone));
  return { title, text: sentences.filter((one) => one !== null).join(" "), table, action };
}
