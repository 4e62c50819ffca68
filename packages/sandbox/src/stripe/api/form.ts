/** Form bodies and query strings with brackets, as Stripe reads them: `card[number]=1`, `types[0]=a`, `types[]=a`. */

export type Raw = string | RawObject;
export type RawObject = { [name: string]: Raw };

const DEPTH_MAX = 8;

export class BadForm extends Error {
  override readonly name = "BadForm";
}

export function parseForm(text: string): RawObject {
  const root = emptyObject();
  for (const [name, value] of new URLSearchParams(text)) put(root, stepsOf(name), value, name);
  return root;
}

function stepsOf(name: string): string[] {
  const head = name.split("[", 1)[0] ?? "";
  const tail = name.slice(head.length);
  if (!/^[^[\]]+$/.test(head) || !/^(\[[^[\]]*\])*$/.test(tail))
    throw new BadForm(`Invalid parameter: ${name}`);
  const steps = [head, ...[...tail.matchAll(/\[([^[\]]*)\]/g)].map(([, step]) => step ?? "")];
  if (steps.length > DEPTH_MAX) throw new BadForm(`Parameter is nested too deeply: ${name}`);
  return steps;
}

function put(root: RawObject, steps: readonly string[], value: string, name: string): void {
  let here = root;
  steps.slice(0, -1).forEach((step) => {
    here[keyFor(here, step)] ??= emptyObject();
    const next = here[keyFor(here, step)];
    if (typeof next !== "object") throw new BadForm(`Invalid parameter: ${name}`);
    here = next;
  });
  here[keyFor(here, steps.at(-1) ?? "")] = value;
}

// `a[]` appends; every other step is a name.
function keyFor(object: RawObject, step: string): string {
  return step === "" ? String(Object.keys(object).length) : step;
}

// Without a prototype, a parameter called `__proto__` is only a name.
function emptyObject(): RawObject {
  return Object.create(null) as RawObject;
}
