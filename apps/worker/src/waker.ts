/** Puts work that is better begun now than by the next sweep into the payments queue. */
import {
  type AccountWakeUp,
  jobIdForGatewayEvent,
  paymentJobNames,
  TURN_OF_MAILS,
  turnOfLook,
} from "@scanmeter/contracts/jobs";
import type { Wake } from "@scanmeter/operations";
import type { JobQueue } from "./job-queue.ts";
import type { SendUnwaited } from "./unwaited.ts";
import type { WakeUps } from "./wake-ups.ts";

type AccountWakeUps = WakeUps<AccountWakeUp>;

export interface WakerDeps {
  readonly queue: Pick<JobQueue, "add">;
  readonly looks: Pick<AccountWakeUps, "arm" | "soon">;
  readonly renewals: Pick<AccountWakeUps, "arm" | "disarm">;
  readonly writeOffs: Pick<AccountWakeUps, "arm">;
  readonly send: SendUnwaited;
}

export function makeWake(deps: WakerDeps): (work: Wake) => void {
  const { queue, looks, renewals, writeOffs, send } = deps;
  return (work) => {
    switch (work.about) {
      case "gateway_event": {
        const data = { eventId: work.eventId };
        const job = { name: paymentJobNames.gatewayEvent, data, id: jobIdForGatewayEvent(data) };
        return send("payment", () => queue.add([job]));
      }
      case "mail": {
        const job = { name: paymentJobNames.sendMails, data: {}, turn: TURN_OF_MAILS };
        return send("payment", () => queue.add([job]));
      }
      case "look": {
        const data = { accountId: work.accountId };
        const job = { name: paymentJobNames.accountLook, data, turn: turnOfLook(data) };
        return send("payment", () => queue.add([job]));
      }
      case "look_at": {
        const soon = looks.soon([work]);
        return soon.length === 0 ? undefined : send("payment", () => looks.arm(soon));
      }
      case "renewal": {
        const { accountId, dueAt, before } = work;
        if (before === dueAt) return;
        if (before !== null) send("payment", () => renewals.disarm([{ accountId, dueAt: before }]));
        if (dueAt !== null) send("payment", () => renewals.arm([{ accountId, dueAt }]));
        return;
      }
      case "write_off":
        return send("payment", () => writeOffs.arm([work]));
    }
  };
}
