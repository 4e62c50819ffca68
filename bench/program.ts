/** The inside of a benchmark's program: it answers what its parent asks and ends when it is told or left alone. */
export interface Question {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

export type Reply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

// biome-ignore lint/suspicious/noExplicitAny: each program names the inputs of its own answers.
export type Answers = Record<string, (input: any) => unknown>;

export function answerTo(answers: Answers, stop: () => Promise<void> | void = () => {}): void {
  process.on("message", ({ id, name, input }: Question) => {
    if (name === "stop") return void end();
    void (async () => answers[name]?.(input))().then(
      (answer) => process.send?.({ id, answer } satisfies Reply),
      (error) => process.send?.({ id, error: String(error?.stack ?? error) } satisfies Reply),
    );
  });
  const end = async () => {
    await stop();
    process.exit(0);
  };
  process.once("disconnect", () => void end());
  // The terminal tells everybody at once; the parent decides the order.
  process.on("SIGINT", () => {});
}

/** One clock for all processes of a machine, in milliseconds; the wall clock may be set while we measure. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The CPU time this process has used, in microseconds. */
export function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Resident memory in bytes, without what the next collection would free. */
export function restingMemory(): number {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  gc?.();
  return process.memoryUsage().rss;
}
