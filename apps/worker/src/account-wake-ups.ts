/** What falls due in accounts beside their scans and purchases. */
import {
  type AccountWakeUp,
  jobIdForLook,
  jobIdForRenewal,
  jobIdForWriteOff,
  paymentJobNames,
} from "@scanmeter/contracts/jobs";
import type { LookOperations } from "./operations.ts";
import type { WakeUpKind } from "./wake-ups.ts";

type AccountWakeUpKind = WakeUpKind<AccountWakeUp>;

/** The next looks at accounts. */
export function lookWakeUps({ listLooks }: Pick<LookOperations, "listLooks">): AccountWakeUpKind {
  return {
    idOf: jobIdForLook,
    jobOf: lookJob,
    async list({ until, afterId, limit }) {
      const page = await listLooks({ until, afterAccountId: afterId, limit });
      return { wakeUps: page.wakeUps, lastId: page.lastAccountId };
    },
  };
}

/** All armed renewals, however far away: whoever asked for one can see it wait. */
export function renewalWakeUps({
  listRenewals,
}: Pick<LookOperations, "listRenewals">): AccountWakeUpKind {
  return {
    idOf: jobIdForRenewal,
    jobOf: lookJob,
    async list({ afterId, limit }) {
      const page = await listRenewals({ afterAccountId: afterId, limit });
      return { wakeUps: page.wakeUps, lastId: page.lastAccountId };
    },
  };
}

/** The ends of credits that are kept past their date. */
export function writeOffWakeUps({
  listWriteOffs,
}: Pick<LookOperations, "listWriteOffs">): AccountWakeUpKind {
  return {
    idOf: jobIdForWriteOff,
    jobOf: ({ accountId }) => ({ name: paymentJobNames.writeOff, data: { accountId } }),
    async list({ afterId, limit }) {
      const page = await listWriteOffs({ afterAccountId: afterId, limit });
      return { wakeUps: page.wakeUps, lastId: page.lastAccountId };
    },
  };
}

const lookJob: AccountWakeUpKind["jobOf"] = ({ accountId }) => ({
  name: paymentJobNames.accountLook,
  data: { accountId },
});
