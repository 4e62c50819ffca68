/** The floor of a wake-up: delayed jobs of the bare queue library, whose handler only notes how late it is. */
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { answerTo } from "../program.ts";

const QUEUE = "{bare}";
const ADDED_AT_ONCE = 500;
/** As many at a time as the product takes. */
const CONCURRENCY = 100;

let close = async () => {};
const late: number[] = [];

const answers = {
  async open({ redisUrl, dueAt }: { redisUrl: string; dueAt: readonly number[] }) {
    const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
    const queue = new Queue<{ dueAt: number }>(QUEUE, { connection });
    for (let from = 0; from < dueAt.length; from += ADDED_AT_ONCE) {
      await queue.addBulk(
        dueAt.slice(from, from + ADDED_AT_ONCE).map((at) => ({
          name: "due",
          data: { dueAt: at },
          opts: { delay: Math.max(0, at - Date.now()), removeOnComplete: true },
        })),
      );
    }
    const worker = new Worker<{ dueAt: number }>(
      QUEUE,
      async (job) => {
        late.push(Date.now() - job.data.dueAt);
      },
      { connection: new Redis(redisUrl, { maxRetriesPerRequest: null }), concurrency: CONCURRENCY },
    );
    close = async () => {
      await worker.close();
      await queue.close();
      connection.disconnect();
    };
  },
  lateness: () => [...late],
};
export type BareDelaysAnswers = typeof answers;

answerTo(answers, () => close());
