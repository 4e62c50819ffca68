import { jobIdForTopUpDue, paymentJobNames, type TopUpWakeUp } from "@scanmeter/contracts/jobs";
import type { BuyingOperations } from "./operations.ts";
import type { WakeUpKind } from "./wake-ups.ts";

/** The next steps of purchases that are under way; none where nothing can be bought. */
export function topUpWakeUps(
  buying: Pick<BuyingOperations, "listWakeUps"> | null,
): WakeUpKind<TopUpWakeUp> {
  return {
    idOf: jobIdForTopUpDue,
    jobOf: ({ accountId, topUpId }) => ({
      name: paymentJobNames.topUpDue,
      data: { accountId, topUpId },
    }),
    async list({ until, afterId, limit }) {
      if (buying === null) return { wakeUps: [], lastId: null };
      const page = await buying.listWakeUps({ until, afterTopUpId: afterId, limit });
      return { wakeUps: page.wakeUps, lastId: page.lastTopUpId };
    },
  };
}
