/** Puts work that is better begun now than by the next sweep into the payments queue. */
import { jobIdForGatewayEvent, paymentJobNames, type TopUpWakeUp } from "@scanmeter/contracts/jobs";
import type { Wake } from "@scanmeter/operations";
import type { SendUnwaited } from "./unwaited.ts";
import type { QueuedJob, WakeUps } from "./wake-ups.ts";

export interface WakerDeps {
  readonly wakeUps: Pick<WakeUps<TopUpWakeUp>, "add">;
  readonly send: SendUnwaited;
}

export function makeWake({ wakeUps, send }: WakerDeps): (work: Wake) => void {
  const jobFor = (work: Wake): QueuedJob => {
    switch (work.about) {
      case "gateway_event": {
        const data = { eventId: work.eventId };
        return { name: paymentJobNames.gatewayEvent, data, id: jobIdForGatewayEvent(data) };
      }
      case "mail":
        // No id: one that is being done now may have passed by the mail this is about.
        return { name: paymentJobNames.sendMails, data: {} };
    }
  };
  return (work) => send("payment", () => wakeUps.add(jobFor(work)));
}
