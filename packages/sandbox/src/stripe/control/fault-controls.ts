import { faultKinds } from "../faults/fault-rules.ts";
import type { Control } from "./control.ts";

export const faultControls: readonly Control[] = [
  {
    method: "GET",
    path: "/faults",
    does: "lists the faults and how many calls each has seen",
    run: ({ faults }) => faults.list(),
  },
  {
    method: "POST",
    path: "/faults",
    does: `makes calls go wrong; kinds: ${faultKinds.join(", ")}`,
    fields: ["method", "path", "phase", "kind", "skip", "times", "ms", "shouldRetry"],
    run: ({ faults }, body) =>
      faults.add({
        method: body.text("method", "*").toLowerCase(),
        path: body.text("path", "*"),
        phase: body.oneOf("phase", ["before", "after"], "before"),
        kind: body.oneOf("kind", faultKinds),
        skip: body.number("skip", 0),
        // Once, unless said otherwise; `times: 0` stands for every time.
        times: body.number("times", 1) || null,
        ms: body.number("ms", 1000),
        shouldRetry: body.flag("shouldRetry"),
      }),
  },
  {
    method: "DELETE",
    path: "/faults",
    does: "removes all faults",
    run: ({ faults }) => faults.clear(),
  },
  {
    method: "DELETE",
    path: "/faults/*",
    does: "removes one fault",
    run: ({ faults }, _, id) => faults.clear(id),
  },
  {
    method: "GET",
    path: "/calls",
    does: "lists the newest calls of the API, oldest first",
    run: ({ calls }) => calls.list(),
  },
];
