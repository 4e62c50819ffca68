/** What a purchase did, line by line: what was bought for how much, and which dates it moved. */
import type { TopUpView } from "@scanmeter/contracts/checkout";
import { creditsInWords } from "../../format/credits.ts";
import { instantWithZone, type Place, shortInstant } from "../../format/instants.ts";
import { formatMoney } from "../../format/money.ts";

type Purchase = Pick<TopUpView, "credits" | "money" | "receipt">;

/** Nothing before it is paid. */
export function receiptInWords({ credits, money, receipt }: Purchase, place: Place): string[] {
  if (receipt === null) return [];
  const { locale } = place;
  const day = (iso: string) => shortInstant(Date.parse(iso), place);
  const until = instantWithZone(Date.parse(receipt.newExpiresAt), place);
  const bought = creditsInWords(credits, locale);
  const total = formatMoney(money.totalMinor, money.currency, locale);
  const earlier = receipt.lots.flatMap((lot) => {
    if (lot.oldExpiresAt === null) return [];
    const what = creditsInWords(lot.credits, locale);
    const isOne = lot.credits === 1;
    const [from, to] = [day(lot.oldExpiresAt), day(lot.newExpiresAt)];
    const wasOver = Date.parse(lot.oldExpiresAt) <= Date.parse(receipt.paidAt);
    return wasOver
      ? `${what} that expired on ${from} ${isOne ? "is" : "are"} back, until ${to}.`
      : `${what} you had before ${isOne ? "moves" : "move"} from ${from} to ${to}.`;
  });
  return [
    `${total} bought ${bought}, which ${credits === 1 ? "expires" : "expire"} on ${until}.`,
    ...(receipt.debtRepaid > 0
      ? [`${creditsInWords(receipt.debtRepaid, locale)} went to hours that were owed.`]
      : []),
    ...earlier,
  ];
}
