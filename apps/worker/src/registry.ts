/** Which job is done by whom. The compiler checks it against the names in contracts. */
import { jobNames, paymentJobNames } from "@scanmeter/contracts/jobs";
import type { Job } from "bullmq";
import { accountLook } from "./jobs/account-look.ts";
import type { JobDeps, PaymentJobDeps } from "./jobs/deps.ts";
import { gatewayEvent } from "./jobs/gateway-event.ts";
import { mailDue } from "./jobs/mail-due.ts";
import { paymentsSweep } from "./jobs/payments-sweep.ts";
import { scanDue } from "./jobs/scan-due.ts";
import { sweep } from "./jobs/sweep.ts";
import { topUpDue } from "./jobs/top-up-due.ts";
import { writeOff } from "./jobs/write-off.ts";
import { MalformedJob } from "./retries.ts";

type NamesOf<Names> = Names[keyof Names] & string;
type Handler<Deps> = (payload: unknown, deps: Deps) => Promise<void>;
type Handlers<Names, Deps> = Readonly<Record<NamesOf<Names>, Handler<Deps>>>;

const meteringHandlers: Handlers<typeof jobNames, JobDeps> = {
  [jobNames.scanDue]: scanDue,
  [jobNames.sweep]: sweep,
};

const paymentHandlers: Handlers<typeof paymentJobNames, PaymentJobDeps> = {
  [paymentJobNames.gatewayEvent]: gatewayEvent,
  [paymentJobNames.topUpDue]: topUpDue,
  [paymentJobNames.accountLook]: accountLook,
  [paymentJobNames.writeOff]: writeOff,
  [paymentJobNames.sendMails]: mailDue,
  [paymentJobNames.sweep]: paymentsSweep,
};

/** The jobs of one queue, ready to be done. */
export interface Jobs {
  has(name: string): boolean;
  run(job: Pick<Job, "name" | "data">): Promise<void>;
}

export const meteringJobs = (deps: JobDeps): Jobs => jobsOf(meteringHandlers, deps);
export const paymentJobs = (deps: PaymentJobDeps): Jobs => jobsOf(paymentHandlers, deps);

function jobsOf<Deps>(handlers: Readonly<Record<string, Handler<Deps>>>, deps: Deps): Jobs {
  return {
    has: (name) => Object.hasOwn(handlers, name),
    async run({ name, data }) {
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
      if (handler === undefined) throw new MalformedJob(`There is no job "${name.slice(0, 50)}".`);
      await handler(data, deps);
    },
  };
}
