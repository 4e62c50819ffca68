/** The process that asks, so that what it costs is not counted among what it measures. */
import { closedLoop, openLoop } from "../load/loops.ts";
import { type Command, requestMaker } from "../load/requests.ts";
import { answerTo, cpuMicros } from "../program.ts";

const makers = new Map<string, () => string>();

const answers = {
  /** Commands are handed over once; each run goes on where the last one stopped. */
  prepare({ name, path, commands }: { name: string; path: string; commands: Command[] }) {
    makers.set(name, requestMaker(path, commands));
  },
  closed: ({ name, ...load }: { name: string; port: number; callers: number; seconds: number }) =>
    closedLoop(makerOf(name), load),
  open: ({ name, ...load }: { name: string; port: number; perSecond: number; seconds: number }) =>
    openLoop(makerOf(name), load),
  cpuMicros,
};
export type HttpLoadAnswers = typeof answers;

function makerOf(name: string): () => string {
  const maker = makers.get(name);
  if (maker === undefined) throw new Error(`Nobody prepared ${name}.`);
  return maker;
}

answerTo(answers);
