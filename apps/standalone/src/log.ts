/** JSON lines on standard output for machines; the same, readable, where a person looks at a terminal. */
import { logOptions } from "@scanmeter/edge";
import { type Logger, pino } from "pino";
import pretty from "pino-pretty";

export function openLog({ level, isTerminal }: { level: string; isTerminal: boolean }): Logger {
  const options = { ...logOptions, level, base: null };
  if (!isTerminal) return pino(options);
  return pino(options, pretty({ sync: true, translateTime: "HH:MM:ss" }));
}
