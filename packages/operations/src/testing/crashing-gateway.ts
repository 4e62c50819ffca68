import type { Gateway } from "../payments/gateway.ts";

/** The process died here, as far as whoever called can tell. */
export class Crash extends Error {
  override readonly name = "Crash";
}

export interface CrashingGateway {
  readonly gateway: Gateway;
  /** The process dies at the n-th call from now, before it goes out or after its answer came. */
  crashAt(call: number, when: "before" | "after"): void;
  calm(): void;
}

/**
 * A gateway whose caller can be made to die at any call. What was stored by then is all that is left,
 * which is what a killed process leaves.
 */
export function crashing(gateway: Gateway): CrashingGateway {
  let planned: { callsLeft: number; when: "before" | "after" } | null = null;
  const strikes = (when: "before" | "after") => planned?.callsLeft === 0 && planned.when === when;
  const strike = (name: string): never => {
    planned = null;
    throw new Crash(`The process died at ${name}.`);
  };
  const wrapped = Object.fromEntries(
    Object.entries(gateway).map(([name, call]) => {
      if (typeof call !== "function" || name === "verifyEvent") return [name, call];
      const method = call as (...args: unknown[]) => Promise<unknown>;
      const dying = async (...args: unknown[]) => {
        if (planned !== null) planned.callsLeft -= 1;
        if (strikes("before")) strike(name);
        const isLast = strikes("after");
        const answer = await method(...args);
        if (isLast) strike(name);
        return answer;
      };
      return [name, dying];
    }),
  ) as unknown as Gateway;
  return {
    gateway: wrapped,
    crashAt(call, when) {
      planned = { callsLeft: call, when };
    },
    calm() {
      planned = null;
    },
  };
}
